"""How long persons are kept: to the day, real ones only, and nobody comes back after it."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import dagster as dg
import pytest

from assets import automation
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.wenjuanxing import RECONSTRUCTED
from calm_pipeline.persons import erase as steps
from calm_pipeline.persons.held import held
from calm_pipeline.persons.retain import PUBLISHED, check_nothing_left, expire_all, last_day
from calm_pipeline.persons.traces import traces
from calm_pipeline.retention import Personal, load_retention
from calm_pipeline.vault.erasures import note
from calm_pipeline.vault.scan import holding
from calm_pipeline.vintages import disk
from tests.commands import HOME
from tests.exports.examples import SURVEY
from tests.persons.edition import (
    EDITION,
    KEPT,
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
    publish,
)
from tests.persons.test_erase import gone, key

__all__ = ["key"]
LAST = datetime(2032, 6, 30, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
OVER = datetime(2032, 6, 30, 16, 0, tzinfo=UTC)


def test_months_are_counted_from_the_last_day_of_fielding() -> None:
    assert last_day(SURVEY, Personal(months=24)) == date(2032, 6, 30)
    assert last_day(SURVEY, Personal(months=0)) == date(2030, 6, 30)
    assert last_day(SURVEY, Personal(months=8)) == date(2031, 2, 28)
    assert load_retention(HOME / "schemas" / "retention.yaml").personal.months == 24


def test_everybody_is_erased_after_the_last_day_and_not_before(tmp_path: Path) -> None:
    project = project_in(tmp_path, EDITION, NEXT)
    file = hand_in(project, "a.csv")
    hand_in(project, "b.csv", edition=NEXT, who=(PERSON,))
    before = ingest(project).raw.drop_columns(["respondent"])
    ingest(project, NEXT)
    downloaded = file.read_bytes()
    assert expire_all(project, LAST) == {}
    assert set(expire_all(project, OVER)) == {EDITION, NEXT}  # the examples' fielding closes on one day in both
    assert holding(project.root.path, [*SECRETS, *KEPT]) == []
    assert not list(project.root.vaults.rglob("*.vault"))
    after = ingest(project)
    assert after.raw["respondent"].null_count == len(after.raw)
    assert after.raw.drop_columns(["respondent"]).equals(before)
    assert expire_all(project, OVER) == {}
    file.write_bytes(downloaded)
    ingest(project)
    assert f"data/vault/{EDITION}" not in held(project, EDITION).places
    assert set(expire_all(project, OVER)) == {EDITION}
    assert holding(project.root.path, [*SECRETS, *KEPT]) == []


def lay_beside(folder: Path) -> list[Path]:
    """An export that somebody packed, opened or put into a folder."""
    (folder / "older").mkdir(parents=True)
    (folder / "README.md").write_text("-", encoding="utf-8")
    for name in ("2030.zip", "older/b.csv", "~$a.xlsx"):
        (folder / name).write_text(NAME, encoding="utf-8")
    return [folder / "2030.zip", folder / "older", folder / "~$a.xlsx"]


@pytest.mark.parametrize("handed_in", [True, False])
def test_what_nobody_reads_is_named_after_its_time_and_not_before(handed_in: bool, tmp_path: Path) -> None:
    project = project_in(tmp_path)
    if handed_in:
        hand_in(project, "a.csv")
    beside = lay_beside(project.root.raw(EDITION))
    assert expire_all(project, LAST) == {}
    for _ in range(2):
        with pytest.raises(CalmError) as caught:
            expire_all(project, OVER)
        assert caught.value.code == "retention_left"
        assert ", ".join(str(file.relative_to(project.root.path)) for file in beside) in str(caught.value)
        assert "README" not in str(caught.value)
    for file in beside:
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    assert expire_all(project, OVER) == {}


def test_what_nobody_reads_of_an_edition_without_a_survey_is_named(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    lay_beside(project.root.raw(EDITION))
    project.root.survey(EDITION).unlink()
    with pytest.raises(CalmError, match=f"edition {EDITION}: data/raw/{EDITION} hold personal data") as caught:
        expire_all(project, OVER)
    assert caught.value.code == "retention_left"


def test_the_job_erases_and_names_editions_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    ingest(project)
    survey = project.root.survey(EDITION)
    text = survey.read_text(encoding="utf-8")
    survey.write_text(text.replace("2030-06-30", "2020-06-30").replace("2030-03-01", "2020-03-01"), encoding="utf-8")
    monkeypatch.setattr(automation, "project", project)
    with dg.DagsterInstance.ephemeral() as instance:
        done = automation.retention.execute_in_process(instance=instance)
        said = " ".join(entry.user_message for entry in instance.all_logs(done.run_id))
    assert done.success
    assert "2030: 4 respondents erased" in said
    assert holding(project.root.path, [*SECRETS, *KEPT]) == []
    assert not [len(text) for text in (*SECRETS, *KEPT) if text in said]


def test_a_name_that_stands_elsewhere_after_its_time_is_told_and_fails_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_in(tmp_path)
    named_after = replace(OTHERS, answers={**OTHERS.answers, "library": f"{NAME}图书馆"})
    file = hand_in(project, "a.csv", who=(PERSON, named_after))
    ingest(project)
    left = [file, project.file("raw_submissions", EDITION)]
    done = expire_all(project, OVER)
    assert done[PUBLISHED].left == holding(project.root.path, [NAME]) == left
    with pytest.raises(CalmError, match=r"data/raw/2030/a\.csv") as error:
        check_nothing_left(project, done.values())
    assert error.value.code == "texts_left"
    monkeypatch.setattr(automation, "project", project)
    monkeypatch.setattr(automation, "expire_all", lambda *_: done)
    with dg.DagsterInstance.ephemeral() as instance:
        assert not automation.retention.execute_in_process(instance=instance, raise_on_error=False).success


def test_whoever_came_back_with_a_download_is_erased_again_before_that(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    file = hand_in(project, "a.csv")
    downloaded = file.read_bytes()
    gone(project, MOBILE)
    assert expire_all(project, LAST) == {}
    file.write_bytes(downloaded)
    assert expire_all(project, LAST)[EDITION].submissions == ["2030-0003", "2030-0004"]
    assert holding(project.root.path, [NAME]) == []
    assert holding(project.root.path, KEPT) == [file]


def test_what_others_wrote_of_them_goes_with_the_edition_and_what_they_said_in_the_next_one_stays(
    tmp_path: Path,
) -> None:
    """One person answers in two editions, and is named by another one in the first."""
    project = project_in(tmp_path, EDITION, NEXT)
    project.root.survey(NEXT).write_text(
        project.root.survey(NEXT).read_text(encoding="utf-8").replace("closes: '2030", "closes: '2031"),
        encoding="utf-8",
    )
    told = replace(OTHERS, answers={**OTHERS.answers, "advice": f"请问{NAME}，或致电{MOBILE}"})
    hand_in(project, "a.csv", who=(PERSON, told))
    later = hand_in(project, "b.csv", edition=NEXT, who=(PERSON,))
    ingest(project)
    ingest(project, NEXT)
    first, second = publish(project), publish(project, NEXT)
    assert first[0] == second[0]
    done = expire_all(project, OVER)
    assert set(done) == {EDITION, PUBLISHED}
    assert not any(one.left for one in done.values())
    assert holding(project.root.raw(EDITION), [NAME, MOBILE, OTHER]) == []
    assert holding(project.root.path, [NAME]) == [later]
    assert first[0] in traces(project).pseudonyms(["2031-0003"])
    assert not traces(project).pseudonyms(["2030-0003", "2030-0005"])
    assert expire_all(project, OVER) == {}


@pytest.mark.parametrize("given", ["文献部", "武汉市", "满意度", "多开门窗"])
def test_what_is_nobodys_name_stays_in_texts(given: str, tmp_path: Path) -> None:
    """A unit, a place, a word of the questionnaire, and what begins with no surname, given as the name."""
    project = project_in(tmp_path)
    odd = replace(SILENT, answers={**SILENT.answers, "name": given})
    told = replace(OTHERS, answers={**OTHERS.answers, "advice": f"{given}的{NAME}很好"})
    hand_in(project, "a.csv", who=(PERSON, told, odd))
    before = ingest(project).raw["advice"].to_pylist()
    assert before[1] == f"{given}的{NAME}很好"
    expire_all(project, OVER)
    assert given in ingest(project).raw["advice"].to_pylist()[1]
    assert holding(project.root.path, [NAME]) == []


@pytest.mark.parametrize(("module", "name"), [(steps.vintages, "rewrite"), (steps.erasures, "note")])
def test_what_exports_say_is_known_until_the_vintages_are_done(
    module: ModuleType, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    ingest(project)
    pseudonyms = publish(project)

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module, name, fails)
        with pytest.raises(CalmError) as error:
            expire_all(project, OVER)
    assert error.value.code == "retention_left"
    assert held(project, EDITION).respondents
    assert len(holding(project.root.vintages, pseudonyms)) == 2
    assert set(expire_all(project, OVER)) == {EDITION, PUBLISHED}
    assert holding(project.root.path, [*SECRETS, *KEPT, *pseudonyms]) == []


def test_a_reconstructed_edition_is_nobodys(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    file = hand_in(project, "a.csv")
    text = file.read_text(encoding="utf-8-sig")
    one = text.replace("3.example.org", RECONSTRUCTED)
    file.write_text(re.sub(r"\d\.example\.org", RECONSTRUCTED, text), encoding="utf-8")
    before = file.read_bytes()
    assert expire_all(project, OVER) == {}
    assert file.read_bytes() == before
    file.write_text(one, encoding="utf-8")  # one who answered wrote the mark into a link
    assert set(expire_all(project, OVER)) == {EDITION}
    assert holding(project.root.path, [*SECRETS, *KEPT]) == []


@pytest.mark.parametrize("stops", ["rewrite", "_vault", "_tables", "_vintages"])
@pytest.mark.parametrize("whole", [True, False])
def test_a_night_broken_off_is_finished_by_the_next_which_says_so(
    stops: str, whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    ingest(project)
    pseudonyms = publish(project)[:2]
    if not whole:
        note(project.root.erasures, EDITION, ["2030-0003", "2030-0004"], "request", LAST)
    now = OVER if whole else LAST

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(steps, stops, killed)
        with pytest.raises(KeyboardInterrupt):
            expire_all(project, now)
    untouched = stops == "_vintages"
    assert len(holding(project.root.vintages, pseudonyms)) == 2 * untouched
    finished = expire_all(project, now)
    assert finished[EDITION].written
    assert (PUBLISHED in finished) == untouched
    assert holding(project.root.path, [NAME, MOBILE, *pseudonyms] if whole else [NAME, *pseudonyms]) == []
    assert not set(pseudonyms) & traces(project).pseudonyms(["2030-0003", "2030-0004", "2030-0005"])
    assert expire_all(project, now) == {}


@pytest.mark.parametrize("text", [None, "edition: 2030: broken"])
def test_an_edition_without_a_survey_that_can_be_read_is_named_after_all_others(
    text: str | None, tmp_path: Path
) -> None:
    project = project_in(tmp_path, EDITION, NEXT)
    file = hand_in(project, "a.csv")
    hand_in(project, "b.csv", edition=NEXT)
    for edition in (EDITION, NEXT):
        ingest(project, edition)
    publish(project)
    survey = project.root.survey(EDITION)
    before = survey.read_text(encoding="utf-8")
    survey.unlink() if text is None else survey.write_text(text, encoding="utf-8")
    with pytest.raises(CalmError) as error:
        expire_all(project, OVER)
    assert error.value.code == "retention_left"
    for place in ("data/raw/2030", "data/vault/2030", "stages/raw_submissions/2030.parquet", "calm.duckdb"):
        assert place in str(error.value)
        assert place in error.value.zh
    assert "2031" not in str(error.value)
    assert holding(project.root.path, KEPT) == [file]
    survey.write_text(before, encoding="utf-8")
    assert set(expire_all(project, OVER)) == {EDITION, PUBLISHED}
    survey.unlink()
    shutil.rmtree(project.root.raw(EDITION))
    assert expire_all(project, OVER) == {}
    killed_while_writing(project.root.vault("1999") / "respondents.vault", "left")
    assert expire_all(project, OVER) == {}
    assert [*project.root.vault("1999").iterdir()] == []


def test_old_vintages_of_an_edition_whose_survey_is_gone_are_reached(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    ingest(project)
    pseudonyms = publish(project)
    for place in (project.root.raw(EDITION), project.root.vault(EDITION), project.root.warehouse / "stages"):
        shutil.rmtree(place)
    project.root.survey(EDITION).unlink()
    (vintage,) = project.root.vintages.iterdir()
    files = [vintage / "calm.duckdb", vintage / "tables" / "submissions" / f"{EDITION}.parquet"]
    whole = [file.read_bytes() for file in files]
    for content in ([b"-", b"-"], whole):
        for file, put_back in zip(files, content, strict=True):
            file.write_bytes(put_back)
        with pytest.raises(CalmError, match=f"{vintage.name}/tables/submissions/{EDITION}"):
            expire_all(project, LAST)
    note(project.root.erasures, EDITION, None, "retention", LAST)
    assert expire_all(project, LAST)[PUBLISHED].written
    assert holding(project.root.path, pseudonyms) == []


def test_vintages_are_made_anew_once_for_all_editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, made, keep = project_in(tmp_path, EDITION, NEXT), list[str](), disk.keep
    monkeypatch.setattr(disk, "keep", lambda draft, name: made.append(name) or keep(draft, name))  # type: ignore[func-returns-value]
    pseudonyms: list[str] = []
    for edition in (EDITION, NEXT):
        hand_in(project, "a.csv", edition=edition)
        ingest(project, edition)
        pseudonyms += publish(project, edition)
    assert [name[:4] for name in made] == ["0001", "0002"]
    done = expire_all(project, OVER)
    assert [name[:4] for name in made[2:]] == ["0001", "0002"]
    assert set(done) == {EDITION, NEXT, PUBLISHED}
    assert holding(project.root.path, pseudonyms) == []


def test_an_export_that_cannot_be_read_keeps_nobody_who_is_noted_in_the_vintages(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    ingest(project)
    pseudonyms = publish(project)
    note(project.root.erasures, EDITION, None, "retention", LAST)
    (project.root.raw(EDITION) / "b.xlsx").write_bytes(b"PK broken")
    with pytest.raises(CalmError, match=r"b\.xlsx"):
        expire_all(project, OVER)
    assert holding(project.root.vintages, pseudonyms) == []


def test_a_damaged_vintage_stops_nothing_else_and_is_named_every_night(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    ingest(project)
    publish(project)
    pseudonyms = publish(project, making="two")
    (old,) = [path for path in project.root.vintages.iterdir() if path.name[:4] == "0001"]
    (old / "tables" / "submissions" / f"{EDITION}.parquet").write_bytes(b"PAR1")
    for _ in range(2):
        with pytest.raises(CalmError, match=old.name):
            expire_all(project, OVER)
        left = [old / "calm.duckdb", old / "tables" / "submissions" / f"{EDITION}.parquet"]
        assert holding(project.root.path, [*SECRETS, *KEPT, *pseudonyms]) == left
    shutil.rmtree(old)
    assert expire_all(project, OVER) == {}


@pytest.mark.parametrize(
    "text", ["", *(f"personal: {{{one}}}\nvintages: {{latest: 1, days: 1}}" for one in ("", "months: -1", "years: 2"))]
)
def test_a_file_that_does_not_say_it_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "retention.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CalmError, match=r"retention\.yaml"):
        load_retention(tmp_path / "retention.yaml")
