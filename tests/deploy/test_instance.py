"""deploy/dagster.yaml gives the instance that docs/deploy.md promises, and 24 runs at once do not get in its way."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest
from dagster._core.run_coordinator.queued_run_coordinator import QueuedRunCoordinator
from dagster_postgres import DagsterPostgresStorage

from assets.automation import PARTITION
from assets.workers import WatchedRunLauncher
from tests.commands import FORKS
from tests.deploy.at_once import EDITIONS, MADE, RUNS, run_all
from tests.deploy.cluster import Cluster
from tests.deploy.services import Site
from tests.trends.pair import FIRST, write_pair

pytestmark = pytest.mark.xdist_group("deploy")


@pytest.fixture
def site(postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    root = write_pair(tmp_path / "root", EDITIONS[0], EDITIONS[1])
    for edition in EDITIONS[2:]:
        root.joinpath("schemas", "surveys", f"{edition}.yaml").write_text(FIRST.format(edition=edition), "utf-8")
    there = Site(root, tmp_path / "home", postgres.database())
    for name, value in there.environment.items():
        monkeypatch.setenv(name, value)
    there.configure()
    return there


def test_the_instance_is_the_one_that_is_documented(site: Site) -> None:
    with site.instance() as instance:
        storage = instance._ref.storage  # type: ignore[union-attr]
        assert isinstance(storage, DagsterPostgresStorage)
        assert isinstance(instance.run_launcher, WatchedRunLauncher)
        assert isinstance(instance.run_coordinator, QueuedRunCoordinator)
        assert instance.run_monitoring_enabled
        assert not instance.telemetry_enabled
        begun = instance.run_monitoring_start_timeout_seconds + 2 * instance.run_monitoring_poll_interval_seconds
        assert begun <= 120, "a worker that never began"
        assert instance.run_retries_max_retries > 0
        assert not instance.run_retries_retry_on_asset_or_op_failure
        queue = instance.get_concurrency_config().run_queue_config
        assert queue is not None
        limit = {"key": PARTITION, "value": {"applyLimitPerUniqueValue": True}, "limit": 1}
        assert queue.tag_concurrency_limits == [limit]


def test_24_runs_at_once(site: Site, postgres: Cluster) -> None:
    """Each in a process of its own, all at the same moment: reference tables of 24 editions, with their checks.

    They are the cheapest assets, so the runs spend their time where they meet: in the instance. Runs of one edition
    never meet, by the queue; the queue and the code server have a test of their own.
    """
    with site.instance():
        said = len(postgres.log())  # the tables are there now
    parent = FORKS.Process(target=run_all, args=(site.environment, str(site.home)))
    parent.start()
    parent.join()
    assert parent.exitcode == 0
    with site.instance() as instance:
        runs = instance.get_runs()
        assert sorted(run.tags[PARTITION] for run in runs) == EDITIONS
        assert {run.status for run in runs} == {dg.DagsterRunStatus.SUCCESS}
        for name in MADE:
            counted = instance.get_status_by_partition(
                dg.AssetKey(name), EDITIONS, dg.StaticPartitionsDefinition(EDITIONS)
            )
            assert len(counted or {}) == RUNS, name
    for edition in EDITIONS:
        assert pq.read_table(site.root / f"data/warehouse/tables/libraries/{edition}.parquet").num_rows == 8
    assert "ERROR" not in postgres.log()[said:]
