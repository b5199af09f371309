"""Whether contenders made the same of the same files: their figures, and every row of the tables they stored."""

import json
from collections.abc import Mapping
from math import isclose
from pathlib import Path
from typing import Any

import duckdb

TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "selections": ("edition, submission_id, question, field, option, state, selected, rank", ()),
    "index_scores": ("submission_id, index_name, sum", ("mean_share", "mean_z")),
}
"""By what rows are compared: what is equal, and numbers that differ in the last digits with the order of adding."""
CLOSE = 1e-9


class DifferentError(Exception):
    """Two contenders disagree."""


def made(result: Path, tables: Mapping[str, list[Path]]) -> dict[str, Any]:
    """What one contender made: its figures, and of each table its rows and sums that hang on no order."""
    figures: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))["figures"]
    return {**figures, **{name: _digest(file, *TABLES[name]) for name, file in tables.items()}}


def _digest(files: list[Path], columns: str, numbers: tuple[str, ...]) -> list[float]:
    """Rows, an exclusive or of the hashes of all, and of each number the sum, each row weighed by its hash."""
    sums = "".join(f", sum({number} * (hash({columns}) % 1000003))" for number in numbers)
    statement = f"select count(*), bit_xor(hash({columns})){sums} from read_parquet($1)"
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
            if not _alike(results[other][what], figure):
                raise DifferentError(f"{what} of {other} is not that of {first}")


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return isclose(one, other, rel_tol=CLOSE) if isinstance(one, float) and isinstance(other, float) else one == other
