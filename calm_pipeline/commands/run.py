"""`calm run`: the ingest job of Dagster in this process, and a summary from the warehouse it built."""

from datetime import UTC, datetime

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from assets.alerting import failed_at, failed_run, observed
from assets.definitions import definitions
from assets.project import project
from calm_pipeline.commands.desk import send
from calm_pipeline.commands.query import say, summary
from calm_pipeline.desk.ledger import Now
from calm_pipeline.desk.record import Observed, follow_observations
from calm_pipeline.engine import connect
from calm_pipeline.engines import Engine
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.privacy import shown
from calm_pipeline.failures import FAILURES
from calm_pipeline.objects.inbox import fetch
from calm_pipeline.objects.store import configured
from calm_pipeline.survey import Words
from calm_pipeline.vintages import writing

NO_KEY = (
    "CALM_KEY",
    Words(
        en="no key is set, so nothing was put into the vault and no respondent has a pseudonym (docs/privacy.md)",
        zh="未设置密钥，本次未写入保险库，也未生成填答人的假名标识（见 docs/privacy.md）",
    ),
)
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run(edition: str, engine: Engine, out: Console, err: Console) -> int:
    """Run the job; 0 if every asset was made and no check failed but such as only warn.

    If an object store is set, exports are fetched from it first; the job itself puts there what it published.

    Raises:
        CalmError: another run writes the edition, the engine cannot be had, or nothing could be fetched.
    """
    connect(engine)
    by = f"calm run {edition}"
    with writing(project.root, edition, by):
        if store := configured():
            for name in fetch(project.root, edition, store, by).new:
                err.print(f"fetched 已取回: {shown(name)}", markup=False, highlight=False)
        return _run(edition, engine, out, err)


def _run(edition: str, engine: Engine, out: Console, err: Console) -> int:
    job = definitions.resolve_job_def("ingest")
    config = {**QUIET, "resources": {"io_manager": {"config": {"engine": engine.value}}}}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task(edition, total=len(job.graph.nodes))

        @dg.success_hook(name="advance")
        def advance(context: dg.HookContext) -> None:
            progress.update(bar, advance=1, description=context.op.name)

        with dg.DagsterInstance.ephemeral() as instance:
            result = job.with_hooks({advance}).execute_in_process(
                partition_key=edition, instance=instance, raise_on_error=False, run_config=config
            )
    for name in project.root.unread(edition):
        err.print(f"not read, since it is no export 不是导出文件，未读取: {shown(name)}", markup=False, highlight=False)
    if project.keys() is None:
        say(err, *NO_KEY)
    problems = [*_failed_steps(result), *_failed_checks(result, dg.AssetCheckSeverity.ERROR)]
    for problem in problems:
        err.print(problem, style="red", markup=False, highlight=False, soft_wrap=True)
    for warning in _failed_checks(result, dg.AssetCheckSeverity.WARN):
        err.print(warning, style="yellow", markup=False, highlight=False, soft_wrap=True)
    _tell(edition, result, err)
    if result.success:
        summary(edition, project.root, out)
    return 1 if problems or not result.success else 0


def _tell(edition: str, result: dg.ExecuteInProcessResult, err: Console) -> None:
    """Do what the sensors do for runs that Dagster started: write down what failed, and tell the channels.

    Each channel is tried once: nobody waits at the terminal for a host that is down, and what is due stays due.
    """
    failed = [failed_at(event) for event in result.all_events if event.is_step_failure]
    run = failed_run(result.job_def.name, failed[0]) if failed else Observed("run", result.job_def.name, None)
    checks = [observed(evaluation) for evaluation in result.get_asset_check_evaluations()]
    follow_observations(project.root.journal(edition), [*checks, run], Now(datetime.now(UTC), result.run_id))
    send(edition, project, err, wait=None)


def _failed_steps(result: dg.ExecuteInProcessResult) -> list[str]:
    """What stopped steps; what stopped many of them, such as a full disk, is said once."""
    failed = (event for event in result.all_events if event.is_step_failure)
    return [told for told in dict.fromkeys(map(_cause, failed)) if told]


def _cause(event: dg.DagsterEvent) -> str:
    """What the step told of itself, nothing if a check stopped it; of another error only the class, never its text.

    Raises:
        KeyboardInterrupt: it was stopped by hand, which Dagster records as a failure.
    """
    failure = event.step_failure_data
    if failure.user_failure_data is not None:
        return str(failure.user_failure_data.description)
    kind = failure.error.cls_name if failure.error else None
    if kind == dg.DagsterExecutionInterruptedError.__name__:
        raise KeyboardInterrupt
    if kind == "DagsterAssetCheckFailedError":
        return ""
    return CalmError.of(FAILURES, "unexpected", place=event.step_key, kind=kind).told


def _failed_checks(result: dg.ExecuteInProcessResult, severity: dg.AssetCheckSeverity) -> list[str]:
    evaluations = result.get_asset_check_evaluations()
    return [_failed(check) for check in evaluations if not check.passed and check.severity is severity]


def _failed(check: dg.AssetCheckEvaluation) -> str:
    """The check that failed, and below it what it found."""
    failed = CalmError.of(FAILURES, "failed_check", place=check.asset_key.to_user_string(), check=check.check_name)
    return "\n".join([failed.told, *(f"    {line}" for line in (check.description or "").splitlines())])
