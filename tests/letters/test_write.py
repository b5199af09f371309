"""After a run the folder holds the letters of the run, whole, and whatever else somebody put there."""

import json
from pathlib import Path

import pytest

from calm_pipeline.letters.case import Case
from calm_pipeline.letters.html import letter_html
from calm_pipeline.letters.json_twin import letter_json
from calm_pipeline.letters.write import write_letters
from tests.letters.examples import ALL, AMBIGUOUS, GATED, TWICE, UNKNOWN_OPTION, case, survey

OWN = {"index.html", "desk.xlsx"}


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_letter_its_twin_the_index_and_the_workbook_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "letters"
    written = write_letters(ALL, folder, survey())
    expected = OWN | {f"{one.submission_id}.{kind}" for one in ALL for kind in ("html", "json")}
    assert {file.name for file in written} == set(content(folder)) == expected
    assert (folder / "2023-0017.html").read_text(encoding="utf-8") == letter_html(GATED)
    assert (folder / "2023-0017.json").read_text(encoding="utf-8") == letter_json(GATED)


def test_the_same_cases_give_the_same_bytes_in_whatever_order(tmp_path: Path) -> None:
    write_letters(ALL, tmp_path / "a", survey())
    write_letters(ALL[::-1], tmp_path / "b", survey())
    before = content(tmp_path / "a")
    write_letters(ALL, tmp_path / "a", survey())
    assert before == content(tmp_path / "a") == content(tmp_path / "b")


def test_letters_of_what_is_settled_go_and_the_others_follow_their_case(tmp_path: Path) -> None:
    write_letters(ALL, tmp_path, survey())
    changed = case(consequence=AMBIGUOUS.title)
    write_letters((changed, TWICE), tmp_path, survey())
    assert set(content(tmp_path)) == OWN | {f"2023-{n}.{kind}" for n in ("0017", "0101") for kind in ("html", "json")}
    assert (tmp_path / "2023-0017.html").read_text(encoding="utf-8") == letter_html(changed)
    write_letters((), tmp_path, survey())
    assert set(content(tmp_path)) == OWN
    assert "There is nothing to do at present." in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_nothing_that_somebody_else_put_there_is_touched(tmp_path: Path) -> None:
    letter, twin = letter_html(GATED), letter_json(GATED)
    others = {
        "2023-0017 sent.html": letter,
        "2023-0017 sent.json": twin,
        "2023-0099.html": "<!doctype html><p>our own notes",
        "2023-0098.json": json.dumps({"format": "notes", "submission_id": "2023-0098"}),
        "2023-0097.txt": letter,
        ".2023-0017.html": letter,
        "2023-0096.json": "\udcff",
    }
    for name, text in others.items():
        (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    elsewhere = tmp_path.with_name("kept.html")
    elsewhere.write_text(letter_html(AMBIGUOUS), encoding="utf-8")
    (tmp_path / "2023-0063.html").symlink_to(elsewhere)
    (tmp_path / "2023-0042.html").mkdir()
    before = {file.name: file.is_dir() or file.read_bytes() for file in tmp_path.iterdir()}
    write_letters((TWICE,), tmp_path, survey())
    write_letters((), tmp_path, survey())
    after = {file.name: file.is_dir() or file.read_bytes() for file in tmp_path.iterdir() if file.name not in OWN}
    assert after == before


@pytest.mark.parametrize(
    "cases",
    [
        (GATED, GATED),
        *(
            (UNKNOWN_OPTION, case(submission_id=one))
            for one in ("../2023-0017", "a/b", "", ".hidden", "index", "2023\n", "二")
        ),
    ],
)
def test_ids_that_cannot_name_one_file_each_are_refused_before_anything_is_written(
    tmp_path: Path, cases: tuple[Case, ...]
) -> None:
    with pytest.raises(ValueError, match=r"same submission|submission id") as refused:
        write_letters(cases, tmp_path / "letters", survey())
    assert "2023-0017" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_halfway_leaves_whole_files_and_no_drafts(tmp_path: Path) -> None:
    write_letters(ALL, tmp_path, survey())
    before = content(tmp_path)
    (tmp_path / "desk.xlsx").unlink()
    (tmp_path / "desk.xlsx").mkdir()
    with pytest.raises(OSError, match=r"desk\.xlsx"):
        write_letters(ALL, tmp_path, survey())
    (tmp_path / "desk.xlsx").rmdir()
    assert content(tmp_path) == {name: held for name, held in before.items() if name != "desk.xlsx"}
