"""The columns of the published tables in a codebook."""

from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.elements import add, add_words
from calm_pipeline.tables import Column

_CHARACTERS = ("string", "date", "timestamp")


def add_columns(parent: Element, edition: Edition) -> None:
    """A variable for each column of each table, with the frequency of the values that are declared."""
    for table, rows in edition.handed_on.items():
        for name, column in edition.contracts[table].columns.items():
            var = add(parent, "var", ID=f"C.{table}.{name}", name=name, files=f"F.{table}")
            _column(var, column, rows[name].to_pylist())


def _column(var: Element, column: Column, values: list[Any]) -> None:
    add_words(var, "labl", column)
    known = [value for value in values if value is not None]
    add(var, "sumStat", str(len(known)), type="vald")
    add(var, "sumStat", str(len(values) - len(known)), type="invd")
    counts = Counter(known) if column.values else Counter()
    for value in column.values:
        category = add(var, "catgry")
        add(category, "catValu", str(value))
        add(category, "catStat", str(counts[value]), type="freq")
    add(var, "varFormat", type="character" if column.type in _CHARACTERS else "numeric")
