"""A published table as csv that gives back every value and begins no formula in the program that opens it."""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from calm_pipeline.escape import csv_line, formula_safe

NULL = "NA"
"""Stands for what is not there, so that an empty text stays one; R and pandas read it so by themselves."""
MOMENT = "%Y-%m-%dT%H:%M:%S.%f"
ESCAPES = (
    f"An apostrophe stands before text that would begin a formula in a spreadsheet program (= + - @, full-width forms,"
    f" tab, line end) or be taken for {NULL}, and before text in which apostrophes come first and one of these follows;"
    f" take one apostrophe off such text to get what was written. {NULL} stands for a missing value."
    " The separator is a comma."
)


def csv_text(table: pa.Table) -> str:
    """The table with a header; lines end with LF, texts and nulls are told apart."""
    lines = [csv_line(table.column_names)]
    lines += [
        csv_line([cell(value) for value in row.values()]) for batch in table.to_batches() for row in batch.to_pylist()
    ]
    return "".join(lines)


def cell(value: Any) -> str:
    """One value as it stands in the file, before the quotes that csv puts around it."""
    write: Callable[[Any], str] = _WRITTEN.get(type(value), str)
    return write(value)


def _text(text: str) -> str:
    return f"'{text}" if text.lstrip("'") == NULL else formula_safe(text)


def _number(number: float) -> str:
    return NULL if math.isnan(number) else repr(number)


_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: _text,
    type(None): lambda _: NULL,
    bool: lambda value: "true" if value else "false",
    float: _number,
    datetime: lambda moment: moment.strftime(MOMENT),
    date: date.isoformat,
}
