"""When the desk hears of what happened: checks that failed and runs that failed are written down, and told."""

import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from assets.automation import PARTITION, inbox, ingest, loaded, rebuild_marts, retention
from assets.failures import told
from assets.project import editions, project
from calm_pipeline import outbox
from calm_pipeline.desk.ledger import Now
from calm_pipeline.desk.record import Observed, follow_observations, follow_work
from calm_pipeline.survey import Words

LOOKED_AT = 1000
# Dagster gives its own run sensors a parameter that it calls beta, and then warns of it.
warnings.filterwarnings("ignore", "Parameter `owners` of initializer `SensorDefinition", dg.BetaWarning)
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
EVALUATED = dg.DagsterEventType.ASSET_CHECK_EVALUATION
WATCHED = [ingest, rebuild_marts, retention, inbox]


@dg.op
@told
def tell_channels(context: dg.OpExecutionContext) -> None:
    """Send what is due; a channel that is down keeps nothing from being done and is tried again the next time."""
    sent = outbox.empty(project, context.partition_key, datetime.now(UTC), time.sleep)
    context.log.info(f"{sent.sent} messages sent")
    for failed in sent.failures:
        context.log.warning(failed.told)


# It makes no asset, so it must not hold the edition as the storage of assets does.
@dg.job(
    partitions_def=editions,
    resource_defs={"io_manager": dg.mem_io_manager},
    description="Send the alerts that are due. 发送到期的提醒。",
)
def tell() -> None:
    tell_channels()


def observed(evaluation: dg.AssetCheckEvaluation) -> Observed:
    """A check as the desk hears of it; its description has lines in English and Chinese by turns."""
    lines = (evaluation.description or evaluation.check_name).splitlines()
    problem = Words(en=" ".join(lines[::2]), zh=" ".join(lines[1::2]) or lines[0])
    subject = f"{evaluation.asset_key.to_user_string()}: {evaluation.check_name}"
    found = None if evaluation.passed else problem
    return Observed("check", subject, found, "warn" if evaluation.severity is dg.AssetCheckSeverity.WARN else "error")


def failed_at(failure: dg.DagsterEvent) -> str:
    """The step that failed, with the code of the catalogue that it was given (`calm errors CODE`)."""
    said = failure.step_failure_data.user_failure_data
    code = said.metadata.get("code") if said else None
    return f"{failure.step_key} [{code.value}]" if code else str(failure.step_key)


def failed_run(job: str, step: str) -> Observed:
    """A run that failed, by the job and the first step that did."""
    en = f"The run failed at {step}; what was published before stands. Mend the cause and start it again."
    zh = f"运行在 {step} 处失败，此前发布的内容不受影响。请排除原因后重新运行。"
    return Observed("run", job, Words(en=en, zh=zh))


@dg.sensor(job=tell, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.STOPPED)
@told
def checks(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Write down every check of the runs that ended since the last look: one that only warns leaves its run green."""
    since = datetime.fromisoformat(context.cursor) if context.cursor else None
    ended = dg.RunsFilter(statuses=ENDED, updated_after=since)
    records = context.instance.get_run_records(ended, LOOKED_AT, order_by="update_timestamp", ascending=True)
    touched: dict[str, str] = {}
    for record in records:
        run = record.dagster_run
        found = [_evaluation(entry) for entry in context.instance.all_logs(run.run_id, EVALUATED)]
        edition = run.tags.get(PARTITION)
        if found and edition is not None:
            now = Now(record.update_timestamp, run.run_id)
            follow_observations(project.root.journal(edition), map(observed, found), now)
            touched[edition] = run.run_id
        context.update_cursor(record.update_timestamp.isoformat())
    if not touched:
        yield dg.SkipReason("no check was evaluated since the last look")
    for edition, last in touched.items():
        yield dg.RunRequest(run_key=f"checks-{edition}-{last}", partition_key=edition)


def _evaluation(entry: dg.EventLogEntry) -> dg.AssetCheckEvaluation:
    return entry.get_dagster_event().asset_check_evaluation_data


@dg.run_failure_sensor(monitored_jobs=WATCHED, request_job=tell)
@told
def failed_runs(context: dg.RunFailureSensorContext) -> dg.SensorResult:
    """Write down a run that failed."""
    places = [*map(failed_at, context.get_step_failure_events()), "start"]
    return _write_down(context, failed_run(context.dagster_run.job_name, places[0]))


@dg.run_status_sensor(run_status=dg.DagsterRunStatus.SUCCESS, monitored_jobs=WATCHED, request_job=tell)
@told
def finished_runs(context: dg.RunStatusSensorContext) -> dg.SensorResult:
    """Close the alert about a run once it succeeds, and tell what the run found."""
    return _write_down(context, Observed("run", context.dagster_run.job_name, None))


def _write_down(context: dg.RunStatusSensorContext, one: Observed) -> dg.SensorResult:
    run = context.dagster_run
    edition, now = run.tags.get(PARTITION), Now(datetime.now(UTC), run.run_id)
    if edition is None:
        touched = follow_work({known: project.root.journal(known) for known in loaded()}, one, now)
    else:
        touched = [edition]
        follow_observations(project.root.journal(edition), [one], now)
    asked = [
        dg.RunRequest(run_key=f"{run.run_id}-{run.status.value}-{other}", partition_key=other) for other in touched
    ]
    return dg.SensorResult(run_requests=asked, skip_reason=None if asked else "the desk knows it already")


@dg.schedule(job=tell, cron_schedule="0 9 * * *", execution_timezone="Asia/Shanghai")
@told
def daily(_context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    """Remind of what is still open, and send what could not be sent."""
    for edition in (known for known in loaded() if project.root.journal(known).exists()):
        yield dg.RunRequest(run_key=None, partition_key=edition)
