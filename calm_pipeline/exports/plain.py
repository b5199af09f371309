"""Large csv files that are plain, part by part through Arrow; of whatever is not plain the exact reader decides.

Plain is UTF-8 with commas, a header in the first line, quotation marks only where the standard puts them, and rows of
one width. Nothing else is guessed at: a doubt ends the reading, whatever was handed on before.
"""

import csv as records
import io
from collections.abc import Iterator
from itertools import repeat
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

BLOCK, HEAD, LARGEST_ROW = 4 << 20, 1 << 20, 64 << 20
ROWS = 10_000
"""Of a part, about: few enough for memory, and enough that what each part costs does not count."""
MARK = b"\xef\xbb\xbf"
QUOTE, COMMA, FEED, RETURN = b'",\n\r'
EDGES = np.array([QUOTE, COMMA, FEED, RETURN], dtype=np.uint8)


class Doubtful(Exception):  # noqa: N818
    """The file is not as plain as it must be to be read this way."""


class Blocks:
    """A csv file in blocks of whole rows, each looked at: no null, and quotation marks where the standard puts them.

    Every other mark opens a cell and stands at an edge of one, or is the second of a doubled one; each between closes a
    cell, or is the first of a doubled one. `ends` are the ends of row outside quotation marks.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.ends: set[str] = set()

    def __iter__(self) -> Iterator[bytes]:
        rest = b""
        while block := self._file.read(BLOCK):
            rest, whole = self._cut(rest + block)
            if whole:
                yield whole
        if rest:
            ended = rest[-1] in (FEED, RETURN)
            rest, whole = self._cut(rest if ended else rest + min(self.ends, default="\n").encode(), last=True)
            if rest:
                raise Doubtful
            yield whole

    def _cut(self, block: bytes, *, last: bool = False) -> tuple[bytes, bytes]:
        """What comes after the last end of row that stands outside quotation marks, and what comes before."""
        marks = np.frombuffer(bytes([FEED]) + block, dtype=np.uint8)
        quotes, ends = np.flatnonzero(marks == QUOTE), np.flatnonzero((marks == FEED) | (marks == RETURN))[1:]
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        if not last and len(ends) and ends[-1] == len(marks) - 1 and marks[-1] == RETURN:
            ends = ends[:-1]  # half of a pair, perhaps
        if not len(ends):
            if len(block) > LARGEST_ROW or last:
                raise Doubtful
            return block, b""
        self._look(marks[: ends[-1] + 1], quotes[quotes < ends[-1]], ends)
        return block[ends[-1] :], block[: ends[-1]]

    def _look(self, marks: Any, quotes: Any, ends: Any) -> None:
        neighbours = marks[np.where(np.arange(len(quotes)) % 2 == 0, quotes - 1, quotes + 1)]
        if (marks == 0).any() or not np.isin(neighbours, EDGES).all():
            raise Doubtful
        first = (marks[ends[:-1]] == RETURN) & (marks[ends[:-1] + 1] == FEED)
        second = (marks[ends] == FEED) & (marks[ends - 1] == RETURN)
        single = ~second & ~np.append(first, False)
        self.ends |= {"\r\n"} if second.any() else set()
        self.ends |= set(map(chr, np.unique(marks[ends[single]]).tolist()))


def parts(path: Path, around: Surround) -> Iterator[Grid]:
    """The grid of a csv file in parts of some thousand rows, each with the same header; remarks come with the last.

    Raises Doubtful, also after parts were handed on, if the file is not plain.
    """
    with path.open("rb") as file:
        marks, header = _header(file, path.name, around)
        blocks, before, above = Blocks(file), None, -1
        for rows in _together(map(_parsed, blocks, repeat(len(header)))):
            part = Grid(header, _sound(rows if above >= 0 else rows.slice(1)), (), max(above, 0))
            if before is not None:
                yield before
            before, above = part, max(above, 0) + part.rows.num_rows
        if before is None or not before.rows.num_rows or around.below([_last(before)]):
            raise Doubtful
        yield Grid(header, before.rows, tuple(_said(marks, blocks)), before.above)


def _together(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(one.num_rows for one in waiting) >= ROWS:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


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
    first = not around.rows_above or names_a_column(header)
    if not first or not 0 < len(header) <= WIDEST or not all(map(_plain_title, header)):
        raise Doubtful
    return marks, header


def _plain_title(title: str) -> bool:
    return bool(title.strip()) and len(title) <= LONGEST_TITLE and not {"\n", "\r"} & set(title)


def _parsed(block: bytes, width: int) -> pa.Table:
    """The rows of a block; a header among them is a row like any other."""
    names = [f"c{place}" for place in range(width)]
    try:
        return csv.read_csv(
            io.BytesIO(block),
            csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        raise Doubtful from None


def _sound(rows: pa.Table) -> pa.Table:
    """The same rows; none of them is blank and no cell longer than it may be."""
    lengths = (pc.max(pc.binary_length(column)).as_py() for column in rows.columns)
    blank = pc.is_null(rows.column(0))
    for column in rows.columns[1:]:
        blank = pc.and_(blank, pc.is_null(column)) if pc.any(blank).as_py() else blank
    if pc.any(blank).as_py() or any(length and length > LONGEST_CELL for length in lengths):
        raise Doubtful
    return rows


def _last(grid: Grid) -> list[str]:
    return [cell or "" for cell in grid.rows.slice(grid.rows.num_rows - 1).to_pylist()[0].values()]


def _said(marks: int, blocks: Blocks) -> Iterator[Remark]:
    if marks:
        yield remark("byte_order_mark", count=marks)
    if len(blocks.ends) > 1:
        yield remark("line_ends")
