"""Whether the worker of a run still lives: what run monitoring asks in production (deploy/dagster.yaml)."""

from dagster import DagsterRun, DefaultRunLauncher
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus
from dagster._grpc.types import CanCancelExecutionRequest, CanCancelExecutionResult
from dagster._serdes import ConfigurableClassData, deserialize_value


class WatchedRunLauncher(DefaultRunLauncher):
    """Dagster's own launcher, which can also be asked about a worker.

    The code server fails a run whose worker died. If it dies as well, as when the machine is restarted, the run would
    stay started for ever and hold up the next one of its edition. A new code server knows nothing of earlier runs.
    It is asked twice: the daemon, which is going to try the run again, has then had the time to find it as well.
    """

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(inst_data)
        self._unknown: set[str] = set()

    @property
    def supports_check_run_worker_health(self) -> bool:
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Ask the code server that was given the run; one that does not answer is being restarted, and asked again."""
        client = self._get_grpc_client_for_termination(run.run_id)
        if client is None:
            return CheckRunHealthResult(WorkerStatus.NOT_FOUND, "the run was given to no code server")
        try:
            answer = client.can_cancel_execution(CanCancelExecutionRequest(run_id=run.run_id))
        except DagsterUserCodeUnreachableError:
            return CheckRunHealthResult(WorkerStatus.RUNNING, "the code server does not answer")
        known = deserialize_value(answer, CanCancelExecutionResult).can_cancel
        if known or run.run_id not in self._unknown:
            (self._unknown.discard if known else self._unknown.add)(run.run_id)
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.NOT_FOUND, "the code server knows no worker of this run")
