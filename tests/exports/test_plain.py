"""The quick reader of large csv files reads as the exact one does, or says that it cannot."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports import plain
from calm_pipeline.exports.grid import Grid, parse
from calm_pipeline.exports.plain import Doubtful, parts
from calm_pipeline.exports.surround import Surround

AROUND = Surround(total_below="合计")
CELL = st.text(st.sampled_from('ab馆,"\n\r┋ 1;\t〖'), max_size=6)
TABLE = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8))


def read(content: bytes) -> Grid | None:
    """What the quick reader makes of it in many small blocks and parts; None if it doubts."""
    with TemporaryDirectory() as folder, mock.patch.multiple(plain, BLOCK=7, ROWS=2, LARGEST_ROW=1 << 16):
        path = Path(folder, "export.csv")
        path.write_bytes(content)
        try:
            found = list(parts(path, AROUND))
        except Doubtful:
            return None
    assert [one.above for one in found] == list(accumulated(found))
    return Grid(found[0].header, pa.concat_tables([one.rows for one in found]), found[-1].remarks)


def accumulated(found: list[Grid]) -> Iterator[int]:
    above = 0
    for one in found:
        yield above
        above += one.rows.num_rows


def exactly(content: bytes) -> Grid | None:
    try:
        return parse(content, "export.csv", AROUND)
    except ExportRefused:
        return None


def written(rows: list[list[str]], ends: str, quoting: int) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=ends, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode()


def assert_alike(content: bytes) -> bool:
    """Whether the quick reader read it, which it may only do as the exact one does."""
    quick = read(content)
    if quick is None:
        return False
    exact = exactly(content)
    assert exact is not None
    assert (quick.header, quick.remarks, exact.above) == (exact.header, exact.remarks, 0)
    assert quick.rows.combine_chunks().equals(exact.rows.combine_chunks())
    return True


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_a_well_made_file_is_read(ends: str, quoting: int) -> None:
    rows = [["序号", "馆名", "意见"], ["1", '甲"馆"', "多\n行,"], ["2", "乙馆", ""], ["3", "", '"']]
    assert assert_alike(written(rows, ends, quoting))
    assert assert_alike(b"\xef\xbb\xbf" + written(rows, ends, quoting))
    assert assert_alike(written(rows, ends, quoting)[: -len(ends)])


@pytest.mark.parametrize(
    "content",
    [
        '序号,馆名\n1,"甲"馆\n',
        '序号,馆名\n1,甲"馆"\n',
        '序号,馆名\n1,"甲馆\n',
        "序号,馆名\n1\n",
        "序号,馆名\n\n1,甲\n",
        "序号,馆名\n1,甲\n,\n",
        "序号,馆名\n1,甲\n合计,1\n",
        "序号,馆名\n1,\0\n",
        "序号;馆名\n1;甲\n",
        "序号,\n1,甲\n",
        "序号,馆名\n",
        "<html>,馆名\n1,甲\n",
    ],
)
def test_what_is_not_plain_is_doubted(content: str) -> None:
    assert read(content.encode()) is None


def test_other_encodings_are_doubted() -> None:
    assert read("序号,馆名\n1,甲\n".encode("gb18030")) is None
    assert read("序号,馆名\n1,甲\n".encode("utf-16")) is None


@settings(deadline=None, max_examples=300)
@given(TABLE, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_any_table_is_read_alike(rows: list[list[str]], ends: str, quoting: int) -> None:
    assert_alike(written(rows, ends, quoting))


@settings(deadline=None, max_examples=300)
@given(TABLE, st.lists(st.tuples(st.integers(0, 200), st.sampled_from(b'",\n\r\0a')), max_size=3))
def test_damaged_bytes_are_read_alike(rows: list[list[str]], changes: list[tuple[int, int]]) -> None:
    content = bytearray(written([["序号", *["题"] * (len(rows[0]) - 1)] if rows else ["序号"], *rows], "\r\n", 0))
    for place, mark in changes:
        content[place % len(content)] = mark
    assert_alike(bytes(content))
