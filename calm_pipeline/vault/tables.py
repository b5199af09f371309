"""Stored tables without the pseudonyms of whom nothing is kept: everything else of them stays to the last value."""

import stat
from collections.abc import Callable, Collection, Container
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from calm_pipeline import files, store


def without(table: pa.Table, pseudonyms: Collection[str], erased: Container[str]) -> pa.Table:
    """The table with its columns of `pseudonyms`, where it has them, empty in the rows of these submissions."""
    for name in (name for name in pseudonyms if name in table.column_names):
        submissions: list[Any] = table["submission_id"].to_pylist()
        cells = table[name].to_pylist()
        kept = [None if one in erased else cell for one, cell in zip(submissions, cells, strict=True)]
        table = table.set_column(table.column_names.index(name), table.schema.field(name), pa.array(kept, pa.string()))
    return table


def change(file: Path, changed: Callable[[pa.Table], pa.Table]) -> bool:
    """Change a stored table, at once; whether there was anything to change.

    The table is written as it was found: a survey may have been edited since, or be gone.

    Raises:
        CalmError: the file is damaged.
    """
    if not file.exists():
        return False
    table = store.load(file)
    kept = changed(table)
    if kept.equals(table):
        return False
    out = pa.BufferOutputStream()
    pq.write_table(kept, out, write_page_checksum=True)
    files.replace_durably(file, out.getvalue().to_pybytes(), stat.S_IMODE(file.stat().st_mode))
    return True
