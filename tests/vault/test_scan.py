"""The search after an erasure finds what is left in every kind of file that we write or receive."""

import bz2
import gzip
import io
import json
import lzma
import random
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt

from calm_pipeline.vault import scan
from calm_pipeline.vault.scan import holding

NAME, NUMBER = "欧阳<泽>楷", "13800000000"


def packed(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{'x' * 99}欧阳&lt;泽&gt;楷</t>")


def parquet(file: Path) -> None:
    pq.write_table(pa.table({"a": [NAME] * 999}), file, compression="zstd")


def database(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE t AS SELECT ? AS a FROM range(5000)", [NAME])


def old_workbook(value: object) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        out, book = io.BytesIO(), xlwt.Workbook()
        book.add_sheet("s").write(0, 0, value)
        book.save(out)
        file.write_bytes(out.getvalue())

    return write


def text(encoding: str) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_text(f"a,{NAME}\n", encoding=encoding)

    return write


def sqlite(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (?)", [json.dumps({"said": NAME})])


def zipped_twice(file: Path) -> None:
    packed(inner := file.with_suffix(".inner"))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xlsx", gzip.compress(inner.read_bytes()))
    inner.unlink()


def packed_by(compress: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(compress(f"x,{NAME}\n".encode("gb18030")))


KINDS = {
    "a.xlsx": packed, "a.parquet": parquet, "a.duckdb": database, "name.xls": old_workbook(NAME),
    "number.xls": old_workbook(int(NUMBER)), "utf8.csv": text("utf-8"), "gb.csv": text("gb18030"),
    "utf16.csv": text("utf-16"), "a.db": sqlite, "twice.zip": zipped_twice, "a.csv.gz": packed_by(gzip.compress),
    "a.csv.bz2": packed_by(bz2.compress), "a.csv.xz": packed_by(lzma.compress),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_it_is_found_in(name: str, tmp_path: Path) -> None:
    KINDS[name](tmp_path / name)
    assert holding(tmp_path, [NAME, NUMBER]) == [tmp_path / name]
    assert holding(tmp_path, ["司马相如", "13900000000"]) == []
    assert holding(tmp_path, []) == []


@pytest.mark.parametrize(("write", "suffix"), [(packed, ".xlsx"), (parquet, ".parquet"), (database, ".duckdb")])
def test_a_damaged_file_that_nobody_can_look_into_is_named(
    write: Callable[[Path], None], suffix: str, tmp_path: Path
) -> None:
    file = tmp_path / f"a{suffix}"
    write(file)
    assert holding(tmp_path, ["somebody else"]) == []
    content = file.read_bytes()
    middle = len(content) // 3 if suffix == ".xlsx" else 0
    file.write_bytes(content[:middle] + b"\xff" * 20 + content[middle + 20 :])
    if suffix == ".parquet":
        file.write_bytes(content[: len(content) // 2])
    assert holding(tmp_path, ["somebody else"]) == [file]


def test_what_is_packed_too_often_or_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, content = tmp_path / "a.gz", b"x" * 2000
    for _ in range(scan.DEEP):
        content = gzip.compress(content)
        file.write_bytes(content)
        assert holding(tmp_path, [NAME]) == []
    file.write_bytes(gzip.compress(content))
    assert holding(tmp_path, [NAME]) == [file]
    monkeypatch.setattr(scan, "LARGE", 1999)
    file.write_bytes(gzip.compress(b"x" * 1999))
    assert holding(tmp_path, [NAME]) == []
    file.write_bytes(gzip.compress(b"x" * 2000))
    assert holding(tmp_path, [NAME]) == [file]


def test_a_text_across_two_pieces_is_found_and_each_piece_is_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "AT_ONCE", 16)
    for before in range(40):
        (tmp_path / "a.csv").write_bytes(b"x" * before + NAME.encode() + b"x" * 40)
        assert holding(tmp_path, [NAME]) == [tmp_path / "a.csv"]
    assert holding(tmp_path, [f"{NAME[:-1]}.{NAME[-1]}"]) == []


def test_many_are_sought_as_one(tmp_path: Path) -> None:
    """Of each of ten thousand names the only file that holds it is the one that does."""
    names = [f"{chr(0x4E00 + n)}{chr(0x5000 + n)}{chr(0x5100 + n)}" for n in range(10_000)]
    (tmp_path / "none.csv").write_text("".join(name[::-1] for name in names), encoding="utf-8")
    (tmp_path / "one.csv").write_text(f"的{names[7777]}的", encoding="utf-16")
    assert holding(tmp_path, names) == [tmp_path / "one.csv"]


def test_what_is_packed_holds_no_name_by_chance(tmp_path: Path) -> None:
    """A name of two characters is four bytes in GB18030, and these stand in a megabyte of anything packed."""
    noise = random.Random(1).randbytes(1 << 20)  # noqa: S311
    pq.write_table(pa.table({"a": [noise]}), tmp_path / "a.parquet", compression="none", use_dictionary=False)
    name = "王"
    assert name.encode("gb18030") in noise
    assert holding(tmp_path, [name]) == []
