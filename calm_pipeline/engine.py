"""The default engine: DuckDB in memory behind ibis, set so that each step of an expression stays one subquery."""

from tempfile import gettempdir
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

MEMORY = "1GiB"
"""What the engine may take for itself; beyond that it works on disk."""


def connect() -> ibis.BaseBackend:
    """A fresh engine.

    Steps are kept apart: merged into one select, every use of a column would repeat its whole expression.
    """
    ibis.options.sql.fuse_selects = False
    return ibis.duckdb.connect(memory_limit=MEMORY, temp_directory=gettempdir())


def collect(table: ir.Table) -> pd.DataFrame:
    """A table that is small by nature, as a pandas frame."""
    frame: pd.DataFrame = table.to_pyarrow().to_pandas()
    return frame


def value(scalar: ir.Scalar) -> Any:
    """The value of a scalar expression; None for null."""
    return scalar.to_pyarrow().as_py()
