"""Frames to Parquet and back: in the order of the key, with the contract's types and page checksums, or not at all."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandera.api.checks import Check
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from calm_pipeline import apart, parts
from calm_pipeline.engine import collect, streamed
from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.root import digest, parts_of
from calm_pipeline.sheet import Sheet, rows_at_once
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
    it is put in order afterwards. A table in parts becomes a folder of that name if there is more than one part.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)  # of somebody who was killed, and whose number this process has now
    draft.mkdir(parents=True)
    try:
        alone = isinstance(frame, ir.Table) and contract.parts == "alone"
        if alone and (stored := apart.sources(frame)):
            apart.write(frame, stored, contract, file, draft)
        else:
            with _batches(frame, contract, draft.with_name(f"{draft.name}.parts")) as batches:
                _written(batches, contract, draft)
        rows = sum(pq.read_metadata(part).num_rows for part in draft.glob("*.parquet"))
        parts.put(draft, file)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        pa.default_memory_pool().release_unused()  # the next step has it for the engine
    return rows


def _written(batches: Iterable[pa.RecordBatch], contract: Contract, draft: Path) -> None:
    out = Sheet(contract, draft / "whole.parquet") if contract.parts == "none" else parts.Parts(contract, draft)
    for batch in batches:
        out.add(batch)
    out.close()


@contextmanager
def _batches(frame: Frame, contract: Contract, scratch: Path) -> Iterator[Iterable[pa.RecordBatch]]:
    schema, key = contract.arrow(), list(contract.key)
    if isinstance(frame, ir.Table):
        with streamed(frame.select(*schema.names), key, scratch, rows_at_once(contract)) as batches:
            yield batches
    elif isinstance(frame, pa.RecordBatchReader):
        yield frame
    else:
        if isinstance(frame, pd.DataFrame):
            frame = pa.Table.from_pandas(frame.reindex(columns=schema.names), schema=schema, preserve_index=False)
        table = frame.select(schema.names) if frame.num_columns else schema.empty_table()
        yield table.cast(schema).sort_by([(name, "ascending") for name in key]).to_batches()


def read(engine: ibis.BaseBackend, file: Path, known: str | None = None) -> ir.Table:
    """The stored table as an expression on `engine`, which knows no page checksums: they are looked at first.

    Whoever wrote the file may say by its SHA-256 what must be there: to compare that takes less than to read all pages.
    DuckDB knows the table by its path.

    Raises:
        CalmError: the file is damaged.
    """
    if known is not None and digest(file) != known:
        raise CalmError.of(STORE, "damaged_table", file=file)
    if known is None:
        with _sound(file):
            for part in parts_of(file):
                for _ in pq.ParquetFile(part, page_checksum_verification=True).iter_batches():
                    pass
    name = str(file) if engine.name == "duckdb" else None
    return engine.read_parquet(f"{file}/*.parquet" if file.is_dir() else file, table_name=name)


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
