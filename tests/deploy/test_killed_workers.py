"""A worker that is killed fails its run within two minutes and holds up nobody, whatever else died with it."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import dagster as dg
import pytest
from dagster import DagsterRunStatus as Status

from assets.automation import PARTITION
from tests.commands import FORKS, HOME
from tests.deploy.cluster import Cluster
from tests.deploy.services import SHIPPED, Site, kill_group, serve
from tests.trends.pair import write_pair

pytestmark = pytest.mark.xdist_group("deploy")
ONE, OTHER = "2031", "2033"
ALLOWED = 120


@pytest.fixture
def site(postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with TemporaryDirectory(prefix="calm-") as home:  # a socket's path must be short
        there = Site(write_pair(tmp_path, ONE, OTHER), Path(home), postgres.database())
        for name, value in there.environment.items():
            monkeypatch.setenv(name, value)
        there.configure(run_monitoring={"poll_interval_seconds": 1}, run_queue={"dequeue_interval_seconds": 1})
        yield there
        there.stop()


def launch(site: Site, job: str, edition: str) -> str:
    tags, workspace = json.dumps({PARTITION: edition}), HOME / "deploy" / "workspace.yaml"
    run_id = str(uuid4())
    arguments = ("job", "launch", "-w", str(workspace), "-j", job, "--tags", tags, "--run-id", run_id)
    service = FORKS.Process(
        target=serve, args=(site.environment, site.root, ("dagster", *arguments), site.home / "launch.log")
    )
    service.start()
    service.join()
    assert service.exitcode == 0, (site.home / "launch.err").read_text()
    return run_id


def until(holds: Callable[[], bool]) -> float:
    """The seconds until something holds."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < ALLOWED
        time.sleep(0.1)
    return time.monotonic() - begun


def test_a_killed_worker_and_a_machine_that_went_down(site: Site) -> None:
    """What dies with its worker is asked about every second here, and not as often as shipped."""
    with site.instance() as instance:

        def status(run_id: str) -> Status:
            run = instance.get_run_by_id(run_id)
            assert run is not None
            return run.status

        code, _ = site.code(), site.daemon()
        until(Path(site.environment["CALM_CODE_SOCKET"]).exists)
        alone, both = launch(site, "ingest", ONE), launch(site, "ingest", OTHER)
        waiting = launch(site, "tell", ONE)
        until(lambda: status(alone) is status(both) is Status.STARTED)
        assert status(waiting) is Status.QUEUED

        os.kill(worker(instance, alone), signal.SIGKILL)
        took = until(lambda: status(alone) is Status.FAILURE)
        assert took < ALLOWED
        until(lambda: status(waiting) is not Status.QUEUED)
        until(lambda: retried(instance) == {alone})

        kill_group(code)
        site.code()
        took = until(lambda: status(both) is Status.FAILURE)
        assert took + 2 * SHIPPED["run_monitoring"]["poll_interval_seconds"] < ALLOWED
        assert "no worker of this run" in said(instance, both)


def worker(instance: dg.DagsterInstance, run_id: str) -> int:
    events = instance.all_logs(run_id, dg.DagsterEventType.ENGINE_EVENT)
    told = [entry.get_dagster_event().event_specific_data.metadata for entry in events]
    return next(int(about["pid"].value) for about in told if "pid" in about)


def said(instance: dg.DagsterInstance, run_id: str) -> str:
    return " ".join(entry.message for entry in instance.all_logs(run_id, dg.DagsterEventType.RUN_FAILURE))


def retried(instance: dg.DagsterInstance) -> set[str | None]:
    """The runs that the daemon asked for again by itself."""
    return {run.parent_run_id for run in instance.get_runs() if "dagster/retry_number" in run.tags}
