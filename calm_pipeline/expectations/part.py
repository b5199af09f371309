"""What Great Expectations is shown of a table: all of its rows, or of a large one so few that say the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from calm_pipeline.engine import collect
from calm_pipeline.expectations.expectation import Expectation, Suite
from calm_pipeline.expectations.figures import count

AT_ONCE = 1_000_000
"""A table of at most so many rows is shown as it is."""
OFTEN, ALL = "rows that are so", "{column} of all of them"


@dataclass(frozen=True)
class Part:
    """Some expectations, and the frame on which they are judged."""

    expectations: Sequence[Expectation]
    frame: pd.DataFrame

    def shown(self, expectation: Expectation) -> Expectation:
        """The expectation as it has to be put for this frame."""
        return expectation


@dataclass(frozen=True)
class Summed(Part):
    """A frame of which each row stands for `often` rows of the table; `rows` were looked at, None if all of these."""

    often: "pd.Series[Any]"
    rows: int | None = None

    def shown(self, expectation: Expectation) -> Expectation:
        """Numbers of rows and sums, in which it matters how many are so, are looked for in columns of their own."""
        return _of_all(expectation)

    def counted(self, expectation: Expectation, unexpected: Sequence[int]) -> tuple[int, int]:
        """How many rows of the table were looked at and how many break the expectation, from the places of these."""
        return self._looked_at(expectation), int(self.often[list(unexpected)].sum())

    def _looked_at(self, expectation: Expectation) -> int:
        if self.rows is not None:
            return self.rows
        if expectation.where is None:
            return int(self.often.sum())
        column, wanted = expectation.where
        return int(self.often[self.frame[column] == wanted].sum())


def parts(suite: Suite, table: ir.Table) -> Iterator[Part]:
    """The expectations of the suite, each in one part; no column that none of them names is read.

    Of a large table one part has each different row once, and says how many are so; what must be unique has a part of
    its own, in which there is only what is not.
    """
    if not suite.expectations:
        return
    if count(table) <= AT_ONCE:
        yield Part(suite.expectations, collect(table.select(*suite.columns)))
        return
    unique = [one for one in suite.expectations if _is_unique(one)]
    others = [one for one in suite.expectations if not _is_unique(one)]
    if others:
        yield _different(table, others)
    yield from (_repeated(table, one) for one in unique)


def _is_unique(expectation: Expectation) -> bool:
    return expectation.kind in ("ExpectColumnValuesToBeUnique", "ExpectCompoundColumnsToBeUnique")


def _different(table: ir.Table, expectations: Sequence[Expectation]) -> Summed:
    columns = sorted({column for one in expectations for column in one.columns})
    different = table.group_by(columns) if columns else table
    frame = collect(different.agg(**{OFTEN: table.count()}))
    summed = {one.arguments["column"] for one in expectations if one.kind == "ExpectColumnSumToBeBetween"}
    amounts = {ALL.format(column=column): frame[column] * frame[OFTEN] for column in summed}
    return Summed(expectations, frame.assign(**amounts), frame[OFTEN])


def _of_all(expectation: Expectation) -> Expectation:
    arguments: dict[str, Any] = dict(expectation.arguments)
    if expectation.kind == "ExpectTableRowCountToEqual":
        rows = arguments["value"]
        arguments = {"column": OFTEN, "min_value": rows, "max_value": rows}
    elif expectation.kind == "ExpectColumnSumToBeBetween":
        arguments["column"] = ALL.format(column=arguments["column"])
    else:
        return expectation
    return replace(expectation, kind="ExpectColumnSumToBeBetween", arguments=arguments)


def _repeated(table: ir.Table, expectation: Expectation) -> Summed:
    """What stands more than once, each twice. Where a single column is empty, nothing is repeated."""
    if expectation.where is not None:
        column, wanted = expectation.where
        table = table.filter(table[column] == wanted)
    rows, single = count(table), expectation.arguments.get("column")
    if single is not None:
        table = table.filter(table[single].notnull())
    often = table.group_by(sorted(expectation.columns)).agg(**{OFTEN: table.count()})
    once = collect(often.filter(often[OFTEN] > 1))
    frame = pd.concat([once, once], ignore_index=True)
    return Summed([expectation], frame, frame[OFTEN] / 2, rows)
