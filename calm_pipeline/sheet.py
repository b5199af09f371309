"""One Parquet file as it is written: under a contract, in the order of its key, with page checksums."""

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from calm_pipeline.engine import connect
from calm_pipeline.order import Order
from calm_pipeline.tables import Contract

CELLS_AT_ONCE = 2_000_000
"""How much of a table is in memory while it is written, and makes a row group of its file."""


def rows_at_once(contract: Contract) -> int:
    """So many rows of the table have as many cells as may be in memory."""
    return max(CELLS_AT_ONCE // len(contract.columns), 1)


class Sheet:
    """Takes rows in any order; if it was not that of the key, they are put in it at the end.

    The same rows make the same bytes, however they were divided when they came.
    """

    def __init__(self, contract: Contract, file: Path) -> None:
        self.file, self._at_once = file, rows_at_once(contract)
        self._contract, self._schema, self._order = contract, contract.arrow(), Order(contract.key)
        self._held: list[pa.RecordBatch] = []
        self._writer = pq.ParquetWriter(file, self._schema, write_page_checksum=True)

    def add(self, batch: pa.RecordBatch) -> None:
        """The next rows; a null where none may be is found out by the contract's check."""
        self._held.append(batch)
        while sum(one.num_rows for one in self._held) >= self._at_once:
            self._write()

    def _write(self) -> None:
        """A row group."""
        rows = pa.Table.from_batches(self._held)
        self._held = rows.slice(self._at_once).to_batches()
        (batch,) = rows.slice(0, self._at_once).combine_chunks().to_batches()
        cells: list[pa.Array[Any]] = [batch.column(field.name).cast(field.type) for field in self._schema]
        cast = pa.RecordBatch.from_arrays(cells, schema=self._schema)
        self._writer.write_batch(cast)
        self._order.look(cast)

    def close(self) -> None:
        """Write what remains."""
        if any(one.num_rows for one in self._held):
            self._write()
        self._writer.close()
        if not self._order.kept:
            ordered = self.file.with_name(f"{self.file.name}.ordered")
            _sort(self.file, self._contract, ordered)
            os.replace(ordered, self.file)


def _sort(draft: Path, contract: Contract, to: Path) -> None:
    """Write a draft again in the order of the key; of a large table the engine keeps most on disk meanwhile."""
    rows = connect().read_parquet(draft).order_by(list(contract.key))
    sheet = Sheet(contract, to)
    for batch in rows.to_pyarrow_batches(chunk_size=rows_at_once(contract)):
        sheet.add(batch)
    sheet.close()
