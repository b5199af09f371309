"""Making vintages anew without what may no longer be kept: all else of them stays, and so do their numbers."""

import os
from collections.abc import Callable, Mapping
from graphlib import TopologicalSorter
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from calm_pipeline.errors import CalmError
from calm_pipeline.root import DATABASE, Root, digest, place
from calm_pipeline.tables import Contract, quoted
from calm_pipeline.vintages import disk
from calm_pipeline.vintages.current import MANIFEST, Vintage, folders, pointed_to
from calm_pipeline.vintages.current import number as numbered
from calm_pipeline.vintages.lock import publishing
from calm_pipeline.vintages.logical import logical
from calm_pipeline.vintages.manifest import Edition, named
from calm_pipeline.vintages.revisions import ID
from calm_pipeline.warehouse import BLOCK

Change = Callable[[str, Contract, pa.Table], pa.Table]
"""From an edition, a contract and rows to the rows that may be kept, in the same columns and order."""
Changed = dict[tuple[str, str], pa.Table]
"""The tables that may not stay as they are, by edition and name."""


class Rewritten(NamedTuple):
    """The folders made, and those left as they are since they are not what was published."""

    made: list[Path]
    left: list[Path]


def rewrite(root: Root, change: Change, contracts: Mapping[str, Contract], by: str) -> Rewritten:
    """Make every vintage anew that holds what `change` takes out, and remove the old one.

    The manifest says `rewritten`; what its gates saw are the bytes before. Whoever has the old one open is not
    disturbed. Broken off anywhere, it is finished when it is done again. A damaged vintage stops no other: it is left
    as it is and returned in `left`, and whoever calls must say so.

    Raises:
        CalmError: somebody publishes for too long.
    """
    made: list[Path] = []
    left: list[Path] = []
    names: dict[int, str] = {}
    with publishing(root, by):
        disk.sweep(root.vintages)
        for number, same in groupby(folders(root), key=numbered):
            paths = list(same)
            try:
                kept = _kept(root, [Vintage.at(path) for path in paths], change, contracts, names)
            except CalmError:
                left += paths
                continue
            for old in paths:
                if old != kept.path:
                    made.append(kept.path)
                    _replace(root, old, kept.path)
            names[number] = kept.path.name
    return Rewritten(list(dict.fromkeys(made)), left)


def _kept(
    root: Root,
    vintages: list[Vintage],
    change: Change,
    contracts: Mapping[str, Contract],
    names: Mapping[int, str],
) -> Vintage:
    """Of the vintages of one number that which stays, made if need be.

    Raises:
        CalmError: a file that had to be read is not what was published.
    """
    changes = [_changed(one, change, contracts) for one in vintages]
    whole = [one for one, changed in zip(vintages, changes, strict=True) if not changed and _parent(one, names) is None]
    return whole[-1] if whole else _anew(root, vintages[-1], changes[-1], contracts, names)


def _changed(vintage: Vintage, change: Change, contracts: Mapping[str, Contract]) -> Changed:
    found: Changed = {}
    for edition, held in vintage.manifest.editions.items():
        for name in held.tables.keys() & contracts.keys():
            if ID in contracts[name].columns:
                rows = vintage.table(name, edition)
                kept = change(edition, contracts[name], rows)
                if not kept.equals(rows):
                    found[edition, name] = kept
    return found


def _parent(vintage: Vintage, names: Mapping[int, str]) -> str | None:
    """The name that its parent has now, if that is another one."""
    was = vintage.manifest.parent
    now = names.get(int(was.partition("-")[0])) if was else None
    return now if now != was else None


def _anew(
    root: Root, vintage: Vintage, changed: Changed, contracts: Mapping[str, Contract], names: Mapping[int, str]
) -> Vintage:
    with disk.draft(root.vintages) as draft:
        for file in vintage.manifest.files:
            (draft / file).parent.mkdir(parents=True, exist_ok=True)
            os.link(vintage.file(file), draft / file)
        editions = dict(vintage.manifest.editions)
        for (edition, name), rows in changed.items():
            editions[edition] = _edition(editions[edition], edition, name, rows, contracts[name], draft)
        if changed:
            (draft / DATABASE).unlink()
            _database(vintage.path / DATABASE, draft, {name for _, name in changed})
        manifest = vintage.manifest.model_copy(
            update={
                "parent": _parent(vintage, names) or vintage.manifest.parent,
                "database": digest(draft / DATABASE),
                "editions": editions,
                "rewritten": vintage.manifest.rewritten or bool(changed),
            }
        )
        (draft / MANIFEST).write_bytes(manifest.as_bytes())
        return Vintage(disk.keep(draft, named(manifest.number, manifest.as_bytes())), manifest)


def _edition(held: Edition, edition: str, name: str, rows: pa.Table, contract: Contract, draft: Path) -> Edition:
    file = draft / place(name, edition)
    file.unlink()
    pq.write_table(rows, file, write_page_checksum=True)
    table = held.tables[name].model_copy(update={"sha256": digest(file), "logical": logical(rows, contract)})
    return held.model_copy(update={"tables": {**held.tables, name: table}})


def _database(old: Path, draft: Path, changed: set[str]) -> None:
    """The database as it was built then, in a new file: what is deleted in an old one still stands in its bytes."""
    with duckdb.connect(str(draft / DATABASE), config={"default_block_size": BLOCK}) as database:
        source = str(old).replace("'", "''")
        database.execute(f"ATTACH '{source}' AS old (READ_ONLY)")
        database.execute(f"COPY FROM DATABASE old TO {quoted(DATABASE.partition('.')[0])} (SCHEMA)")
        for name in _pointed_to_first(database):
            rows = f"old.{quoted(name)}"
            if name in changed:  # no path goes into a statement, in which its characters would mean something
                kept = [pq.read_table(file) for file in sorted((draft / place(name, "x")).parent.glob("*.parquet"))]
                database.register(rows := "kept_rows", pa.concat_tables(kept, promote_options="default"))
            database.execute(f"INSERT INTO {quoted(name)} BY NAME SELECT * FROM {rows} ORDER BY ALL")  # noqa: S608
        database.execute("DETACH old")
        database.execute("CHECKPOINT")


def _pointed_to_first(database: duckdb.DuckDBPyConnection) -> list[str]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for (name,) in database.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'old'").fetchall():
        sorter.add(name)
    pointing = "SELECT table_name, referenced_table FROM duckdb_constraints() WHERE database_name = 'old'"
    for name, other in database.execute(f"{pointing} AND constraint_type = 'FOREIGN KEY'").fetchall():
        sorter.add(name, other)
    return list(sorter.static_order())


def _replace(root: Root, old: Path, new: Path) -> None:
    if pointed_to(root) == old:
        disk.point(root.pointer, new)
    disk.discard(old)
