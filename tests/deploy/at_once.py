"""Many runs at the same moment, in processes of their own. Nothing here looks at a root before it is told which."""

import os
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

import dagster as dg

RUNS = 24
EDITIONS = [str(year) for year in range(2031, 2031 + RUNS)]
MADE = ("questions", "options", "libraries")
QUIET = {"loggers": {"console": {"config": {"log_level": "WARNING"}}}}


def run_all(environment: dict[str, str], home: str) -> None:
    """Load the definitions once; each run is a fork, which opens the instance for itself and waits for the others."""
    os.environ |= environment
    from assets.definitions import definitions

    job = definitions.resolve_job_def("ingest").get_subset(asset_selection=set(map(dg.AssetKey, MADE)))
    fork = get_context("fork")
    together = fork.Barrier(RUNS)
    runs = [fork.Process(target=run_one, args=(job, edition, home, together)) for edition in EDITIONS]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert not any(run.exitcode for run in runs)


def run_one(job: dg.JobDefinition, edition: str, home: str, together: Barrier) -> None:
    with dg.DagsterInstance.from_config(home) as instance:
        together.wait()
        done = job.execute_in_process(instance=instance, partition_key=edition, run_config=QUIET)
    assert done.success
