"""What `schemas/dictionary.yaml` adds to the contracts, joined with them: one entry a table and one a column."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from calm_pipeline.declared import load
from calm_pipeline.survey.model import Frozen, Key, Label, Words
from calm_pipeline.tables import Column, Contract
from calm_pipeline.views import View


class Said(Words):
    """A unit or the meaning of an empty cell, and the columns of which it is so: `column` or `table.column`."""

    columns: tuple[Label, ...]


class Dictionary(Frozen):
    """The tables of the dictionary itself, and what is said of columns by their names."""

    tables: dict[Key, Contract]
    units: tuple[Said, ...] = ()
    empty: tuple[Said, ...] = ()


@dataclass(frozen=True)
class ColumnEntry:
    """All that is said of one column."""

    table: str
    name: str
    position: int
    in_key: bool
    about: Column
    unit: Words | None
    empty: Words | None


@dataclass(frozen=True)
class TableEntry:
    """All that is said of one table or view."""

    name: str
    kind: Literal["table", "view"]
    about: Contract | View
    columns: tuple[ColumnEntry, ...]

    @property
    def stage(self) -> str | None:
        return self.about.stage if isinstance(self.about, Contract) else None

    @property
    def sql(self) -> str | None:
        return self.about.sql if isinstance(self.about, View) else None

    @property
    def references(self) -> Mapping[str, tuple[str, ...]]:
        return self.about.references if isinstance(self.about, Contract) else {}


def load_dictionary(file: Path) -> Dictionary:
    """Read `schemas/dictionary.yaml`."""
    return load(file, Dictionary)


def entries(dictionary: Dictionary, contracts: Mapping[str, Contract], views: Mapping[str, View]) -> list[TableEntry]:
    """Every table of the warehouse, then every view, then the dictionary itself."""
    found = []
    units, empty = _by_column(dictionary.units), _by_column(dictionary.empty)
    everything: dict[str, Contract | View] = {**contracts, **views, **dictionary.tables}
    for name, about in everything.items():
        columns = tuple(
            ColumnEntry(
                name,
                column,
                position,
                column in about.key,
                words,
                _found(units, name, column) if words.type in ("integer", "number") else None,
                _found(empty, name, column) if words.nullable else None,
            )
            for position, (column, words) in enumerate(about.columns.items(), 1)
        )
        found.append(TableEntry(name, "view" if name in views else "table", about, columns))
    return found


def _by_column(said: tuple[Said, ...]) -> dict[str, Words]:
    return {column: words for words in said for column in words.columns}


def _found(said: Mapping[str, Words], table: str, column: str) -> Words | None:
    return said.get(f"{table}.{column}", said.get(column))
