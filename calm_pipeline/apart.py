"""Tables in which what is said of a submission is made of its own rows alone: by parts, and only of what changed."""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from calm_pipeline.parts import Parts
from calm_pipeline.release import CODE
from calm_pipeline.root import digest
from calm_pipeline.sheet import rows_at_once
from calm_pipeline.tables import Contract, quoted

AT_ONCE = 10
"""How many parts one query makes."""
RECORD = "_made.json"


def sources(frame: ir.Table) -> dict[str, Path]:
    """The stored tables that an expression is made of, by their names on the engine; none unless all are in parts."""
    stored = {leaf.name: Path(leaf.name) for leaf in frame.op().find(ops.DatabaseTable)}
    return stored if all(folder.is_dir() for folder in stored.values()) else {}


def write(frame: ir.Table, stored: Mapping[str, Path], contract: Contract, before: Path, folder: Path) -> None:
    """Make into `folder`, in parts, what an expression over `stored`, its `sources`, says of each submission.

    A part is linked from `before`, the table as it was, if it was made by the same expression of the same bytes, and
    is still what was made then.
    """
    query = _Query(frame, stored, contract)
    of, known, made = query.parts(), _record(before, query.how), dict[str, list[str]]()
    for part, sha256_ in of.items():
        file = before / f"{part}.parquet"
        if file.exists() and known.get(part) == [sha256_, digest(file)]:
            os.link(file, folder / file.name)
            made[part] = known[part]
    todo = [part for part in of if part not in made]
    for at in range(0, len(todo), AT_ONCE):
        query.run(todo[at : at + AT_ONCE], folder)
    made |= {part: [of[part], digest(folder / f"{part}.parquet")] for part in todo}
    (folder / RECORD).write_text(json.dumps({"how": query.how, "parts": made}), encoding="utf-8")


def _record(folder: Path, how: str) -> dict[str, list[str]]:
    """Of each part of a table the digest of what it was made of, and its own; nothing if it was made otherwise."""
    with suppress(FileNotFoundError, NotADirectoryError):
        told = json.loads((folder / RECORD).read_bytes())
        parts: dict[str, list[str]] = told["parts"] if told["how"] == how else {}
        return parts
    return {}


class _Query:
    """An expression, compiled once, that is run on some parts of its tables at a time."""

    def __init__(self, frame: ir.Table, stored: Mapping[str, Path], contract: Contract) -> None:
        self._sources, self._contract = stored, contract
        self._engine: Any = ibis.get_backend(frame)
        self._memory = {op.name: op.data.to_pyarrow(op.schema) for op in frame.op().find(ops.InMemoryTable)}
        self._sql = self._engine.compile(frame.select(*contract.columns))
        told = self._sql
        for name, table in self._memory.items():
            told = told.replace(name, _told(table))
        self.how = sha256(f"{CODE} {contract.key} {contract.arrow()} {told}".encode()).hexdigest()

    def parts(self) -> dict[str, str]:
        """Every part that any of the tables has, with the digest of what they all say there."""
        files = [sorted(folder.glob("*.parquet")) for folder in self._sources.values()]
        names = sorted({file.stem for some in files for file in some})
        seen = [{file.stem: digest(file) for file in some} for some in files]
        return {name: sha256(" ".join(one.get(name, "-") for one in seen).encode()).hexdigest() for name in names}

    def run(self, group: Iterable[str], folder: Path) -> None:
        """Make these parts."""
        sql, parts = self._sql, Parts(self._contract, folder)
        for name, source in self._sources.items():
            sql = sql.replace(quoted(name), _read(source, group))
        for part in group:
            parts.begin(part)
        with self._engine.con.cursor() as cursor:
            for name, table in self._memory.items():
                cursor.register(name, table)
            for batch in cursor.execute(sql).to_arrow_reader(rows_at_once(self._contract)):
                parts.add(batch)
        parts.close()


def _told(table: pa.Table) -> str:
    """A digest of what is in memory, whose name on the engine is another one each time."""
    digested = sha256(table.schema.serialize())
    for batch in table.to_batches():
        digested.update(batch.serialize())
    return digested.hexdigest()


def _read(source: Path, group: Iterable[str]) -> str:
    """What stands for the table in the query: the files of these parts; none of its rows if it has none of them."""
    files = [source / f"{part}.parquet" for part in group if (source / f"{part}.parquet").exists()]
    if not files:
        return f"(SELECT * FROM {_listed(sorted(source.glob('*.parquet'))[:1])} LIMIT 0)"  # noqa: S608
    return _listed(files)


def _listed(files: Iterable[Path]) -> str:
    names = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{names}])"
