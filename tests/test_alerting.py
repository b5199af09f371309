"""Dagster's side of the desk: checks that only warn, runs that fail, and exports tried again after a fix."""

import os
import shutil
import signal
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import dagster as dg
import pytest
from dagster._utils.error import serializable_error_info_from_exc_info

from assets import alerting, automation, storage
from assets.failures import told
from calm_pipeline.desk import journal
from calm_pipeline.desk.ledger import Now
from calm_pipeline.desk.record import follow_observations
from calm_pipeline.engines import Engine
from calm_pipeline.errors import CalmError
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.vault.refusals import VAULT
from tests.commands import HOME
from tests.vintages.test_lock import Holder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    shutil.copytree(HOME / "schemas", tmp_path / "schemas")
    (tmp_path / "data" / "raw" / "2023").mkdir(parents=True)
    shutil.copy(HOME / "data" / "raw" / "libraries.csv", tmp_path / "data" / "raw")
    there = Project(Root(tmp_path))
    monkeypatch.setattr(alerting, "project", there)
    monkeypatch.setattr(automation, "project", there)
    return there


def happenings(project: Project) -> list[tuple[str, str]]:
    alerts = journal.alerts(journal.read(project.root.journal("2023")))
    return [(alert.opened.subject, alert.status) for alert in alerts.values()]


PASSES = {"now": False}
AT = datetime(2024, 6, 1, tzinfo=UTC)


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2023"]))
def watched() -> int:
    return 1


@dg.asset_check(asset=watched, blocking=False)
def only_warns() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=PASSES["now"], severity=dg.AssetCheckSeverity.WARN, description="a share moved\n比例变动"
    )


JOB = dg.define_asset_job("watched_job", dg.AssetSelection.all())
DEFINITIONS = dg.Definitions(assets=[watched], asset_checks=[only_warns], jobs=[JOB], executor=dg.in_process_executor)


def asks(context: dg.SensorEvaluationContext) -> int:
    """For how many runs the sensor asks that looks for new exports."""
    return len([one for one in automation.new_exports(context) if isinstance(one, dg.RunRequest)])  # type: ignore[union-attr]


def look(instance: dg.DagsterInstance, cursor: str | None) -> tuple[list[dg.RunRequest], str | None]:
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    found = [event for event in alerting.checks(context) if isinstance(event, dg.RunRequest)]  # type: ignore[union-attr]
    return found, context.cursor


def test_a_check_that_warns_leaves_the_run_green_and_is_alerted_once(project: Project) -> None:
    with dg.DagsterInstance.ephemeral() as instance:

        def run() -> None:
            job = DEFINITIONS.resolve_job_def("watched_job")
            assert job.execute_in_process(partition_key="2023", instance=instance).success

        run()
        asked, cursor = look(instance, None)
        assert [request.partition_key for request in asked] == ["2023"]
        assert happenings(project) == [("watched: only_warns", "open")]
        assert look(instance, cursor)[0] == []
        run()
        _, cursor = look(instance, cursor)
        assert happenings(project) == [("watched: only_warns", "open")]
        PASSES["now"] = True
        run()
        look(instance, cursor)
        PASSES["now"] = False
    assert happenings(project) == [("watched: only_warns", "closed")]
    (opened, *_) = journal.read(project.root.journal("2023"))
    assert (opened.en, opened.zh, opened.severity) == ("a share moved", "比例变动", "warn")


@dg.op
def breaks() -> None:
    raise RuntimeError("13912345678")


@dg.job(name="ingest", partitions_def=dg.StaticPartitionsDefinition(["2023"]))
def broken() -> None:
    breaks()


