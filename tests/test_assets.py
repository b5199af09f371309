"""What Dagster shows and when it acts."""

import shutil
from inspect import getclosurevars
from pathlib import Path

import dagster as dg
import pytest

from assets import automation
from assets.definitions import definitions
from assets.failures import Told
from assets.project import editions, project
from calm_pipeline.project import STAGES, Project
from calm_pipeline.root import Root
from tests.commands import HOME

SPECS = {spec.key.path[-1]: spec for spec in definitions.resolve_all_asset_specs()}


def test_every_published_table_is_an_asset_and_nothing_else_is() -> None:
    assert set(SPECS) == {*STAGES, *project.contracts(), "letters", "report", "stored_vintages", "warehouse"}


def test_every_asset_says_what_it_is() -> None:
    for name, spec in SPECS.items():
        assert spec.description, name
        assert spec.owners == ["team:survey-data"], name
        assert spec.kinds, name
        assert spec.group_name not in (None, "default"), name
        assert spec.partitions_def == editions, name
    for name, contract in project.contracts().items():
        shown = SPECS[name].metadata["dagster/column_schema"].columns
        assert [column.name for column in shown] == list(contract.columns)


def test_partitions_are_the_survey_files() -> None:
    assert editions.get_partition_keys() == [
        file.stem for file in sorted((HOME / "schemas" / "surveys").glob("*.yaml"))
    ]


def test_every_stored_table_has_a_blocking_contract() -> None:
    specs = [spec for check in definitions.asset_checks or () for spec in check.check_specs]
    blocking = {(spec.asset_key.path[-1], spec.name) for spec in specs if spec.blocking}
    assert {(name, "contract") for name in (*STAGES, *project.contracts())} <= blocking
    assert ("submissions", "conservation") in blocking
    assert ("group_counts", "no_library_is_told") in blocking
    assert ("accepted_submissions", "keep_every_rule") in blocking


def test_every_asset_and_check_tells_its_failures_in_words_of_ours() -> None:
    made = [*(definitions.assets or ()), *(definitions.asset_checks or ())]
    for one in made:
        body = one.node_def.compute_fn.decorated_fn  # type: ignore[union-attr]
        assert isinstance(getclosurevars(body).nonlocals.get("self"), Told), one
    assert len(made) > len(SPECS)


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(HOME / "schemas", tmp_path / "schemas")
    monkeypatch.setattr(automation, "project", Project(Root(tmp_path)))
    (tmp_path / "data" / "raw" / "2023").mkdir(parents=True)
    return tmp_path / "data" / "raw" / "2023"


def looks(cursor: str | None) -> tuple[list[dg.RunRequest], str | None]:
    with dg.DagsterInstance.ephemeral() as instance, dg.build_sensor_context(instance, cursor) as context:
        found = [event for event in automation.new_exports(context) if isinstance(event, dg.RunRequest)]  # type: ignore[union-attr]
        return found, context.cursor


def test_the_sensor_acts_on_content_seen_twice(raw: Path) -> None:
    nothing, cursor = looks(None)
    (raw / "export.csv").write_text("half a file", encoding="utf-8")
    first, cursor = looks(cursor)
    (raw / "export.csv").write_text("half a file, and the rest", encoding="utf-8")
    growing, cursor = looks(cursor)
    settled, cursor = looks(cursor)
    assert (nothing, first, growing) == ([], [], [])
    assert [request.partition_key for request in settled] == ["2023"]
    (raw / "export.csv").rename(raw / "renamed.csv")
    for _ in range(3):
        renamed, cursor = looks(cursor)
        assert renamed == []
    for content in ("corrected", "half a file, and the rest"):
        (raw / "renamed.csv").write_text(content, encoding="utf-8")
        changing, cursor = looks(cursor)
        changed, cursor = looks(cursor)
        assert (changing, len(changed)) == ([], 1)


def test_the_sensor_ignores_what_is_no_export(raw: Path) -> None:
    for name in ("README.md", "~$export.xlsx", ".hidden.csv"):
        (raw / name).write_text("x", encoding="utf-8")
    _, cursor = looks(None)
    assert looks(cursor)[0] == []


def test_the_schedule_takes_the_latest_edition() -> None:
    tick = automation.yearly(dg.build_schedule_context())
    assert isinstance(tick, dg.RunRequest)
    assert tick.partition_key == project.root.editions[-1]
