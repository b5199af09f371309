"""`calm person` and `calm vault`: what is asked, what is printed, and that a value is printed only on demand."""

import io
import itertools
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from calm_pipeline.commands import person
from calm_pipeline.errors import CalmError
from calm_pipeline.persons import erase as steps
from calm_pipeline.project import Project
from calm_pipeline.vault.keys import new
from calm_pipeline.vault.scan import holding
from calm_pipeline.vintages import Rewritten
from tests.commands import HOME, calm
from tests.persons.edition import (
    EDITION,
    KEY,
    MOBILE,
    NAME,
    NEXT,
    SECRETS,
    hand_in,
    ingest,
    killed_while_writing,
    project_in,
    publish,
    submission,
)
from tests.persons.test_erase import key

__all__ = ["key"]


def said(out: Console) -> str:
    return out.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def console() -> Console:
    return Console(file=io.StringIO(), width=200)


def typed(*lines: str) -> person.Ask:
    given = iter(lines)
    return lambda _: next(given)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = project_in(tmp_path)
    hand_in(made, "a.csv")
    ingest(made)
    return made


@pytest.mark.parametrize("value", [MOBILE, NAME, "2030-0003"])
def test_find_names_submissions_and_places_and_no_data(value: str, project: Project) -> None:
    out = console()
    assert person.find(project, None, out, show=False, ask=typed(value)) == 0
    lines = said(out).splitlines()
    assert [line for line in lines if not line.startswith(" ")] == ["2030-0003", "2030-0004", "2030-0005"]
    assert "held in data/raw/2030/a.csv, data/vault/2030" in lines[1]
    assert "the number or the name is in a text of it" in lines[7]
    assert not [len(secret) for secret in SECRETS if secret in said(out)]


def test_find_shows_the_data_when_asked_to(project: Project) -> None:
    out = console()
    person.find(project, EDITION, out, show=True, ask=typed(MOBILE))
    assert f"    mobile: {MOBILE}" in said(out).splitlines()
    assert NAME in said(out)


def tables_of(project: Project, edition: str = EDITION) -> list[str]:
    """Every place in which a pseudonym stands, as `find` lists them."""
    vintages = [f"data/warehouse/vintages/{path.name}" for path in sorted(project.root.vintages.iterdir())]
    published = [[f"{one}/tables/submissions/{edition}.parquet", f"{one}/calm.duckdb"] for one in vintages]
    stages = [f"data/warehouse/stages/{name}/{edition}.parquet" for name in ("raw_submissions", "clean_submissions")]
    return [*stages, f"data/warehouse/tables/submissions/{edition}.parquet", *itertools.chain(*published)]


