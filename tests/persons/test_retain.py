"""How long persons are kept: to the day, real ones only, and nobody comes back after it."""

from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

from assets import automation
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.wenjuanxing import RECONSTRUCTED
from calm_pipeline.persons.held import held
from calm_pipeline.persons.retain import expire_all, last_day
from calm_pipeline.retention import Personal, load_retention
from calm_pipeline.vault.scan import holding
from tests.commands import HOME
from tests.exports.examples import SURVEY
from tests.persons.edition import EDITION, KEPT, MOBILE, NAME, NEXT, PERSON, SECRETS, hand_in, ingest, project_in
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


def test_a_reconstructed_edition_is_nobodys(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    file = hand_in(project, "a.csv")
    file.write_text(file.read_text(encoding="utf-8-sig").replace("3.example.org", RECONSTRUCTED), encoding="utf-8")
    before = file.read_bytes()
    assert expire_all(project, OVER) == {}
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "text", ["", *(f"personal: {{{one}}}\nvintages: {{latest: 1, days: 1}}" for one in ("", "months: -1", "years: 2"))]
)
def test_a_file_that_does_not_say_it_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "retention.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CalmError, match=r"retention\.yaml"):
        load_retention(tmp_path / "retention.yaml")
