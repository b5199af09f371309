"""What differs between two vintages: each changed cell of every published table, by its key, and why."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from calm_pipeline.tables import Contract, quoted
from calm_pipeline.vintages.current import Vintage
from calm_pipeline.vintages.manifest import Cause, Change, Edition, causes, causes_of, differing
from calm_pipeline.vintages.revisions import ID, revisions

Row = dict[str, Any]
DICTIONARY = {"dictionary_tables": ("table_name",), "dictionary_columns": ("table_name", "column_name")}
"""The tables that stand in the database alone, and their keys."""
# A row of nothing but nulls is a row all the same.
_THERE = "row_is_there"


class Difference(NamedTuple):
    """A cell that changed, or a row that came or went, which has no column. `key` names the row."""

    edition: str
    table: str
    key: Mapping[str, Any]
    change: Change
    column: str | None
    before: Any
    after: Any
    causes: tuple[Cause, ...]


def differences(
    one: Vintage, other: Vintage, contracts: Mapping[str, Contract], table: str | None = None
) -> Iterator[Difference]:
    """Every difference, by edition and table in the order of their keys; of one table if it is named.

    The dictionary comes first: it is made from the declarations and is of no edition.

    Raises:
        CalmError: a file that is read is not what was published.
    """
    yield from _of_the_dictionary(one, other, table)
    for edition in _editions(one, other):
        was, now = _held(one, other, edition)
        why = causes(was, now, later=other.manifest.number > one.manifest.number)
        reads = partial(_table, one, other, edition), partial(_table, other, one, edition)
        narrowed = {revision.submission_id: revision.causes for revision in revisions(*reads, contracts, why)}
        for name in sorted((was.tables if was else {}).keys() | (now.tables if now else {}).keys()):
            if table in (None, name) and _sha256(was, name) != _sha256(now, name):
                held = now if now and name in now.tables else was
                key = held.tables[name].key if held else ()
                for row in _rows(_read(one, other, edition, name), _read(other, one, edition, name), key):
                    may, contract = narrowed.get(str(row.key.get(ID)), why), contracts.get(name)
                    of_rest = causes_of(may, pseudonym=False) or causes_of(why, pseudonym=False)
                    keyed = dict.fromkeys(contract.pseudonyms if contract else (), causes_of(may, pseudonym=True))
                    yield from _cells(edition, name, row, of_rest, keyed)


def _editions(one: Vintage, other: Vintage) -> list[str]:
    return sorted(one.manifest.editions.keys() | other.manifest.editions.keys())


def _held(one: Vintage, other: Vintage, edition: str) -> tuple[Edition | None, Edition | None]:
    return one.manifest.editions.get(edition), other.manifest.editions.get(edition)


def _of_the_dictionary(one: Vintage, other: Vintage, table: str | None) -> Iterator[Difference]:
    if one.manifest.database == other.manifest.database:
        return
    declared = differing(*({"code": vintage.manifest.code, **vintage.manifest.shared} for vintage in (one, other)))
    of_rows = (cause for edition in _editions(one, other) for cause in causes(*_held(one, other, edition)))
    why = tuple(dict.fromkeys([*declared, *of_rows]))
    for name, key in DICTIONARY.items():
        if table in (None, name):
            for row in _rows(_described(one, name), _described(other, name), key):
                yield from _cells("", name, row, why)


def _described(vintage: Vintage, name: str) -> pa.Table:
    with vintage.connect() as database:
        return database.table(name).to_arrow_table()


def _sha256(edition: Edition | None, name: str) -> str | None:
    return edition.tables[name].sha256 if edition and name in edition.tables else None


def _read(vintage: Vintage, beside: Vintage, edition: str, name: str) -> pa.Table:
    """A table of a vintage; where it has none, the one beside it without its rows."""
    held = vintage.manifest.editions.get(edition)
    if held and name in held.tables:
        return vintage.table(name, edition)
    return beside.table(name, edition).slice(0, 0)


def _table(vintage: Vintage, beside: Vintage, edition: str, name: str) -> ir.Table:
    return ibis.memtable(_read(vintage, beside, edition, name))


class _Row(NamedTuple):
    key: Row
    before: Row | None
    after: Row | None


def _rows(before: pa.Table, after: pa.Table, key: Sequence[str]) -> list[_Row]:
    """The rows that differ in any cell, in the order of their keys; DuckDB finds them, so that few become objects."""
    names = list(dict.fromkeys([*after.column_names, *before.column_names]))
    same = " AND ".join(f"a.{quoted(name)} IS NOT DISTINCT FROM b.{quoted(name)}" for name in key)
    differ = " OR ".join(f"a.{quoted(name)} IS DISTINCT FROM b.{quoted(name)}" for name in names if name not in key)
    with duckdb.connect() as database:
        for side, table, other in (("a", before, after), ("b", after, before)):
            database.register(side, _aligned(table, other, names))
        found = database.execute(
            f"SELECT a, b FROM a FULL JOIN b ON {same}"  # noqa: S608
            f" WHERE a.{_THERE} IS NULL OR b.{_THERE} IS NULL OR {differ or 'false'}"
        ).fetchall()
    rows = [_Row({}, *(row if row and row.pop(_THERE) else None for row in pair)) for pair in found]
    keyed = [row._replace(key={name: (row.after or row.before or {})[name] for name in key}) for row in rows]
    return sorted(keyed, key=lambda row: [str(value) for value in row.key.values()])


def _aligned(table: pa.Table, other: pa.Table, names: Sequence[str]) -> pa.Table:
    """The table with all columns of both: empty where it has none, as text where their types differ."""
    columns: dict[str, Any] = {_THERE: pa.array([True] * table.num_rows)}
    for name in names:
        kinds = {one.schema.field(name).type for one in (table, other) if name in one.column_names}
        kind = kinds.pop() if len(kinds) == 1 else pa.string()
        columns[name] = table[name].cast(kind) if name in table.column_names else pa.nulls(table.num_rows, kind)
    return pa.table(columns)


def _cells(
    edition: str, table: str, row: _Row, why: tuple[Cause, ...], of_pseudonyms: Mapping[str, tuple[Cause, ...]] = {}
) -> Iterator[Difference]:
    if row.before is None or row.after is None:
        change: Change = "added" if row.before is None else "removed"
        yield Difference(edition, table, row.key, change, None, None, None, why)
        return
    for column, after in row.after.items():
        before = row.before[column]
        if before != after and not (before != before and after != after):
            may = of_pseudonyms.get(column, why)
            yield Difference(edition, table, row.key, "changed", column, before, after, may)
