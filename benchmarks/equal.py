"""Whether contenders made the same of the same files: their figures, and every row of the tables they stored."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

TABLES = {
    "selections": "edition, submission_id, question, field, option, state, selected, rank",
    "index_scores": "submission_id, index_name, sum, round(mean_share, 9), round(mean_z, 9)",
}
"""By what rows are compared; scores beyond nine decimals differ with the order in which an engine adds."""


class DifferentError(Exception):
    """Two contenders disagree."""


def made(result: Path, tables: Mapping[str, list[Path]]) -> dict[str, Any]:
    """What one contender made: its figures, and rows and a digest of each table that hangs on no order."""
    figures: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))["figures"]
    return {**figures, **{name: _digest(file, TABLES[name]) for name, file in tables.items()}}


def _digest(files: list[Path], columns: str) -> list[int]:
    statement = f"select count(*), bit_xor(hash({columns})) from read_parquet($1)"
    with duckdb.connect() as engine:
        return list(engine.execute(statement, [[str(file) for file in files]]).fetchone() or ())


def same(results: Mapping[str, dict[str, Any]]) -> None:
    """Compare everybody with the first.

    Raises:
        DifferentError: somebody made something else.
    """
    first, *others = results
    for other in others:
        for what, figure in results[first].items():
            if results[other][what] != figure:
                raise DifferentError(f"{what} of {other} is not that of {first}")