def failed(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return broken.execute_in_process(partition_key="2023", instance=instance, raise_on_error=False)


def test_a_run_that_fails_is_alerted_without_its_words_and_closed_by_one_that_succeeds(project: Project) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = failed(instance)
        context = dg.build_run_status_sensor_context(
            "failed_runs", result.get_run_failure_event(), instance, result.dagster_run
        ).for_run_failure()
        asked = alerting.failed_runs(context)
    assert [request.partition_key for request in asked.run_requests] == ["2023"]
    assert happenings(project) == [("ingest", "open")]
    assert "13912345678" not in project.root.journal("2023").read_text(encoding="utf-8")
    assert "breaks" in project.root.journal("2023").read_text(encoding="utf-8")


@dg.op
@told
def cannot_erase() -> None:
    raise CalmError.of(VAULT, "retention_left", problems="13912345678")


@dg.op
def erases() -> None:
    pass


def told_of(job: dg.JobDefinition, instance: dg.DagsterInstance) -> list[str | None]:
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    event = result.get_run_success_event() if result.success else result.get_run_failure_event()
    context = dg.build_run_status_sensor_context("a_sensor", event, instance, result.dagster_run)
    asked = alerting.finished_runs(context) if result.success else alerting.failed_runs(context.for_run_failure())
    return [request.partition_key for request in asked.run_requests or ()]


@pytest.mark.parametrize("name", [automation.retention.name, automation.inbox.name])
def test_a_run_of_no_edition_is_told_with_the_latest_and_its_alert_is_closed_wherever_it_stands(
    name: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert name in {job.name for job in alerting.WATCHED}
    fails = dg.GraphDefinition(name, node_defs=[cannot_erase]).to_job()
    ends = dg.GraphDefinition(name, node_defs=[erases]).to_job()
    with dg.DagsterInstance.ephemeral() as instance:
        assert told_of(ends, instance) == []
        assert told_of(fails, instance) == ["2023"]
        assert told_of(fails, instance) == []
        (opened,) = journal.read(project.root.journal("2023"))
        assert "cannot_erase [retention_left]" in opened.en
        assert "13912345678" not in opened.en
        shutil.copy(project.root.survey("2023"), project.root.survey("2024"))
        monkeypatch.setattr(automation, "editions", dg.StaticPartitionsDefinition(["2023", "2024"]))
        assert told_of(fails, instance) == ["2023", "2024"]
        assert happenings(project) == [(name, "closed")]
        assert told_of(ends, instance) == ["2024"]
        assert told_of(ends, instance) == []


def test_the_same_exports_are_tried_again_after_a_fix_and_only_after_a_failure(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root.raw("2023") / "export.csv").write_text("x", encoding="utf-8")
    with dg.DagsterInstance.ephemeral() as instance:

        def asked(cursor: str | None) -> tuple[int, str | None]:
            context = dg.build_sensor_context(instance=instance, cursor=cursor)
            return asks(context), context.cursor

        _, cursor = asked(None)
        first, cursor = asked(cursor)
        failed(instance)
        same, cursor = asked(cursor)
        assert (first, same) == (1, 0)
        monkeypatch.setattr("calm_pipeline.project.CODE", "mended")
        again, cursor = asked(cursor)
        once, cursor = asked(cursor)
        assert (again, once) == (1, 0)


@dg.asset(name="libraries", partitions_def=dg.StaticPartitionsDefinition(["2023"]))
def written() -> None:
    pass


WRITES = dg.Definitions(
    assets=[written],
    jobs=[dg.define_asset_job("ingest", dg.AssetSelection.all())],
    resources={"io_manager": storage.ParquetTables(engine=Engine.duckdb)},
    executor=dg.in_process_executor,
).resolve_job_def("ingest")


def test_a_run_that_was_refused_the_edition_is_asked_for_again_once_it_is_free(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a night's erasure, which is of no edition, holds them all when the run begins."""
    monkeypatch.setattr(storage, "project", project)
    (project.root.raw("2023") / "export.csv").write_text("x", encoding="utf-8")
    with dg.DagsterInstance.ephemeral() as instance:
        asked = partial(asks, dg.build_sensor_context(instance=instance))
        assert (asked(), asked()) == (0, 1)
        holder = Holder(project.root, "2023")
        refused = WRITES.execute_in_process(partition_key="2023", instance=instance, raise_on_error=False)
        assert not refused.success
        assert (asked(), asked()) == (0, 0)
        holder.end()
        assert asked() == 1
        broken.execute_in_process(
            partition_key="2023", instance=instance, raise_on_error=False, tags={automation.REFUSED: refused.run_id}
        )
        assert asked() == 0


def test_new_exports_are_asked_for_once_who_holds_their_edition_is_done(project: Project) -> None:
    (project.root.raw("2023") / "export.csv").write_text("x", encoding="utf-8")
    holder = Holder(project.root, "2023")
    with dg.DagsterInstance.ephemeral() as instance:
        asked = partial(asks, dg.build_sensor_context(instance=instance))
        assert (asked(), asked()) == (0, 0)
        os.kill(holder.process.pid or 0, signal.SIGKILL)
        holder.process.join()
        assert (asked(), asked()) == (1, 0)


def test_the_same_exports_are_left_alone_where_the_last_run_succeeded(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root.raw("2023") / "export.csv").write_text("x", encoding="utf-8")
    with dg.DagsterInstance.ephemeral() as instance:
        cursor = None
        for _ in range(2):
            context = dg.build_sensor_context(instance=instance, cursor=cursor)
            list(automation.new_exports(context))  # type: ignore[arg-type]
            cursor = context.cursor
        monkeypatch.setattr("calm_pipeline.project.CODE", "mended")
        context = dg.build_sensor_context(instance=instance, cursor=cursor)
        assert asks(context) == 0


def test_every_morning_an_edition_is_told_that_was_never_published(project: Project) -> None:
    """What its first run failed at, or what stands with it as the latest, a channel may not have taken yet."""

    def asked() -> list[str | None]:
        found = alerting.daily(dg.build_schedule_context())
        return [one.partition_key for one in found if isinstance(one, dg.RunRequest)]  # type: ignore[union-attr]

    assert asked() == []
    follow_observations(project.root.journal("2023"), [alerting.failed_run("retention", "start")], Now(AT))
    assert asked() == ["2023"]


class Broken:
    """A project of which nothing can be read; the exception quotes what it met, as those of libraries do."""

    @property
    def root(self) -> Root:
        raise ValueError("13912345678")


def quoting(*_: object, **__: object) -> None:
    raise RuntimeError("13912345678")


@pytest.mark.parametrize("tick", [automation.new_exports, alerting.checks, automation.yearly, alerting.daily])
def test_what_a_tick_leaves_behind_quotes_no_exception(
    tick: dg.SensorDefinition | dg.ScheduleDefinition, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (alerting, automation):
        monkeypatch.setattr(module, "project", Broken())
    with dg.DagsterInstance.ephemeral() as instance:
        monkeypatch.setattr(instance, "get_run_records", quoting)
        sensor = isinstance(tick, dg.SensorDefinition)
        context = dg.build_sensor_context(instance) if sensor else dg.build_schedule_context(instance)
        with pytest.raises((dg.DagsterError, dg.Failure)) as caught:
            tick.evaluate_tick(context)  # type: ignore[arg-type]
    kept = str(serializable_error_info_from_exc_info((caught.type, caught.value, caught.tb)))
    assert "[unexpected] assets." in kept
    assert "13912345678" not in kept


def test_what_a_run_sensor_leaves_behind_quotes_no_exception(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerting, "follow_observations", quoting)
    with dg.DagsterInstance.ephemeral() as instance:
        result = failed(instance)
        context = dg.build_run_status_sensor_context(
            "failed_runs", result.get_run_failure_event(), instance, result.dagster_run
        )
        for sensor, given in (
            (alerting.failed_runs, context.for_run_failure()),
            (alerting.finished_runs, context),
        ):
            with pytest.raises(dg.Failure) as caught:
                sensor(given)
            kept = str(serializable_error_info_from_exc_info((caught.type, caught.value, caught.tb)))
            assert "[unexpected] assets." in kept
            assert "13912345678" not in kept
