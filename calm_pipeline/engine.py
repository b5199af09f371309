"""The engine that runs the expressions: DuckDB in this process, or Spark for an edition that outgrew one machine.

Not here: what Spark must be told so that it means the same, which is in `spark`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from calm_pipeline.engines import Engine

MEMORY = "1GiB"
"""What the engine may take for itself; beyond that it works on disk."""


def connect(engine: Engine = Engine.duckdb) -> ibis.BaseBackend:
    """A fresh DuckDB in memory, or the session of Spark that this process has.

    Steps are kept apart: merged into one select, every use of a column would repeat its whole expression.

    Raises:
        CalmError: Spark or its Java is not installed, or it did not start.
    """
    ibis.options.sql.fuse_selects = False
    if engine is Engine.duckdb:
        return _duckdb()
    from calm_pipeline.spark.session import session

    started = session()
    from calm_pipeline.spark.backend import behind

    return behind(started)


def _duckdb() -> ibis.BaseBackend:
    return ibis.duckdb.connect(memory_limit=MEMORY, temp_directory=gettempdir())


def collect(table: ir.Table) -> pd.DataFrame:
    """A table that is small by nature, as a pandas frame."""
    frame: pd.DataFrame = table.to_pyarrow().to_pandas()
    return frame


def value(scalar: ir.Scalar) -> Any:
    """The value of a scalar expression; None for null."""
    return scalar.to_pyarrow().as_py()


@contextmanager
def streamed(table: ir.Table, key: list[str], scratch: Path, rows: int) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows of a table, at most `rows` in a batch, however many there are; in any order.

    Spark would hand them over all at once. It writes them below `scratch`, a folder that must not exist and is removed
    again, where this process can read them, and DuckDB puts them in the order of `key` while it reads.
    """
    backend = ibis.get_backend(table)
    if backend.name == "duckdb":
        yield table.to_pyarrow_batches(chunk_size=rows)
        return
    from calm_pipeline.spark.backend import spilled

    with spilled(backend, table, scratch) as parts:
        yield _duckdb().read_parquet(parts).order_by(key).to_pyarrow_batches(chunk_size=rows)
