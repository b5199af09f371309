"""An expectation as plain data: its sentence, and the class of Great Expectations that judges it with its arguments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from calm_pipeline.survey import Words

Where = tuple[str, str]
"""Only the rows in which a column has this value are looked at."""


@dataclass(frozen=True)
class Expectation:
    """One thing that must hold of a table. `name` is unique in its suite; neither it nor `words` holds an answer."""

    name: str
    words: Words
    kind: str
    arguments: Mapping[str, Any]
    where: Where | None = None

    @property
    def columns(self) -> set[str]:
        """The columns that are looked at."""
        single = {self.arguments[name] for name in ("column", "column_A", "column_B") if name in self.arguments}
        return single | set(self.arguments.get("column_list", ())) | ({self.where[0]} if self.where else set())


@dataclass(frozen=True)
class Suite:
    """What must hold of one table of one edition. `warning` says that a breach asks for a look and stops nothing."""

    name: str
    table: str
    edition: str
    expectations: Sequence[Expectation]
    severity: Literal["critical", "warning"] = "critical"

    @property
    def columns(self) -> list[str]:
        """The columns that are looked at; no other leaves the table."""
        return sorted({column for expectation in self.expectations for column in expectation.columns})


def rows(name: str, count: int, words: Words, where: Where | None = None) -> Expectation:
    """There are exactly `count` rows."""
    return Expectation(name, words, "ExpectTableRowCountToEqual", {"value": count}, where)


def unique(name: str, columns: Sequence[str], words: Words, where: Where | None = None) -> Expectation:
    """No two rows agree in all `columns`."""
    if len(columns) == 1:
        return Expectation(name, words, "ExpectColumnValuesToBeUnique", {"column": columns[0]}, where)
    arguments = {"column_list": list(columns), "ignore_row_if": "never"}
    return Expectation(name, words, "ExpectCompoundColumnsToBeUnique", arguments, where)


def within(name: str, column: str, values: Collection[str | int], words: Words) -> Expectation:
    """Every value of the column is one of `values`."""
    return Expectation(name, words, "ExpectColumnValuesToBeInSet", {"column": column, "value_set": list(values)})


def present(name: str, column: str, values: Collection[str], words: Words, where: Where | None = None) -> Expectation:
    """Each of `values` is in the column, and no other."""
    arguments = {"column": column, "value_set": list(values)}
    return Expectation(name, words, "ExpectColumnDistinctValuesToEqualSet", arguments, where)


def between(
    name: str, column: str, bounds: tuple[float, float], words: Words, where: Where | None = None
) -> Expectation:
    """Every value lies between the bounds, both allowed; empty ones are not looked at."""
    arguments = {"column": column, "min_value": bounds[0], "max_value": bounds[1]}
    return Expectation(name, words, "ExpectColumnValuesToBeBetween", arguments, where)


def at_most(name: str, smaller: str, larger: str, words: Words) -> Expectation:
    """In no row is `smaller` larger than `larger`; rows in which one is empty are not looked at."""
    arguments = {
        "column_A": larger,
        "column_B": smaller,
        "or_equal": True,
        "ignore_row_if": "either_value_is_missing",
    }
    return Expectation(name, words, "ExpectColumnPairValuesAToBeGreaterThanB", arguments)


def total(name: str, column: str, amount: int, words: Words) -> Expectation:
    """The column adds up to `amount`."""
    arguments = {"column": column, "min_value": amount, "max_value": amount}
    return Expectation(name, words, "ExpectColumnSumToBeBetween", arguments)


def filled(name: str, column: str, words: Words, where: Where) -> Expectation:
    """The column is nowhere empty."""
    return Expectation(name, words, "ExpectColumnValuesToNotBeNull", {"column": column}, where)


def empty(name: str, column: str, words: Words, where: Where) -> Expectation:
    """The column is empty throughout."""
    return Expectation(name, words, "ExpectColumnValuesToBeNull", {"column": column}, where)
