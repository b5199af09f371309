"""The DuckDB file: every published table of every edition, with keys, comments and nothing else."""

import os
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from calm_pipeline.errors import CalmError, Message
from calm_pipeline.root import Root
from calm_pipeline.tables import Contract


def build(root: Root, contracts: Mapping[str, Contract]) -> dict[str, int]:
    """Build the warehouse anew from the Parquet files and put it in the place of the old one.

    An edition that was never made to the end is left out.

    Returns:
        The number of rows of each table.

    Raises:
        CalmError: an edition in the warehouse has since stopped at a refused file; its tables do not fit together.
    """
    editions = _finished(root, contracts)
    root.warehouse.mkdir(parents=True, exist_ok=True)
    draft = root.database.with_name(f".calm.{os.getpid()}.duckdb")
    draft.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(draft)) as database:
            pointed_to_first = TopologicalSorter({name: contract.references for name, contract in contracts.items()})
            rows = {
                name: _load(database, root, name, contracts[name], editions) for name in pointed_to_first.static_order()
            }
            database.execute("CHECKPOINT")
        os.replace(draft, root.database)
    finally:
        draft.unlink(missing_ok=True)
    return rows


def _finished(root: Root, contracts: Mapping[str, Contract]) -> list[str]:
    finished = [edition for edition in root.editions if all(root.parquet(name, edition).exists() for name in contracts)]
    for edition in finished:
        if "refused" in pq.read_table(root.parquet("files", edition))["verdict"].to_pylist():
            raise CalmError(
                "stopped_edition",
                Message(f"edition {edition}", f"{edition} 年度"),
                Message("its last run stopped at a refused file", "上次运行因文件被拒收而中止"),
                Message(
                    f"Mend the file and run `calm run {edition}` again", f"请更正文件后重新运行 `calm run {edition}`"
                ),
            )
    return finished


def _load(database: duckdb.DuckDBPyConnection, root: Root, name: str, contract: Contract, editions: list[str]) -> int:
    for statement in contract.ddl(name):
        database.execute(statement)
    if files := [str(root.parquet(name, edition)) for edition in editions]:
        names = ", ".join(f'"{column}"' for column in contract.columns)
        database.execute(
            f'INSERT INTO "{name}" SELECT {names} FROM read_parquet(?) ORDER BY ALL',  # noqa: S608
            [files],
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
