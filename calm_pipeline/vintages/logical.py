"""What a table says, apart from how it is stored: a digest of its rows."""

from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline.tables import Contract


def logical(table: pa.Table, contract: Contract) -> str:
    """SHA-256 of the rows in the order of their key, as Arrow IPC; neither Parquet's encoding nor its pages matter.

    A table of an earlier contract may lack columns of this one. Columns that only tell where a row came from (`trace`
    in schemas/tables.yaml) are left out. What lies in memory under a null is nobody's, so each column goes in as its
    values, nulls filled, and as which of them are there.
    """
    schema = pa.schema([field for field in contract.arrow() if field.name in table.column_names])
    ordered = table.select(schema.names).cast(schema).sort_by([(name, "ascending") for name in contract.key])
    kept = [field for field in schema if not contract.columns[field.name].trace]
    columns: dict[str, Any] = {}
    for field in kept:
        values = ordered[field.name].combine_chunks()
        columns[field.name] = pc.fill_null(values, _zero(field.type))
        columns[f"{field.name} is there"] = pc.is_valid(values)
    out = pa.BufferOutputStream()
    whole = pa.table(columns).combine_chunks()
    with pa.ipc.new_stream(out, whole.schema) as stream:
        stream.write_table(whole)
    return sha256(out.getvalue()).hexdigest()


def _zero(kind: pa.DataType) -> "pa.Scalar[pa.DataType]":
    return pa.scalar("" if pa.types.is_string(kind) else False if pa.types.is_boolean(kind) else 0, kind)
