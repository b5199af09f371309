"""An edition as a workbook: what it holds, what each column means, and a sheet for each published table."""

import io
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from unicodedata import east_asian_width

import pyarrow as pa
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from calm_pipeline.dissemination.citation import cited
from calm_pipeline.dissemination.edition import RECONSTRUCTED, Edition
from calm_pipeline.dissemination.refusals import DISSEMINATION
from calm_pipeline.dissemination.wording import in_characters
from calm_pipeline.errors import CalmError
from calm_pipeline.survey import Words
from calm_pipeline.workbooks import LONGEST, workbook, write_text

MOST_ROWS = 1_048_575
"""Rows of a worksheet below its header."""
_LONGEST_NAME, _NARROWEST, _WIDEST, _LOOKED_AT = 31, 8, 60, 500
_FIRST_YEAR = 1900
CONTENTS = Words(en="Contents", zh="目录")
MEANINGS = Words(en="Columns", zh="列说明")
_HEADS = {
    CONTENTS: Words(en="table|rows|public|what it holds", zh="数据表|行数|可公开|内容"),
    MEANINGS: Words(en="table|column|key|type|meaning", zh="数据表|列|主键|类型|含义"),
}


class _Styles(NamedTuple):
    head: Format
    text: Format
    moment: Format
    day: Format


def edition_workbook(edition: Edition, language: str) -> bytes:
    """The workbook; the same edition gives the same bytes.

    Raises:
        CalmError: a table has more rows than a worksheet holds.
    """
    out = io.BytesIO()
    with workbook(out, str(getattr(edition.survey.title, language))) as book:
        styles = _styles(book)
        _contents(book, edition, language, styles)
        rows = [row for name in edition.handed_on for row in _meanings(edition, name, language)]
        _sheet(book, getattr(MEANINGS, language), getattr(_HEADS[MEANINGS], language).split("|"), rows, styles)
        for name, table in edition.handed_on.items():
            if table.num_rows > MOST_ROWS:
                raise CalmError.of(DISSEMINATION, "sheet_rows", edition=edition.name, table=name, rows=table.num_rows)
            _sheet(book, name[:_LONGEST_NAME], table.column_names, _rows(table), styles)
    return out.getvalue()


def _styles(book: Workbook) -> _Styles:
    """The quote prefix keeps a text a text when somebody edits its cell."""
    return _Styles(
        book.add_format({"bold": True, "bg_color": "#E7EEF1", "quote_prefix": True}),
        book.add_format({"quote_prefix": True}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )


def _contents(book: Workbook, edition: Edition, language: str, styles: _Styles) -> None:
    marks = [*([RECONSTRUCTED] if edition.reconstructed else []), edition.use]
    rows: list[list[Any]] = [[None, None, None, getattr(words, language)] for words in marks]
    rows += [
        [name, table.num_rows, "●" if (about := edition.contracts[name]).public else None, getattr(about, language)]
        for name, table in edition.handed_on.items()
    ]
    rows.append([None, None, None, cited(edition, language)])
    _sheet(book, getattr(CONTENTS, language), getattr(_HEADS[CONTENTS], language).split("|"), rows, styles)


def _meanings(edition: Edition, table: str, language: str) -> Iterable[list[Any]]:
    contract = edition.contracts[table]
    for name, column in contract.columns.items():
        yield [table, name, "●" if name in contract.key else None, column.type, getattr(column, language)]


def _rows(table: pa.Table) -> list[list[Any]]:
    return [list(row.values()) for row in table.to_pylist()]


def _sheet(book: Workbook, name: str, head: Sequence[str], rows: Sequence[Sequence[Any]], styles: _Styles) -> None:
    """A sheet with a header that stays in sight and a filter."""
    sheet = book.add_worksheet(name)
    for place, title in enumerate(head):
        write_text(sheet, 0, place, title, styles.head)
        sheet.set_column(place, place, _width([title, *(row[place] for row in rows[:_LOOKED_AT])]))
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, styles)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(head) - 1)


def _write(sheet: Worksheet, row: int, place: int, value: Any, styles: _Styles) -> None:
    """Numbers as numbers, times as times, text as text that is never calculated; nulls as empty cells."""
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, date) and value.year > _FIRST_YEAR:
        sheet.write_datetime(row, place, value, styles.moment if isinstance(value, datetime) else styles.day)
    elif isinstance(value, int | float):
        if not math.isnan(value):
            sheet.write_number(row, place, value)
    elif value is not None:
        write_text(sheet, row, place, _fitting(str(value)), styles.text)


def _fitting(text: str) -> str:
    """A text that a cell can hold: without the two characters that no XML may hold, cut at 32,767 UTF-16 units."""
    legal = text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    units = len(legal.encode("utf-16-le")) // 2
    return legal if units <= LONGEST else in_characters(legal, LONGEST - (units - len(legal)))


def _width(values: Iterable[Any]) -> int:
    longest = max(_columns(line) for value in values if value is not None for line in (str(value).split("\n")))
    return max(_NARROWEST, min(_WIDEST, longest + 3))


def _columns(line: str) -> int:
    return sum(1 + (east_asian_width(mark) in "WF") for mark in line[:_WIDEST])
