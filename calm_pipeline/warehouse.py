"""The DuckDB file: every published table of every edition, with keys, comments and nothing else."""

import os
from collections.abc import Mapping
from pathlib import Path

import duckdb

from calm_pipeline.errors import CalmError, Message
from calm_pipeline.root import Root
from calm_pipeline.tables import Contract


def build(root: Root, contracts: Mapping[str, Contract]) -> dict[str, int]:
    """Build the warehouse anew from the Parquet files and put it in the place of the old one.

    Returns:
        The number of rows of each table.
    """
    root.warehouse.mkdir(parents=True, exist_ok=True)
    draft = root.database.with_name(f".calm.{os.getpid()}.duckdb")
    draft.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(draft)) as database:
            rows = {name: _load(database, root, name, contract) for name, contract in _in_order(contracts)}
            database.execute("CHECKPOINT")
        os.replace(draft, root.database)
    finally:
        draft.unlink(missing_ok=True)
    return rows


def _in_order(contracts: Mapping[str, Contract]) -> list[tuple[str, Contract]]:
    """Tables that are pointed to before those that point to them."""
    placed: dict[str, Contract] = {}
    while len(placed) < len(contracts):
        ready = {n: c for n, c in contracts.items() if n not in placed and set(c.references) <= set(placed)}
        if not ready:
            raise ValueError("the tables point to each other in a circle")
        placed |= ready
    return list(placed.items())


def _load(database: duckdb.DuckDBPyConnection, root: Root, name: str, contract: Contract) -> int:
    for statement in contract.ddl(name):
        database.execute(statement)
    files = [file for edition in root.editions if (file := root.parquet(name, edition)).exists()]
    if files:
        names = ", ".join(f'"{column}"' for column in contract.columns)
        database.execute(
            f'INSERT INTO "{name}" SELECT {names} FROM read_parquet(?) ORDER BY ALL',  # noqa: S608
            [[str(file) for file in files]],
        )
    row = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open the warehouse for reading: no writes, no other files, no settings changed.

    Raises:
        CalmError: there is no warehouse yet.
    """
    if not database.exists():
        raise CalmError(
            "no_warehouse",
            Message(str(database), str(database)),
            Message("the warehouse does not exist yet", "数据仓库尚未建立"),
            Message("`calm run EDITION` builds it", "请先运行 `calm run 年度`"),
        )
    connection = duckdb.connect(str(database), read_only=True)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
