"""Text made harmless for the program that will open it next."""

import csv
import io
from collections.abc import Sequence
from typing import Any

FORMULA = "=+-@\t\r\n＝＋－＠"


def formula_safe(text: str) -> str:
    """Text that a spreadsheet program shows and does not calculate: with an apostrophe before what begins a formula.

    For cells that hold text; a number is no text and stays as it is. Text in which apostrophes stand before such a
    beginning gets one more, so that taking one off always gives back what was written.

    >>> formula_safe("=1+1"), formula_safe("'=1+1"), formula_safe("1+1")
    ("'=1+1", "''=1+1", '1+1')
    """
    return f"'{text}" if text.lstrip("'").startswith(tuple(FORMULA)) else text


def csv_line(row: Sequence[Any]) -> str:
    """One line of csv, as the values are.

    The writer's own line end is CRLF, since it puts quotes around a cell with CR or LF only if its line end has them.
    """
    line = io.StringIO(newline="")
    csv.writer(line).writerow(row)
    return line.getvalue().removesuffix("\r\n") + "\n"
