"""The default engine: DuckDB in memory behind ibis, set so that each step of an expression stays one subquery."""

import ibis


def connect() -> ibis.BaseBackend:
    """A fresh engine.

    Steps are kept apart: merged into one select, every use of a column would repeat its whole expression.
    """
    ibis.options.sql.fuse_selects = False
    return ibis.duckdb.connect()
