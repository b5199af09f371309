"""`calm fetch`, `calm push` and `calm pull` as a person types them, and what Dagster does of the same."""

from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
from typer.main import get_command

from assets import automation, report
from assets.project import editions
from calm_pipeline.cli import app
from calm_pipeline.objects.mirror import pointed
from calm_pipeline.objects.store import Store
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from tests.objects.stores import SECRET, refused
from tests.vintages.small import published, small

EDITION = "2031"


@pytest.fixture
def root(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Root:
    made = small(tmp_path / "project", EDITION)
    for name, value in {"CALM_STORE": store.address, "CALM_ROOT": str(made.path), "COLUMNS": "220"}.items():
        monkeypatch.setenv(name, value)
    return made


def typed(*words: str) -> None:
    get_command(app)(list(words), standalone_mode=False)


def test_from_the_inbox_to_another_machine(
    root: Root, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed("fetch", EDITION)
    assert "存储中没有该年度的导出文件" in capsys.readouterr().out
    store.write(f"raw/{EDITION}/a.csv", b"one")
    store.write(f"raw/{EDITION}/notes 13812345678.txt", b"no export")
    typed("fetch", EDITION)
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == ["a.csv", "    fetched", "    已取回"]
    assert "    not fetched, since it is no export" in said
    assert not [line for line in said if "13812345678" in line]
    assert (root.raw(EDITION) / "a.csv").read_bytes() == b"one"
    refused("no_warehouse", typed, "push")
    name = published(root, EDITION, "one").vintage.path.name
    typed("push", "--verify")
    said = capsys.readouterr().out.splitlines()
    assert (said[0], said[-1]) == (name, f"    当前版本为 {name}")
    typed("pull", str(tmp_path / "there"))
    assert capsys.readouterr().out.strip() == str(tmp_path / "there" / name / "calm.duckdb")
    assert (tmp_path / "there" / name / "calm.duckdb").is_file()


def test_what_is_wrong_is_told(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    refused("unknown_edition", typed, "fetch", "1999")
    monkeypatch.setenv("CALM_STORE", f"s3://someone:{SECRET}@bucket/calm")
    refused("store_malformed", typed, "pull", ".")
    monkeypatch.delenv("CALM_STORE")
    for words in (("fetch", EDITION), ("push",), ("pull", ".")):
        refused("store_not_set", typed, *words)


def test_the_asset_puts_what_is_published(root: Root, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "project", SimpleNamespace(root=root))
    (edition, *_) = editions.get_partition_keys()
    name = published(root, EDITION, "one").vintage.path.name
    assert dg.materialize([report.stored_vintages], partition_key=edition).success
    assert pointed(store) == name
    store.write("owner", b"another")
    failed = dg.materialize([report.stored_vintages], partition_key=edition, raise_on_error=False)
    (failure,) = (event.step_failure_data for event in failed.all_events if event.is_step_failure)
    assert failure.user_failure_data is not None
    assert "[other_warehouse]" in str(failure.user_failure_data.description)
    monkeypatch.delenv("CALM_STORE")
    assert dg.materialize([report.stored_vintages], partition_key=edition).success


def test_the_schedule_fetches_where_a_store_is_set(root: Root, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automation, "project", Project(root))
    store.write(f"raw/{EDITION}/a.csv", b"one")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(instance)
        assert isinstance(automation.fetching(context), dg.RunRequest)
        assert automation.inbox.execute_in_process(instance=instance).success
        assert [file.name for file in root.exports(EDITION)] == ["a.csv"]
        monkeypatch.delenv("CALM_STORE")
        assert isinstance(automation.fetching(context), dg.SkipReason)
