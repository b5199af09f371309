"""Large csv files that are plain, part by part through Arrow; of whatever is not plain the exact reader decides.

Plain is UTF-8 with commas, a header in the first line, quotation marks only where the standard puts them, and rows of
one width. Nothing else is guessed at: a doubt ends the reading, whatever was handed on before.
"""

import csv as records
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from calm_pipeline.exports import biff
from calm_pipeline.exports.delimited import LONGEST_CELL, WIDEST, delimiter_of
from calm_pipeline.exports.grid import KNOWN, LONGEST_TITLE, WORKBOOKS, Grid
from calm_pipeline.exports.remarks import Remark, remark
from calm_pipeline.exports.surround import Surround, names_a_column

BLOCK, HEAD = 16 << 20, 1 << 20
MARK = b"\xef\xbb\xbf"
QUOTE, COMMA, FEED, RETURN = b'",\n\r'
EDGES = np.array([QUOTE, COMMA, FEED, RETURN], dtype=np.uint8)


class Doubtful(Exception):  # noqa: N818
    """The file is not as plain as it must be to be read this way."""


class Checked(io.RawIOBase):
    """The bytes of a csv file, looked at as they pass: no null, and quotation marks where the standard puts them.

    Every other mark opens a cell and stands at an edge of one, or is the second of a doubled one; each between closes a
    cell, or is the first of a doubled one. `ends` are the ends of row outside quotation marks.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._seen, self._quotes = file, bytes([FEED]), 0
        self.ends: set[str] = set()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count: int = self._file.readinto(buffer)  # type: ignore[attr-defined]
        self._look(bytes(memoryview(buffer)[:count]) or bytes([FEED]))
        return count

    def _look(self, block: bytes) -> None:
        """At all marks but the last, of which the next one decides."""
        marks = np.frombuffer(self._seen + block, dtype=np.uint8)
        last, quotes = len(marks) - 1, np.flatnonzero(marks == QUOTE)
        quotes = quotes[(quotes > 0) & (quotes < last)]
        opens = (np.arange(len(quotes)) + self._quotes) % 2 == 0
        neighbours = marks[np.where(opens, quotes - 1, quotes + 1)]
        if b"\0" in block or not np.isin(neighbours, EDGES).all():
            raise Doubtful
        self._note_ends(marks, quotes)
        self._quotes += len(quotes)
        self._seen = marks[-2:].tobytes()

    def _note_ends(self, marks: Any, quotes: Any) -> None:
        ends = np.flatnonzero((marks == FEED) | (marks == RETURN))
        ends = ends[(ends > 0) & (ends < len(marks) - 1)]
        ends = ends[(np.searchsorted(quotes, ends) + self._quotes) % 2 == 0]
        pairs = (marks[ends] == RETURN) & (marks[ends + 1] == FEED)
        second = (marks[ends] == FEED) & (marks[ends - 1] == RETURN)
        self.ends |= {"\r\n"} if pairs.any() else set()
        self.ends |= set(map(chr, np.unique(marks[ends[~pairs & ~second]]).tolist()))

    def finished(self) -> None:
        """Raise Doubtful if a cell is left open."""
        if self._quotes % 2:
            raise Doubtful


def parts(path: Path, around: Surround) -> Iterator[Grid]:
    """The grid of a csv file in parts of some ten thousand rows, each with the same header; remarks come with the last.

    Raises Doubtful, also after parts were handed on, if the file is not plain.
    """
    with path.open("rb") as file:
        marks, header = _header(file, path.name, around)
        checked = Checked(file)
        above, before = 0, None
        for rows in _batches(checked, len(header)):
            if before is not None:
                yield before
            before, above = Grid(header, _sound(rows), (), above), above + rows.num_rows
        checked.finished()
        if before is None or around.below([_last(before)]):
            raise Doubtful
        yield Grid(header, before.rows, tuple(_said(marks, checked)), before.above)


def _header(file: BinaryIO, name: str, around: Surround) -> tuple[int, list[str]]:
    """How many byte order marks there are and the titles; the file stands after the marks then."""
    head, marks = file.read(HEAD), 0
    while head.startswith(MARK):
        head, marks = head[len(MARK) :], marks + 1
    file.seek(marks * len(MARK))
    text = head.decode("utf-8", errors="ignore")
    strange = head.startswith((b"PK", biff.MAGIC, *KNOWN)) or name.lower().endswith(WORKBOOKS)
    if strange or text.lstrip().startswith("<") or delimiter_of(text, around) != ",":
        raise Doubtful
    try:
        header = next(records.reader(io.StringIO(text, newline=""), strict=True))
    except (records.Error, StopIteration):
        raise Doubtful from None
    if len(header) > WIDEST or not all(map(_plain_title, header)) or (around.rows_above and not names_a_column(header)):
        raise Doubtful
    return marks, header


def _plain_title(title: str) -> bool:
    return bool(title.strip()) and len(title) <= LONGEST_TITLE and not {"\n", "\r"} & set(title)


def _batches(checked: Checked, width: int) -> Iterator[pa.RecordBatch]:
    names = [f"c{place}" for place in range(width)]
    texts = dict.fromkeys(names, pa.string())
    try:
        with csv.open_csv(
            pa.PythonFile(io.BufferedReader(checked, BLOCK), "r"),
            csv.ReadOptions(use_threads=False, block_size=BLOCK, skip_rows=1, column_names=names),
            csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=texts, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
            ),
        ) as reader:
            yield from (batch for batch in reader if batch.num_rows)
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        raise Doubtful from None


def _sound(rows: pa.RecordBatch) -> pa.Table:
    """The rows as a table; none of them is blank and no cell longer than it may be."""
    lengths = (pc.max(pc.binary_length(column)).as_py() for column in rows.columns)
    blank = pc.is_null(rows.column(0))
    for column in rows.columns[1:]:
        blank = pc.and_(blank, pc.is_null(column)) if pc.any(blank).as_py() else blank
    if pc.any(blank).as_py() or any(length and length > LONGEST_CELL for length in lengths):
        raise Doubtful
    return pa.Table.from_batches([rows])


def _last(grid: Grid) -> list[str]:
    return [cell or "" for cell in grid.rows.slice(grid.rows.num_rows - 1).to_pylist()[0].values()]


def _said(marks: int, checked: Checked) -> Iterator[Remark]:
    if marks:
        yield remark("byte_order_mark", count=marks)
    if len(checked.ends) > 1:
        yield remark("line_ends")
