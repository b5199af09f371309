"""A person is erased from every kind of file, and nothing else changes: neither figures nor anybody else's data."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlwt

from calm_pipeline.errors import CalmError
from calm_pipeline.exports.grid import Grid, parse
from calm_pipeline.exports.masking import WITHHELD_NAME
from calm_pipeline.exports.surround import NOTHING, Surround
from calm_pipeline.exports.writer import table
from calm_pipeline.persons import erase as steps
from calm_pipeline.persons import files as module
from calm_pipeline.persons.erase import Done, erase, telling
from calm_pipeline.persons.held import held, matching, same_person
from calm_pipeline.persons.mentions import mentions
from calm_pipeline.persons.retain import expire_all
from calm_pipeline.project import Project
from calm_pipeline.store import load
from calm_pipeline.vault.keys import Keys
from calm_pipeline.vault.scan import holding
from calm_pipeline.vintages import current
from tests.persons.edition import (
    ADDRESS,
    AGAIN,
    ALL,
    EDITION,
    KEPT,
    KEY,
    MOBILE,
    NAME,
    NEXT,
    OTHER,
    OTHERS,
    PERSON,
    SECRETS,
    SILENT,
    hand_in,
    ingest,
    killed_while_writing,
    project_in,
    submission,
)  # fmt: skip
from tests.vintages.small import frames, put, write


def here(path: Path, _limits: None = None, around: Surround = NOTHING) -> Grid:
    return parse(path.read_bytes(), path.name, around)


LEFT = "left-by-a-killed-writer"
NOW = datetime(2031, 1, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key; and files are read in this process, since the child of the reader has tests of its own."""
    monkeypatch.setenv("CALM_KEY", KEY)
    for reading in ("calm_pipeline.exports.reader", "calm_pipeline.persons.files"):
        monkeypatch.setattr(f"{reading}.read_grid", here)


def gone(project: Project, value: str = MOBILE) -> Done:
    everybody = [one for edition in project.root.editions for one in held(project, edition).respondents.values()]
    return erase(project, same_person(everybody, matching(everybody, value)), "request", NOW)


def old_xls(project: Project) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for row, cells in enumerate(table(project.survey(EDITION), ALL, "text")):
        for column, value in enumerate(cells):
            number = int(value) if str(value).isdecimal() else value
            sheet.write(row, column, number)
    out = io.BytesIO()
    book.save(out)
    (project.root.raw(EDITION) / "a.xls").write_bytes(out.getvalue())


def extra_column(project: Project) -> None:
    file = hand_in(project, "a.csv")
    header, *rows = file.read_text(encoding="utf-8-sig").splitlines()
    named = [f"{row},{'微信昵称甲' if MOBILE in row and NAME in row else '乙'}" for row in rows if row]
    file.write_text("\n".join([f"{header},微信昵称", *named, ""]), encoding="utf-8")


def both_kinds(project: Project) -> None:
    hand_in(project, "a_按文本.xlsx")
    hand_in(project, "a_按序号.xlsx", "number")


FILES: dict[str, Callable[[Project], object]] = {
    "csv": lambda project: hand_in(project, "a.csv"),
    "gb18030": lambda project: hand_in(project, "a.csv", encoding="gb18030"),
    "utf16": lambda project: hand_in(project, "a.csv", encoding="utf-16"),
    "xlsx": lambda project: hand_in(project, "a.xlsx"),
    "by_number": lambda project: hand_in(project, "a.csv", "number"),
    "joined_blanks": lambda project: hand_in(project, "a.xlsx", dialect="joined_blanks"),
    "both": both_kinds,
    "xls": old_xls,
    "extra": extra_column,
}


