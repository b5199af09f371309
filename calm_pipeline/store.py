"""Frames to Parquet and back: in the order of the key, with the contract's types and page checksums, or not at all."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandera.api.checks import Check
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from calm_pipeline.engine import collect, connect
from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.order import Order
from calm_pipeline.root import digest
from calm_pipeline.tables import Column, Contract

STORE: dict[str, Entry] = {
    "damaged_table": Entry(
        Message("{file}", "{file}"),
        Message("the stored table is damaged: its checksums do not fit", "所存数据表已损坏，校验和不符"),
        Message(
            "Run the edition again, which makes it anew; if it happens again, have the disk looked at",
            "请重新运行该年度以重新生成；若再次出现，请检查磁盘",
        ),
    )
}
Frame: TypeAlias = ir.Table | pa.RecordBatchReader | pa.Table | pd.DataFrame
CELLS_AT_ONCE = 2_000_000
"""How much of a table is in memory while it is written, and makes a row group of its file."""


@dataclass(frozen=True)
class Breach:
    """One promise of a contract that a table breaks. It says where and how, never which values."""

    column: str
    promise: str

    def __str__(self) -> str:
        return f"{self.column}: {self.promise}"


def breaches(table: ir.Table, contract: Contract) -> list[Breach]:
    """What Pandera finds wrong with `table`: first with its columns, then with its rows; empty if the contract holds.

    It asks one query a column, which takes seconds for hundreds of columns. So one query asks first whether any row
    breaks anything, and Pandera is asked only then.
    """
    return _judged(table, contract, ValidationDepth.SCHEMA_ONLY) or (
        _judged(table, contract, ValidationDepth.SCHEMA_AND_DATA) if _doubtful(table, contract) else []
    )


def _doubtful(table: ir.Table, contract: Contract) -> bool:
    promises = {name: _kept(table[name], column) for name, column in contract.columns.items()}
    held = [promise.all().fill_null(True).name(name) for name, promise in promises.items()]
    if contract.stage == "stage":
        key = ibis.struct([(name, table[name]) for name in contract.key])
        held.append((key.nunique() == table.count()).name("unique key"))
    return not collect(table.agg(held)).to_numpy().all()


def _kept(values: ir.Column, column: Column) -> ir.BooleanValue:
    """Whether each value keeps what is promised of the column; of an empty table nothing is broken."""
    absent = values.isnull() | values.isnan() if column.type == "number" else values.isnull()
    listed = values.isin(column.values) if column.values else ibis.literal(True)
    return ibis.ifelse(absent, column.nullable, listed)


def _judged(table: ir.Table, contract: Contract, depth: ValidationDepth) -> list[Breach]:
    try:
        with config_context(validation_depth=depth):
            contract.pandera().validate(table, lazy=True)
    except SchemaErrors as errors:
        found = ((error.schema, error.check, error.reason_code) for error in errors.schema_errors)
        return [Breach(str(schema.name or "table"), _promise(check, reason)) for schema, check, reason in found]
    return []


def _promise(check: object, reason: object) -> str:
    return str(check.error or check.name) if isinstance(check, Check) else str(check or reason)


def write(frame: Frame, contract: Contract, file: Path) -> int:
    """Write `frame` to `file` at once and return its number of rows; a reader sees the old file or the new one.

    What streams is written as it comes, in memory for a few thousand rows; if it does not come in the order of the key
    it is put in order afterwards.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    ordered = draft.with_name(f"{draft.name}.ordered")
    try:
        rows, in_order = _written(_batches(frame, contract), contract, draft)
        if not in_order:
            _written(_sorted(draft, contract), contract, ordered)
            os.replace(ordered, draft)
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
        ordered.unlink(missing_ok=True)
    return rows


def _written(batches: Iterable[pa.RecordBatch], contract: Contract, file: Path) -> tuple[int, bool]:
    """How many rows were written, and whether they came in the order of the key."""
    schema, order, rows = contract.arrow(), Order(contract.key), 0
    with pq.ParquetWriter(file, schema, write_page_checksum=True) as writer:
        for batch in batches:
            if batch.num_rows:
                cast = pa.RecordBatch.from_arrays(_cast(batch, schema), schema=schema)
                writer.write_batch(cast)
                order.look(cast)
                rows += batch.num_rows
    return rows, order.kept


def _batches(frame: Frame, contract: Contract) -> Iterable[pa.RecordBatch]:
    schema = contract.arrow()
    if isinstance(frame, ir.Table):
        return _streamed(frame.select(*schema.names))
    if isinstance(frame, pa.RecordBatchReader):
        return frame
    if isinstance(frame, pd.DataFrame):
        frame = pa.Table.from_pandas(frame.reindex(columns=schema.names), schema=schema, preserve_index=False)
    table = frame.select(schema.names) if frame.num_columns else schema.empty_table()
    return table.cast(schema).sort_by([(name, "ascending") for name in contract.key]).to_batches()


def _sorted(file: Path, contract: Contract) -> Iterable[pa.RecordBatch]:
    """What was written, in the order of the key; of a large table the engine keeps most on disk meanwhile."""
    return _streamed(connect().read_parquet(file).order_by(list(contract.key)))


def _streamed(table: ir.Table) -> pa.RecordBatchReader:
    streamed: pa.RecordBatchReader = table.to_pyarrow_batches(chunk_size=max(CELLS_AT_ONCE // len(table.columns), 1))
    return streamed


def _cast(batch: pa.RecordBatch, schema: pa.Schema) -> "list[pa.Array[Any]]":
    """The columns of the schema, cast; a null where none may be is found out by the contract's check."""
    return [batch.column(field.name).cast(field.type) for field in schema]


def read(engine: ibis.BaseBackend, file: Path, known: str | None = None) -> ir.Table:
    """The stored table as an expression on `engine`, which knows no page checksums: they are looked at first.

    Whoever wrote the file may say by its SHA-256 what must be there: to compare that takes less than to read all pages.

    Raises:
        CalmError: the file is damaged.
    """
    if known is not None:
        if digest(file) != known:
            raise CalmError.of(STORE, "damaged_table", file=file)
        return engine.read_parquet(file)
    with _sound(file):
        for _ in pq.ParquetFile(file, page_checksum_verification=True).iter_batches():
            pass
    return engine.read_parquet(file)


def load(file: Path, columns: list[str] | None = None) -> pa.Table:
    """The stored table, or some of its columns, in memory.

    Raises:
        CalmError: the file is damaged.
    """
    with _sound(file):
        return pq.read_table(file, columns=columns, page_checksum_verification=True)


@contextmanager
def _sound(file: Path) -> Iterator[None]:
    """What pyarrow finds wrong with the bytes of a file has no number of the system, and may quote them."""
    try:
        yield
    except (OSError, pa.ArrowInvalid) as error:
        if isinstance(error, FileNotFoundError) or (isinstance(error, OSError) and error.errno is not None):
            raise
        raise CalmError.of(STORE, "damaged_table", file=file) from None
