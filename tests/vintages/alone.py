"""Run in a process of its own: assets materialized alone, after a check failed on one of them.

`python -m tests.vintages.alone EDITION` prints a line for each run: its assets, whether it succeeded, what it told.
"""

import json
import sys
from typing import Any
from unittest import mock

import dagster as dg

from assets.definitions import definitions
from calm_pipeline import marts
from calm_pipeline.commands.run import QUIET, _failed_steps

COUNTS = marts.option_counts


def one_more(*given: Any) -> Any:
    """A mart that counts one library too many."""
    found = COUNTS(*given)
    found.loc[0, "count"] += 1
    return found


def materialize(edition: str, *names: str) -> None:
    """Materialize these assets and nothing else, with the checks on them."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def("ingest").execute_in_process(
            partition_key=edition,
            instance=instance,
            raise_on_error=False,
            run_config=QUIET,
            asset_selection=[dg.AssetKey(name) for name in names],
        )
    failed = [one.check_name for one in result.get_asset_check_evaluations() if not one.passed]
    told = [line.splitlines()[0] for line in _failed_steps(result)]
    print(json.dumps([" ".join(names), result.success, failed, told]))  # noqa: T201


if __name__ == "__main__":
    with mock.patch.object(marts, "option_counts", one_more):
        materialize(sys.argv[1], "option_counts", "warehouse")
    materialize(sys.argv[1], "warehouse")
    materialize(sys.argv[1], "correlations", "warehouse")
    materialize(sys.argv[1], "option_counts")
    materialize(sys.argv[1], "warehouse")
    materialize(sys.argv[1], "claims", "claim_variants", "report_tables", "reconciliation", "warehouse")