@pytest.mark.parametrize("kind", FILES)
def test_a_person_is_erased_and_nothing_else(kind: str, tmp_path: Path) -> None:
    project = project_in(tmp_path)
    FILES[kind](project)
    before = ingest(project)
    (raw, *_) = project.root.exports(EDITION)
    cells = here(raw).rows.to_pylist()
    assert holding(project.root.raw(EDITION), [NAME])
    done = gone(project)
    assert done.submissions == ["2030-0003", "2030-0004"]
    assert done.left == []
    assert holding(project.root.path, SECRETS) == []
    assert [holding(project.root.raw(EDITION), [text]) for text in KEPT] == [project.root.exports(EDITION)] * len(KEPT)
    after = ingest(project)
    frames = [found.raw.drop_columns(["respondent", "file"]) for found in (before, after)]
    assert frames[0].equals(frames[1])
    pseudonyms = [found.raw["respondent"].to_pylist() for found in (before, after)]
    assert pseudonyms[0][0] == pseudonyms[0][1] is not None
    assert pseudonyms[1] == [None, None, *pseudonyms[0][2:]]
    (file, *_) = project.root.exports(EDITION)
    changed = [n for n, (old, new) in enumerate(zip(cells, here(file).rows.to_pylist(), strict=True)) if old != new]
    assert changed == [0, 1, 2]  # the third wrote the number into a text
    vault = held(project, EDITION).places[f"data/vault/{EDITION}"]
    assert sorted(vault) == ["2030-0005", "2030-0006"]
    assert vault["2030-0005"].answers == {"name": OTHER, "mobile": OTHERS.answers["mobile"]}


