"""What is done to a cell gives the same on both engines, whatever stands in the cell."""

import random
import sys
from collections.abc import Callable

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from calm_pipeline import columns
from calm_pipeline.canonical import canonical_expr
from calm_pipeline.clean import cells
from calm_pipeline.clean.answers import platform
from calm_pipeline.rules.garbled import GARBLED
from tests.engines import MARKS
from tests.malformed.examples import SURVEY

pytestmark = [*MARKS, pytest.mark.spark]

PARTS = [
    *("┋", "→", "〖", "〗", "其他", "（请注明）", "(", "[", "【", "]", ":", "_", "please specify", "(跳过)", "（空）"),
    *("-3", "-2", "0", "1", "1.0", ".0", ".00", "２", "９９", "－", "-", "+5", "秒", "1" * 15, "1" * 16),
    *(" ", "\t", "\n", "\r", "\x0b", "\x0c", "\x85", "\xa0", "\u2028", "\u3000", "\u200b", "\ufeff", "\x01", "\x1f"),
    *("\\", "$", "$1", "\\1", "^", "'", '"', "/", "&&", "%", "`", "{", "Ａ", "ΟΔΟΣ", "ς", "İ", "ı", "ß", "ſ", "K"),
    *("e\u0301", "ﬁ", "㎏", "😀", "𠀀", "\U000e0041", "锟斤拷", "ä½ å¥½", "浣犲ソ浣犲ソ", "〔电话已隐去〕", "é"),
    *("2023/3/5 9:05:07", "2023-03-05T23:59:59", "2023-03-05 24:00:00", "2023-02-30 01:02:03", "2023/3/5 9:05:60"),
    *("2023/13/5 9:05:07", "2024-02-29 00:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59"),
]
LONG = ["〖a〗" * 20_000, "x" * 30_000, "〖" * 5_000, "┋" * 5_000, "a〖b〗┋" * 5_000, " " * 30_000]
CASED = [mark for mark in map(chr, range(0x80, sys.maxunicode)) if mark.lower() != mark or mark.upper() != mark]


def texts() -> list[str | None]:
    """Every part, every letter that has a case, and parts put together by chance, the same at each run."""
    chance = random.Random(2023)  # noqa: S311
    mixed = ["".join(chance.choices(PARTS, k=chance.randint(2, 6))) for _ in range(1500)]
    ended = [part + end for part in PARTS for end in ("\n", "\r\n", "\x0b", "\x85", "\u2028", " ")]
    return [None, "", *PARTS, *LONG, *CASED, *mixed, *ended]


def made_of(cell: ir.Table) -> ir.Table:
    """All that `clean` and the rules do to single cells, a column each."""
    text = cell.text
    named = cell.mutate(submitted_at=text, duration=text)
    timed = named.mutate(**platform(named))
    whole = timed.mutate(
        labels=cells.labels(text), tokens=cells.tokens(text), number=text.re_replace(r"\.0+(┋|\z)", r"\1")
    )
    parts = whole.mutate(cells=whole.number.split("┋"))
    option = SURVEY.questions["methods"].options["other"]
    return parts.mutate(
        said=cells.said(text),
        by_number=cells.said_by_numbers(text, zero_is_blank=True),
        by_number_with_zero=cells.said_by_numbers(text, zero_is_blank=False),
        plain=cells.plain(text),
        filled=cells.filled(parts.tokens, parts.labels, option),
        digits=cells.digits(text),
        integer=cells.integer(text),
        canonical=canonical_expr(text),
        bare=text.re_replace(cells.FILLED, ""),
        garbled=text.re_search(GARBLED),
        withheld=text.re_search(columns.WITHHELD),
        length=text.length().cast("int64"),
        digest=text.hexdigest("md5"),
        first=parts.labels[0],
        tenth=parts.cells[9],
        many=parts.labels.length(),
        has=parts.labels.contains("其他"),
        place=parts.labels.index("其他"),
        counted=parts.cells[1].try_cast("int64"),
        when=parts.submitted_at.cast("string"),
        together=parts.labels.filter(lambda label: label != "").join("┋"),
    ).drop("submitted_at")


def test_what_is_read_in_a_cell(spark: ibis.BaseBackend, duckdb: ibis.BaseBackend) -> None:
    assert differences(made_of, texts(), spark, duckdb) == []


def test_which_characters_a_wrong_decoding_leaves(spark: ibis.BaseBackend, duckdb: ibis.BaseBackend) -> None:
    """Each in every place of the two patterns that list characters by the thousand."""
    given = [text for c in map(chr, range(0x4E00, 0xA000)) for text in (c * 3, f"{c}犲" * 2, f"浣{c}" * 2)]
    assert differences(lambda cell: cell.mutate(garbled=cell.text.re_search(GARBLED)), given, spark, duckdb) == []


def differences(
    made: Callable[[ir.Table], ir.Table],
    given: list[str] | list[str | None],
    spark: ibis.BaseBackend,
    duckdb: ibis.BaseBackend,
) -> list[tuple[str, str, object, object]]:
    """Column, cell, what DuckDB and what Spark makes of it."""
    cell = ibis.memtable(pa.table({"n": pa.array(range(len(given)), pa.int64()), "text": pa.array(given, pa.string())}))
    table = made(cell)
    one, other = (backend.to_pyarrow(table).sort_by("n") for backend in (duckdb, spark))
    return [
        (name, str(text)[:80], first, second)
        for name in one.schema.names
        for text, first, second in zip(
            one["text"].to_pylist(), one[name].to_pylist(), other[name].to_pylist(), strict=True
        )
        if first != second
    ][:20]
