"""The cells of one file as text, by position: told apart by content, refused if anything is not what it claims."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from calm_pipeline.errors import Place
from calm_pipeline.exports import biff
from calm_pipeline.exports.archive import checked_workbook
from calm_pipeline.exports.delimited import WIDEST, read_text
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.remarks import Remark, remark
from calm_pipeline.exports.surround import NOTHING, Surround

Value = int | float | str | bool | time | date | datetime | timedelta
EXACT = 1e15
LONGEST_TITLE = 2000
KNOWN = {
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"$FL2": "SPSS",
    b"$FL3": "SPSS",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"PAR1": "Parquet",
    b"SQLite format 3": "SQLite",
}
WORKBOOKS = (".xlsx", ".xls")


@dataclass(frozen=True)
class Grid:
    """The header as it stands, and below it text columns c0..cn, one for each header, null where a cell is empty.

    `remarks` say what was mended on the way; `above` is the number of rows before those, the header aside: rows left
    out above the header, and all earlier parts of a file that comes in parts.
    """

    header: list[str]
    rows: pa.Table
    remarks: tuple[Remark, ...] = ()
    above: int = 0

    def rest(self) -> bytes:
        """All but the rows, for `from_rows`."""
        about = {"header": self.header, "remarks": list(map(asdict, self.remarks)), "above": self.above}
        return json.dumps(about).encode()

    @classmethod
    def from_rows(cls, rows: pa.Table, rest: bytes) -> "Grid":
        """The grid of which these are the rows and the rest."""
        about = json.loads(rest)
        return cls(about["header"], rows, tuple(Remark(**one) for one in about["remarks"]), about["above"])


def parse(content: bytes, file: str, around: Surround = NOTHING) -> Grid:
    """The grid of a file's bytes. `file` is its name, for errors only. Raises ExportRefused."""
    if not content.strip():
        raise refusal("empty", Place(file))
    for magic, what in KNOWN.items():
        if content.startswith(magic):
            raise refusal("not_a_table", Place(file), what=what)
    if content.startswith(b"PK"):
        return grid(_sheet(checked_workbook(content, file), file, around), file, around, _named(".xlsx", file))
    if content.startswith(biff.MAGIC):
        biff.check_records(content, file)
        return grid(_sheet(content, file, around), file, around, _named(".xls", file))
    records, remarks = read_text(content, file, around)
    if file.lower().endswith(WORKBOOKS):
        raise refusal("text_in_disguise", Place(file))
    return grid(records, file, around, remarks)


def _named(ending: str, file: str) -> list[Remark]:
    return [] if file.lower().endswith(ending) else [remark("other_ending", found=ending)]


def grid(records: list[list[str]], file: str, around: Surround = NOTHING, remarks: Sequence[Remark] = ()) -> Grid:
    """The first record as header and the others as its columns. Raises ExportRefused unless they are a rectangle.

    What the survey declares to stand around the table is left out first. `remarks` say what was mended before.
    """
    while records and not any(records[-1]):
        records.pop()
    above, last = around.above(records), len(records) - around.below(records)
    table = records[above:last]
    if not table:
        raise refusal("empty", Place(file))
    if len(table) == 1:
        raise refusal("no_rows", Place(file))
    said = [*remarks, *_left_out(above, last, len(records))]
    return replace(_rectangle(table, file, above + 1), remarks=tuple(said), above=above)


def _left_out(above: int, last: int, count: int) -> Iterator[Remark]:
    if above:
        yield remark("title_rows", "1", count=above)
    if last < count:
        yield remark("total_row", str(count))


def _rectangle(records: list[list[str]], file: str, first: int) -> Grid:
    """`first` is the number of the row that the first record, the header, has in the file."""
    width = len(records[0])
    for number, record in enumerate(records, first):
        if not any(record):
            raise refusal("blank_row", Place(file, number))
        if len(record) != width:
            raise refusal("ragged", Place(file, number), found=len(record), expected=width)
        if any("\0" in cell for cell in record):
            raise refusal("nul", Place(file, number))
    return _titled(records[0], records[1:], file, first)


def _titled(header: list[str], records: list[list[str]], file: str, first: int) -> Grid:
    columns = [[cell or None for cell in cells] for cells in zip(*records, strict=True)]
    while header and not header[-1] and not any(columns[-1]):
        header, columns = header[:-1], columns[:-1]
    for place, title in enumerate(header):
        if not title.strip():
            raise refusal("untitled", Place(file, column=place))
        if len(title) > LONGEST_TITLE:
            raise refusal("long_cell", Place(file, first, place), limit=LONGEST_TITLE)
    arrays = {f"c{place}": pa.array(cells, pa.string()) for place, cells in enumerate(columns)}
    return Grid(header, pa.table(arrays))


def _sheet(workbook: bytes, file: str, around: Surround) -> list[list[str]]:
    try:
        with CalamineWorkbook.from_object(io.BytesIO(workbook)) as book:
            return _only_sheet(book, file, around)
    except PasswordError as locked:
        raise refusal("encrypted", Place(file)) from locked
    except (CalamineError, OSError, ValueError) as damaged:
        raise refusal("unreadable", Place(file)) from damaged


def _only_sheet(book: CalamineWorkbook, file: str, around: Surround) -> list[list[str]]:
    filled: list[list[list[str]]] = []
    for about in book.sheets_metadata:
        sheet = book.get_sheet_by_name(about.name)
        if sheet.total_width > WIDEST:
            raise refusal("too_wide", Place(file), limit=WIDEST)
        rows = [[text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        if not any(map(any, rows)):
            continue
        if about.visible != SheetVisibleEnum.Visible:
            raise refusal("hidden_sheet", Place(file))
        _check_merged(sheet, file, around.above(rows))
        filled.append(rows)
    if len(filled) > 1:
        raise refusal("several_sheets", Place(file))
    return filled[0] if filled else []


def _check_merged(sheet: CalamineSheet, file: str, above: int) -> None:
    """Titles above the header may be merged, since they are left out."""
    last_row, last_column = sheet.end or (0, 0)
    for (row, column), (lowest, _) in sheet.merged_cell_ranges or []:
        if row <= last_row and column <= last_column and lowest >= above:
            raise refusal("merged", Place(file, row + 1, column))


def text(value: Value) -> str:
    """A typed cell as the platform would have printed it; strings as they are.

    >>> text(13800000000.0), text(3.5), text(datetime(2025, 3, 9, 9, 5, 7)), text(True)
    ('13800000000', '3.5', '2025/3/9 9:05:07', 'TRUE')
    """
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < EXACT:
            return str(int(value))
        case datetime():
            return f"{value.year}/{value.month}/{value.day} {value.hour}:{value:%M:%S}"
        case date():
            return f"{value.year}/{value.month}/{value.day}"
        case time():
            return f"{value.hour}:{value:%M:%S}"
        case _:
            return str(value)
