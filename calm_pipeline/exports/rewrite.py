"""An export written again with other text in a few cells: same kind of file, same encoding, every other cell as it was.

A workbook comes back as a plain one: cells with their types, without styles, comments, properties and empty sheets,
since any of these could hold what is to go.
"""

import codecs
import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from calm_pipeline.errors import Place
from calm_pipeline.exports import biff
from calm_pipeline.exports.delimited import decoded, delimiter_of
from calm_pipeline.exports.export import FIRST_ROW
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.privacy import shown
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.surround import Surround
from calm_pipeline.workbooks import LONGEST, workbook, write_text

Texts = Mapping[tuple[int, int], str]
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_FORMATS = {datetime: "yyyy/m/d h:mm:ss", date: "yyyy/m/d", time: "h:mm:ss", timedelta: "[h]:mm:ss"}


def name_of(path: Path) -> str:
    """The name under which the file is written again: an old xls workbook becomes an xlsx one."""
    with path.open("rb") as content:
        old = path.suffix.lower() == ".xls" and content.read(len(biff.MAGIC)) == biff.MAGIC
    return f"{path.stem}.xlsx" if old else path.name


def rewritten(path: Path, texts: Texts, around: Surround) -> bytes:
    """The bytes of the export with `texts` in the cells of these rows, from 1, and columns, from 0.

    The file must have been read by the reader before, so that its bytes are known to be harmless.
    Raises ExportRefused if a cell is longer than a workbook can hold.
    """
    content = path.read_bytes()
    if content.startswith((b"PK", biff.MAGIC)):
        return _workbook(content, texts, shown(path.name))
    return _csv(content, texts, around, path.name)


def check_same(one: Grid, other: Grid, texts: Texts, file: str) -> None:
    """Raise ExportRefused unless both grids have the same cells, and the second one `texts` where it should."""
    first = FIRST_ROW + one.above
    columns: list[list[Any]] = [one.rows[name].to_pylist() for name in one.rows.column_names]
    for (row, column), text in texts.items():
        columns[column][row - first] = text or None
    if one.header != other.header or columns != [other.rows[name].to_pylist() for name in other.rows.column_names]:
        raise refusal("not_rewritten", Place(file))


def _csv(content: bytes, texts: Texts, around: Surround, file: str) -> bytes:
    text, _ = decoded(content, file)
    mark, encoding = next(((mark, name) for mark, name in _MARKS.items() if content.startswith(mark)), (b"", ""))
    delimiter = delimiter_of(text, around)
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    for (row, column), instead in texts.items():
        records[row - 1][column] = instead
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(records)
    return mark + out.getvalue().encode(encoding or _bare(content))


def _bare(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _workbook(content: bytes, texts: Texts, file: str) -> bytes:
    out = io.BytesIO()
    with CalamineWorkbook.from_object(io.BytesIO(content)) as book, workbook(out, "") as copy:
        sheets = ((name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names)
        name, rows = next((name, rows) for name, rows in sheets if any(map(any, rows)))
        sheet = copy.add_worksheet(name)
        formats = {kind: copy.add_format({"num_format": shape}) for kind, shape in _FORMATS.items()}
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                _write(sheet, row, column, texts.get((row + 1, column), value), formats, file)
    return out.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: Any, formats: dict[type, Format], file: str) -> None:
    if isinstance(value, str):
        if len(value.encode("utf-16-le")) > 2 * LONGEST:
            raise refusal("long_cell", Place(file, row + 1, column), limit=LONGEST)
        if value:
            write_text(sheet, row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_datetime(row, column, value, formats[type(value)])
