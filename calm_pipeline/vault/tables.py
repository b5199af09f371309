"""Stored tables without the pseudonyms of whom nothing is kept: everything else of them stays to the last value."""

from collections.abc import Container
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from calm_pipeline import store
from calm_pipeline.tables import Contract


def without(table: pa.Table, contract: Contract, erased: Container[str]) -> pa.Table:
    """The table with its pseudonyms empty in the rows of these submissions."""
    submissions: list[Any] = table["submission_id"].to_pylist() if contract.pseudonyms else []
    for name in contract.pseudonyms:
        cells = table[name].to_pylist()
        kept = [None if one in erased else cell for one, cell in zip(submissions, cells, strict=True)]
        table = table.set_column(table.column_names.index(name), name, pa.array(kept, pa.string()))
    return table


def erase(file: Path, contract: Contract, erased: Container[str]) -> bool:
    """Do the same to a stored table, at once; whether there was anything to empty."""
    if not (contract.pseudonyms and file.exists()):
        return False
    table = pq.read_table(file)
    emptied = without(table, contract, erased)
    if emptied.equals(table):
        return False
    store.write(emptied, contract, file)
    return True
