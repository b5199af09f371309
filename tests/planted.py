"""Run in a process of its own: a failure with a planted value at one place of a step, and all that Dagster keeps of it.

`python -m tests.planted FOLDER` writes for each site the whole event log and what the run tells; the root is CALM_ROOT.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import dagster as dg
import ibis

from assets.definitions import definitions
from calm_pipeline import checks, normalize, store
from calm_pipeline.commands.run import QUIET, _failed_steps
from calm_pipeline.errors import CalmError, Message

CANARY = "13912345678"


def _raise(error: BaseException) -> Callable[..., Any]:
    def planted(*_: object) -> None:
        raise error

    return planted


def _cast(*_: object) -> object:
    """A cell that cannot be cast, found out only when the table is stored."""
    cells = ibis.memtable({"cell": [f"{CANARY}x"]})
    return cells.select(number=ibis._.cell.cast("int"))


def _chained(*_: object) -> None:
    try:
        int(f"{CANARY}x")
    except ValueError as error:
        said = Message("said", "已说明")
        raise CalmError("planted", said, said, said) from error


SITES: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "body": (normalize, "questions", lambda *_: int(f"{CANARY}x")),
    "chain": (normalize, "questions", _chained),
    "database": (store, "_batches", lambda *_: _cast().to_pyarrow_batches()),  # type: ignore[attr-defined]
    "output": (store, "write", _raise(ValueError(CANARY))),
    "full": (store, "write", _raise(OSError(28, CANARY))),
    "input": (store, "read", _raise(KeyError(CANARY))),
    "check": (checks, "contract", _raise(RuntimeError(CANARY))),
}


def fail_at(site: str, folder: Path) -> None:
    asset = dg.AssetKey("editions" if site == "input" else "questions")
    with dg.DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def("ingest").execute_in_process(
            partition_key="2023", instance=instance, raise_on_error=False, run_config=QUIET, asset_selection=[asset]
        )
        log = "\n".join(map(str, instance.all_logs(result.run_id)))
    (folder / f"{site}.log").write_text(log, encoding="utf-8")
    (folder / f"{site}.told").write_text("\n".join(_failed_steps(result)), encoding="utf-8")


if __name__ == "__main__":
    for site, (owner, name, planted) in SITES.items():
        with mock.patch.object(owner, name, planted):
            fail_at(site, Path(sys.argv[1]))
