"""`calm run`: the ingest job of Dagster in this process, and a summary from the warehouse it built."""

from typing import Any

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from assets.definitions import definitions
from assets.project import project
from calm_pipeline.commands.query import summary
from calm_pipeline.exports.privacy import shown

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run(edition: str, out: Console, err: Console) -> int:
    """Run the job; 0 if every asset was made and no check failed but such as only warn."""
    job = definitions.resolve_job_def("ingest")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task(edition, total=len(job.graph.nodes))

        @dg.success_hook(name="advance")
        def advance(context: dg.HookContext) -> None:
            progress.update(bar, advance=1, description=context.op.name)

        with dg.DagsterInstance.ephemeral() as instance:
            result = job.with_hooks({advance}).execute_in_process(
                partition_key=edition, instance=instance, raise_on_error=False, run_config=QUIET
            )
    for name in project.root.unread(edition):
        err.print(f"not read, since it is no export: {shown(name)}", markup=False, highlight=False)
    problems = [*_failed_steps(result), *_failed_checks(result, dg.AssetCheckSeverity.ERROR)]
    for problem in problems:
        err.print(problem, style="red", markup=False, highlight=False)
    for warning in _failed_checks(result, dg.AssetCheckSeverity.WARN):
        err.print(warning, style="yellow", markup=False, highlight=False)
    if result.success:
        summary(edition, project.root, out)
    return 1 if problems or not result.success else 0


def _failed_steps(result: dg.ExecuteInProcessResult) -> list[str]:
    failures = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    errors = [failure.error for failure in failures if failure.error]
    return [_cause(error) for error in errors if error.cls_name != "DagsterAssetCheckFailedError"]


def _cause(error: Any) -> str:
    """The innermost cause in its own words: our errors speak for themselves."""
    while error.cause is not None:
        error = error.cause
    return str(error.message).strip().rpartition(f".{error.cls_name}: ")[2]


def _failed_checks(result: dg.ExecuteInProcessResult, severity: dg.AssetCheckSeverity) -> list[str]:
    evaluations = result.get_asset_check_evaluations()
    return [
        f"{check.asset_key.to_user_string()}: {check.check_name} failed: {check.description}"
        for check in evaluations
        if not check.passed and check.severity is severity
    ]