def test_done_again_it_changes_nothing(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.xlsx")
    ingest(project)
    assert gone(project).written
    before = {file: file.read_bytes() for file in project.root.path.rglob("*") if file.is_file()}
    ingest(project)
    assert gone(project).written == []
    assert {file: file.read_bytes() for file in project.root.path.rglob("*") if file.is_file()} == before


def test_a_person_is_erased_from_all_editions_and_the_number_from_texts_of_others(tmp_path: Path) -> None:
    project = project_in(tmp_path, EDITION, NEXT)
    hand_in(project, "a.csv", who=(PERSON,))
    hand_in(project, "b.csv", edition=NEXT, who=(OTHERS, AGAIN))
    for edition in (EDITION, NEXT):
        ingest(project, edition)
    assert gone(project, NAME).submissions == ["2030-0003", "2031-0004"]
    assert holding(project.root.path, SECRETS) == []
    assert held(project, NEXT).respondents["2031-0005"].withheld == {}


def test_the_same_export_downloaded_again_brings_nobody_back(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    file = hand_in(project, "a.csv")
    ingest(project)
    downloaded = file.read_bytes()
    gone(project)
    file.write_bytes(downloaded)
    again = ingest(project)
    assert again.raw["respondent"].to_pylist()[:2] == [None, None]
    said = {row["remark"]: row["sentence_en"] for row in again.remarks.to_pylist()}
    assert "2030-0003, 2030-0004" in said["holds_erased"]
    assert holding(project.root.path, [NAME]) == [file]
    assert sorted(held(project, EDITION).places[f"data/vault/{EDITION}"]) == ["2030-0005", "2030-0006"]
    gone(project)
    assert holding(project.root.path, SECRETS) == []


@pytest.mark.parametrize("stops", ["rewritten", "check_same", "_vault", "_tables"])
def test_an_erasure_cut_off_is_finished_by_the_next(
    stops: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_in(tmp_path)
    both_kinds(project)
    ingest(project)
    everybody = list(held(project, EDITION).respondents.values())
    wanted = same_person(everybody, matching(everybody, "2030-0004"))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(steps if stops.startswith("_") else module, stops, killed)
        with pytest.raises(KeyboardInterrupt):
            erase(project, wanted, "request", NOW)
    assert not list(project.root.raw(EDITION).glob(".*"))
    assert erase(project, wanted, "request", NOW).left == []
    assert holding(project.root.path, SECRETS) == []
    assert len(project.received(EDITION).raw) == len(ALL)


def test_what_killed_writers_left_is_erased_too(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    root = project.root
    places = (project.vault(EDITION, Keys((b"1" * 32,))).file, root.vault("1999") / "a.vault", root.erasures)
    for file in (*places, root.raw(EDITION) / ".erasing" / "a.csv", project.file("raw_submissions", EDITION)):
        killed_while_writing(file, LEFT)
    gone(project, OTHER)
    assert holding(root.path, [LEFT]) == []


def test_an_old_workbook_is_removed_by_the_next_erasure_if_the_first_was_killed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_in(tmp_path)
    old_xls(project)
    ingest(project)
    old, new = (project.root.raw(EDITION) / name for name in ("a.xls", "a.xlsx"))
    unlink = Path.unlink

    def killed(path: Path, missing_ok: bool = False) -> None:
        if path == old:
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            gone(project)
    assert (old.exists(), new.exists()) == (True, True)
    assert gone(project).left == []
    assert project.root.exports(EDITION) == [new]
    assert holding(project.root.path, SECRETS) == []
    assert len(project.received(EDITION).raw) == len(ALL)


def test_another_workbook_of_that_name_is_not_overwritten(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    old_xls(project)
    other = hand_in(project, "a.xlsx", who=(OTHERS, SILENT))
    before = {file: file.read_bytes() for file in project.root.exports(EDITION)}
    with pytest.raises(CalmError, match=r"a\.xls still holds the person.* give a\.xlsx another name") as error:
        gone(project)
    assert error.value.code == "xlsx_there"
    assert {file: file.read_bytes() for file in project.root.exports(EDITION)} == before
    other.rename(other.with_name("b.xlsx"))
    gone(project)
    assert holding(project.root.raw(EDITION), SECRETS) == []


def test_what_was_killed_while_a_table_was_put_in_order_is_erased_too(tmp_path: Path) -> None:
    """The second draft, and the folder that Spark fills; the killed process is one that writes rows out of order."""
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    file = project.file("raw_submissions", EDITION)
    program = (
        "import os, pathlib, sys; from calm_pipeline import store; from calm_pipeline.project import Project, Root;"
        "project = Project(Root(pathlib.Path(sys.argv[1]))); found = project.received(sys.argv[2]).raw[::-1];"
        "os.replace = lambda *_: os.kill(os.getpid(), 9); contract = project.contract('raw_submissions', sys.argv[2]);"
        "store.write(found.to_reader(), contract, project.file('raw_submissions', sys.argv[2]))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(project.root.path), EDITION], check=False)
    assert done.returncode == -9
    assert [*file.parent.rglob(".*/*.ordered")]
    parts = file.with_name(f".{file.name}.4711.parts")
    parts.mkdir()
    (parts / "part-0.parquet").write_text(LEFT, encoding="utf-8")
    gone(project, OTHER)
    assert [*file.parent.iterdir()] == []


def test_a_file_that_cannot_be_read_is_named_before_anything_changes(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    everybody = list(held(project, EDITION).respondents.values())
    (project.root.raw(EDITION) / "b.xlsx").write_bytes(b"PK broken")
    with pytest.raises(CalmError, match=r"b\.xlsx"):
        erase(project, everybody, "request", NOW)
    assert not project.root.erasures.exists()
    assert holding(project.root.path, [NAME])


def test_a_file_that_would_be_read_otherwise_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = project_in(tmp_path)
    file = hand_in(project, "a.csv")
    before = file.read_bytes()
    swapped = before.replace("微信".encode(), "网页".encode())
    monkeypatch.setattr(module, "rewritten", lambda *_: swapped)
    with pytest.raises(CalmError) as error:
        gone(project)
    assert error.value.code == "not_rewritten"
    monkeypatch.setattr(module, "check_same", lambda *_: None)
    monkeypatch.setattr(module, "rewritten", lambda *_: before.replace("多开门".encode(), "少开门".encode()))
    with pytest.raises(CalmError) as error:
        gone(project)
    assert error.value.code == "read_otherwise"
    assert file.read_bytes() == before


def test_what_a_person_must_look_at_is_named(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    notes = project.root.raw(EDITION) / "notes.md"
    notes.write_text(f"{NAME}来电", encoding="utf-8")
    assert gone(project).left == [notes]


@pytest.mark.parametrize("value", [MOBILE, "+86 138-1234-5678", NAME, "欧阳 泽楷", ADDRESS, "2030-0003", " 2030-0003 "])
def test_whom_a_value_means(value: str, tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    everybody = held(project, EDITION).respondents.values()
    found = {one.submission_id for one in same_person(everybody, matching(everybody, value))}
    assert found == {"2030-0003", "2030-0004"}


def test_each_name_of_a_cell_means_who_gave_it_and_is_looked_for(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv", who=(submission(3, "王小明馆长/鲁班", MOBILE, ADDRESS),))
    everybody = held(project, EDITION).respondents.values()
    for value in ("王小明", "鲁 班", "王小明馆长/鲁班"):
        assert [one.submission_id for one in matching(everybody, value)] == ["2030-0003"]
    assert {"王小明", "鲁班"} <= telling(everybody, [])


@pytest.mark.parametrize(
    "value", ["", " ", "1381234567", "泽楷", "203.0.113", "2030-00", "(空)", "微信", "3.example.org"]
)
def test_a_part_of_a_value_means_nobody(value: str, tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    assert matching(held(project, EDITION).respondents.values(), value) == []


def test_a_name_that_another_wrote_goes_with_the_person(tmp_path: Path) -> None:
    """From the export, the workbench and what was published; the rest of the text stays, and what others are called."""
    project = project_in(tmp_path)
    said = f"可问{NAME[:2]} {NAME[2:]}老师或{NAME}"
    colleague = replace(OTHERS, answers={**OTHERS.answers, "advice": said, "channels": {"other": f"找{NAME}"}})
    hand_in(project, "a.csv", who=(PERSON, AGAIN, colleague, SILENT))
    before = ingest(project).raw
    assert before["advice"].to_pylist()[2] == said
    tables = frames(EDITION, "one")
    tables["submissions"]["respondent"] = None
    tables["selections"].loc[2, "question"] = said
    write(project.root, EDITION, tables)
    put(project.root, EDITION)
    assert gone(project).left == []
    assert holding(project.root.path, SECRETS) == []
    mended = f"可问{WITHHELD_NAME}老师或{WITHHELD_NAME}"
    stored = load(project.file("raw_submissions", EDITION))
    (export,) = held(project, EDITION).exports.values()
    assert stored["advice"].to_pylist()[2] == export.table["advice"].to_pylist()[2] == mended
    assert stored["channels"].to_pylist()[2] == f"其他（请注明）〖找{WITHHELD_NAME}〗"
    now = current(project.root)
    assert now is not None
    assert now.manifest.rewritten
    assert mended in now.table("selections", EDITION)["question"].to_pylist()
    with now.connect() as database:
        assert database.execute("SELECT count(*) FROM selections WHERE question = ?", [mended]).fetchone() == (1,)


def test_one_who_comes_back_is_erased_again_out_of_the_texts_of_others_and_hinders_nobody_elses_erasure(
    tmp_path: Path,
) -> None:
    project = project_in(tmp_path)
    colleague = replace(OTHERS, answers={**OTHERS.answers, "advice": f"感谢{NAME}馆员"})
    third = submission(7, "李国庆", "13700000001", "203.0.113.7")
    file = hand_in(project, "a.csv", who=(PERSON, colleague, third))
    downloaded = file.read_bytes()
    ingest(project)
    gone(project)
    file.write_bytes(downloaded)
    ingest(project)
    assert gone(project, "2030-0007").left == []
    assert holding(project.root.path, [NAME, MOBILE]) == []
    file.write_bytes(downloaded)
    assert expire_all(project, NOW.replace(year=2031))[EDITION].written
    assert holding(project.root.raw(EDITION), [NAME, MOBILE]) == []


def test_a_name_that_is_a_word_of_the_questionnaire_or_of_two_characters_is_looked_for_in_no_text(
    tmp_path: Path,
) -> None:
    project = project_in(tmp_path)
    people = [replace(PERSON, answers={**PERSON.answers, "name": name}) for name in ("王明", "图书馆", "王小明馆长")]
    file = hand_in(project, "a.csv", who=(*(replace(one, sequence=n) for n, one in enumerate(people, 1)), OTHERS))
    found = held(project, EDITION).respondents.values()
    survey = project.survey(EDITION)
    assert mentions(found, [survey]).names == ("司马相如", "王小明")
    worded = survey.model_copy(deep=True)
    worded.questions["channels"].options["site"].__dict__["zh"] = "王小明的网站"
    assert mentions(found, [worded]).names == ("司马相如",)
    assert file.exists()


def test_what_is_looked_for_afterwards_is_the_name_without_blanks_around_it(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv", who=(replace(PERSON, answers={**PERSON.answers, "name": f" {NAME} "}), OTHERS))
    ingest(project)
    (project.root.raw(EDITION) / "note.txt").write_text(f"感谢{NAME}", encoding="utf-8")
    assert gone(project).left == [project.root.raw(EDITION) / "note.txt"]


def test_a_library_named_after_the_person_keeps_its_name_and_is_told(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    named_after = replace(OTHERS, answers={**OTHERS.answers, "library": f"{NAME}图书馆 13700000000"})
    file = hand_in(project, "a.csv", who=(PERSON, named_after))
    ingest(project)
    assert file in gone(project).left
    (export,) = held(project, EDITION).exports.values()
    assert str(export.table["library"][1]).startswith(f"{NAME}图书馆 ")