def test_find_names_every_table_and_vintage_and_the_scan_looks_for_the_pseudonyms(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = [project.file(name, EDITION) for name in ("raw_submissions", "clean_submissions")]
    stages[1].parent.mkdir(parents=True)
    shutil.copy(*stages)
    pseudonym = publish(project)[0]
    publish(project, making="two")
    out = console()
    person.find(project, None, out, show=False, ask=typed("2030-0003"))
    places = tables_of(project)
    assert len(places) == 7
    assert f"vault/2030; as a pseudonym in {', '.join(places)}" in said(out).replace("\n", "")
    assert len(holding(project.root.path, [pseudonym])) == 7
    with monkeypatch.context() as patched:
        patched.setattr(steps, "_vintages", lambda *_: Rewritten([], []))
        err = console()
        assert person.erase(project, "2030-0003", console(), err, yes=True) == 1
        assert {line for line in said(err).splitlines() if line.startswith("data/")} == {
            *places[3:],
            "data/vault/unfinished",
        }
    project.root.unfinished.unlink()  # as one does who takes what is left for somebody else's
    out = console()
    person.find(project, None, out, show=False, ask=typed(MOBILE))  # only the pseudonym tells
    assert f"held as a pseudonym alone, in {', '.join(places[3:])}" in said(out)
    assert person.erase(project, None, console(), console(), yes=True, ask=typed(MOBILE)) == 0
    assert holding(project.root.path, [pseudonym, *SECRETS]) == []


def test_a_damaged_vintage_is_told_and_the_rest_is_erased(project: Project) -> None:
    publish(project)
    pseudonym = publish(project, making="two")[0]
    old, new = sorted(project.root.vintages.iterdir())
    manifest = (old / "manifest.json").read_bytes()
    (old / "manifest.json").write_bytes(manifest[1:])
    with pytest.raises(CalmError) as error:
        person.erase(project, None, console(), console(), yes=True, ask=typed(MOBILE))
    assert (error.value.code, old.name in str(error.value), new.exists()) == ("vintages_left", True, False)
    assert holding(project.root.path, [pseudonym]) == holding(old, [pseudonym]) != []
    out = console()
    assert person.find(project, None, out, show=False, ask=typed(MOBILE)) == 0
    assert "held in data/vault/unfinished" in said(out)
    assert f"{old.name}/manifest.json" in said(out)
    (old / "manifest.json").write_bytes(manifest)
    assert person.erase(project, None, console(), console(), yes=True, ask=typed(MOBILE)) == 0
    assert holding(project.root.path, [pseudonym, *SECRETS]) == []


def test_a_person_is_found_and_erased_in_an_edition_whose_survey_is_gone(tmp_path: Path) -> None:
    project = project_in(tmp_path, EDITION, NEXT)
    for edition in (EDITION, NEXT):
        hand_in(project, "a.csv", edition=edition)
        ingest(project, edition)
    pseudonym = publish(project, NEXT)[0]
    for place in (project.root.raw(NEXT), project.root.vault(NEXT)):
        shutil.rmtree(place)
    project.file("raw_submissions", NEXT).unlink()
    project.root.survey(NEXT).unlink()
    out = console()
    person.find(project, None, out, show=False, ask=typed(NAME))
    assert "held as a pseudonym alone, in data/warehouse/tables/submissions/2031.parquet" in said(out)
    assert person.erase(project, None, out, console(), yes=True, ask=typed(NAME)) == 0
    assert "4 submission(s)" in said(out)
    assert holding(project.root.path, [pseudonym, *SECRETS]) == []
    assert person.find(project, EDITION, console(), show=False, ask=typed("2030-0003")) == 0


def test_nobody_is_found_under_a_value_that_is_not_repeated(project: Project) -> None:
    with pytest.raises(CalmError) as error:
        person.find(project, None, console(), show=False, ask=typed("13700000000"))
    assert error.value.code == "nobody"
    assert "137" not in error.value.told


@pytest.mark.parametrize("value", ["203.0.113.5", NAME])
def test_what_fits_several_persons_erases_nobody_and_finds_them_all(value: str, tmp_path: Path) -> None:
    project = project_in(tmp_path)
    same = [submission(n, NAME, f"1391111000{n}", "203.0.113.5") for n in (1, 2)]
    hand_in(project, "a.csv", who=(*same, submission(7, "没有", "13911110007", "203.0.113.7")))
    with pytest.raises(CalmError, match="2030-0001, 2030-0002;") as error:
        person.erase(project, None, console(), console(), yes=True, ask=typed(value))
    assert error.value.code == "several_persons"
    assert not project.root.erasures.exists()
    out = console()
    assert person.find(project, None, out, show=False, ask=typed(value)) == 0
    assert [line for line in said(out).splitlines() if not line.startswith(" ")] == ["2030-0001", "2030-0002"]
    for one in ("2030-0001", "2030-0002"):
        assert person.erase(project, one, console(), console(), yes=True) == 0
    assert holding(project.root.path, [NAME, "13911110001", "13911110002"]) == []


def test_erasing_asks_first_and_says_what_it_wrote(project: Project) -> None:
    out, err = console(), console()
    with pytest.raises(CalmError) as error:
        person.erase(project, None, out, err, yes=False, ask=typed(MOBILE, ""))
    assert error.value.code == "not_confirmed"
    assert holding(project.root.path, [NAME])
    assert person.erase(project, None, out, err, yes=False, ask=typed(MOBILE, "y")) == 0
    assert "2 submission(s)" in said(out)
    assert "data/raw/2030/a.csv" in said(out)
    assert not [len(secret) for secret in SECRETS if secret in said(out) + said(err)]
    assert holding(project.root.path, SECRETS) == []
    again = console()
    assert person.find(project, None, again, show=True, ask=typed("2030-0004")) == 0
    assert "nothing is held any more" in said(again)


def test_what_is_left_for_a_person_to_look_at_makes_it_end_with_1(project: Project) -> None:
    (project.root.raw(EDITION) / "notes.txt").write_text(NAME, encoding="utf-8")
    out, err = console(), console()
    assert person.erase(project, "2030-0003", out, err, yes=True) == 1
    assert "data/raw/2030/notes.txt" in said(err)


def test_what_is_left_after_the_time_is_over_makes_it_end_with_1(project: Project) -> None:
    survey = project.root.survey(EDITION)
    text = survey.read_text(encoding="utf-8")
    survey.write_text(text.replace("2030-06-30", "2020-06-30").replace("2030-03-01", "2020-03-01"), encoding="utf-8")
    notes = project.root.path / "data" / "notes.txt"
    notes.write_text(NAME, encoding="utf-8")
    out, err = console(), console()
    assert person.expire(project, out, err) == 1
    assert "data/notes.txt" in said(err)
    assert "4 submission(s)" in said(out)
    assert person.expire(project, out, err) == 1
    notes.unlink()
    assert person.expire(project, out, err) == 0
    assert not project.root.unfinished.exists()


def test_without_the_key_of_a_vault_nobody_is_erased(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value, code in (("CALM_KEY", "", "no_key"), ("CALM_KEY", new(), "wrong_key")):
        monkeypatch.setenv(name, value)
        with pytest.raises(CalmError) as error:
            person.erase(project, "2030-0003", console(), console(), yes=True)
        assert error.value.code == code
    assert not project.root.erasures.exists()
    assert holding(project.root.path, [NAME]) == [project.root.raw(EDITION) / "a.csv"]


def test_without_a_key_or_a_vault_people_are_found_in_the_exports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CALM_KEY")
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    assert set(ingest(project).raw["respondent"].to_pylist()) == {None}
    assert not project.root.vaults.exists()
    assert person.erase(project, "2030-0003", console(), console(), yes=True) == 0
    assert holding(project.root.path, SECRETS) == []


def test_rotation_leaves_nothing_under_the_old_key(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, out = new(), console()
    before = project.received(EDITION).raw["respondent"].to_pylist()
    shutil.copytree(project.root.vault(EDITION), project.root.vault("1999"))  # of an edition without a survey
    monkeypatch.setenv("CALM_KEY", f"{fresh},{KEY}")
    assert person.rotate(project, out) == 0
    assert f"1999, {EDITION}" in said(out)
    assert fresh not in said(out)
    monkeypatch.setenv("CALM_KEY", fresh)
    after = project.received(EDITION).raw["respondent"].to_pylist()
    for edition in ("1999", EDITION):
        assert len(project.vault(edition, project.keys()).read()) == 4  # type: ignore[arg-type]
    assert not {*before} - {None} & {*after}


def test_what_a_killed_writer_left_goes_with_the_next_rotation_and_the_next_run(project: Project) -> None:
    file = next(project.root.vaults.rglob("*.vault"))
    for again in (lambda: person.rotate(project, console()), lambda: project.received(EDITION)):
        killed_while_writing(file, "written")
        again()
        assert sorted(file.parent.iterdir()) == [file]


def test_a_wrong_key_stops_the_reading(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = next(project.root.vaults.rglob("*.vault"))
    before = vault.read_bytes()
    monkeypatch.setenv("CALM_KEY", new())
    with pytest.raises(CalmError) as error:
        project.received(EDITION)
    assert error.value.code == "wrong_key"
    assert vault.read_bytes() == before


def test_an_export_that_is_refused_leaves_the_vault_as_it_was(project: Project) -> None:
    vault = next(project.root.vaults.rglob("*.vault"))
    before = vault.read_bytes()
    (project.root.raw(EDITION) / "a.csv").write_bytes(b"PK")
    project.received(EDITION)
    (project.root.raw(EDITION) / "a.csv").unlink()
    project.received(EDITION)
    assert vault.read_bytes() == before


def test_the_commands_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALM_KEY")
    made = calm(HOME, "vault", "key")
    assert made.returncode == 0
    assert len(made.stdout.strip()) == 44
    assert calm(HOME, "vault", "rotate").stderr.startswith("[no_key] CALM_KEY: no key is set")
    assert "nothing is past its date" in calm(HOME, "person", "expire").stdout
