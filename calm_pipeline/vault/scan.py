"""Where a text still stands: every byte of every file, packed ones unpacked, in each way in which a text is written."""

import json
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from html import escape
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
DAMAGED = (OSError, pa.ArrowException, duckdb.Error, zipfile.BadZipFile, zlib.error, RuntimeError)
_TEXTS = "SELECT table_name, column_name FROM information_schema.columns WHERE data_type LIKE '%VARCHAR%'"


def holding(folder: Path, texts: Collection[str]) -> list[Path]:
    """The files under `folder` that hold one of the texts, or are damaged, so that nobody can tell.

    What is encrypted as the vault is holds none.
    """
    forms = {form for text in texts for form in _forms(text)}
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return [file for file in files if forms and _may_hold(file, forms)]


def _may_hold(file: Path, forms: Collection[bytes]) -> bool:
    try:
        return any(form in part for part in _parts(file) for form in forms)
    except DAMAGED:
        return True


def _forms(text: str) -> Iterator[bytes]:
    """As text in each encoding, as XML and JSON escape it, and a number also as workbooks store one."""
    for written in {text, escape(text, quote=False), escape(text), json.dumps(text)[1:-1]}:
        for encoding in ENCODINGS:
            yield written.encode(encoding, "surrogatepass")
    if text.isascii() and text.isdigit():
        yield struct.pack("<d", int(text))


def _parts(file: Path) -> Iterator[bytes]:
    yield file.read_bytes()
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif file.suffix == ".parquet":
        for column in pq.read_table(file).to_pydict().values():
            yield _text(column)
    elif file.suffix == ".duckdb":
        with duckdb.connect(str(file), read_only=True) as database:
            for table, column in database.execute(_TEXTS).fetchall():
                rows = database.execute(f'SELECT DISTINCT "{column}" FROM "{table}"').fetchall()  # noqa: S608
                yield _text([row[0] for row in rows])


def _text(column: list[Any]) -> bytes:
    return "\n".join(map(str, set(column))).encode()
