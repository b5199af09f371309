"""What a table says, apart from how it is stored: a digest of its rows."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calm_pipeline.order import Order
from calm_pipeline.tables import Contract

ROWS = 1 << 18
"""Rows that are digested as one batch; no more of a stored table is in memory."""
END = bytes.fromhex("ffffffff00000000")


def logical(table: pa.Table, contract: Contract) -> str:
    """SHA-256 of the rows in the order of their key, as an Arrow IPC stream; neither Parquet's encoding nor its pages
    matter.

    A table of an earlier contract may lack columns of this one. Columns that only tell where a row came from (`trace`
    in schemas/tables.yaml) are left out. What lies in memory under a null is nobody's, so each column goes in as its
    values, nulls filled, and as which of them are there.
    """
    ordered = table.sort_by([(name, "ascending") for name in contract.key])
    return _digest(ordered.to_batches(), ordered.schema, contract)


def logical_of(file: Path, contract: Contract) -> str:
    """The same of a stored table: it is in the order of its key, so that it need not be in memory."""
    stored, order = pq.ParquetFile(file, page_checksum_verification=True), Order(contract.key)

    def looked_at() -> Iterator[pa.RecordBatch]:
        for batch in stored.iter_batches(ROWS):
            order.look(batch)
            yield batch

    digest = _digest(looked_at(), stored.schema_arrow, contract)
    return digest if order.kept else logical(stored.read(), contract)


def _digest(batches: Iterable[pa.RecordBatch], schema: pa.Schema, contract: Contract) -> str:
    known = [field for field in contract.arrow() if field.name in schema.names]
    wanted = pa.schema([field for field in known if not contract.columns[field.name].trace])
    digested = sha256(_told(wanted.empty_table()).schema.serialize())
    for rows in _in_equal_parts(batches):
        (batch,) = _told(rows.select(wanted.names).cast(wanted)).to_batches()
        digested.update(batch.serialize())
    digested.update(END)
    return digested.hexdigest()


def _in_equal_parts(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """All rows, `ROWS` at a time, however they come."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        while sum(part.num_rows for part in held) >= ROWS:
            rows = pa.Table.from_batches(held)
            yield rows.slice(0, ROWS)
            held = rows.slice(ROWS).to_batches()
    if sum(part.num_rows for part in held):
        yield pa.Table.from_batches(held)


def _told(rows: pa.Table) -> pa.Table:
    columns: dict[str, Any] = {}
    for field in rows.schema:
        values = rows[field.name].combine_chunks()
        columns[field.name] = pc.fill_null(values, _zero(field.type))
        columns[f"{field.name} is there"] = pc.is_valid(values)
    return pa.table(columns).combine_chunks()


def _zero(kind: pa.DataType) -> "pa.Scalar[pa.DataType]":
    return pa.scalar("" if pa.types.is_string(kind) else False if pa.types.is_boolean(kind) else 0, kind)
