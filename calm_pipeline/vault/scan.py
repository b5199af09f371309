"""Where a text still stands: every byte of every file, packed ones unpacked, in each way in which a text is written."""

import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from html import escape
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from ahocorasick_rs import BytesAhoCorasick

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
PACKED = ("utf-8",)
"""In which packed files keep what they do not pack. In others two characters are four bytes, which packed ones hold by
chance."""
Hold = Callable[[bytes], bool]
DAMAGED = (OSError, pa.ArrowException, duckdb.Error, zipfile.BadZipFile, zlib.error, RuntimeError)
AT_ONCE = 1 << 20
_TEXTS = "SELECT table_name, column_name FROM information_schema.columns WHERE data_type LIKE '%VARCHAR%'"


def holding(folder: Path, texts: Collection[str]) -> list[Path]:
    """The files under `folder` that hold one of the texts, or are damaged, so that nobody can tell.

    What is encrypted as the vault is holds none. However many are sought, each byte is looked at once.
    """
    if not texts:
        return []
    hold, hold_packed = (
        _holds_any({form for text in texts for form in _forms(text, encodings)}) for encodings in (ENCODINGS, PACKED)
    )
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return [file for file in files if _may_hold(file, hold, hold_packed)]


def _may_hold(file: Path, hold: Hold, hold_packed: Hold) -> bool:
    try:
        parts = _unpacked(file)
        as_it_lies = hold if parts is None else hold_packed
        return as_it_lies(file.read_bytes()) or any(map(hold, parts or ()))
    except DAMAGED:
        return True


def _holds_any(forms: Collection[bytes]) -> Hold:
    """Piece by piece, each with the beginning of the next, so that of a million places only the first is a match."""
    sought, longest = BytesAhoCorasick(forms), max(map(len, forms))

    def hold(part: bytes) -> bool:
        pieces = (part[at : at + AT_ONCE + longest] for at in range(0, len(part), AT_ONCE))
        return any(sought.find_matches_as_indexes(piece) for piece in pieces)

    return hold


def _forms(text: str, encodings: Collection[str]) -> Iterator[bytes]:
    """As text in each encoding, as XML and JSON escape it, and a number also as workbooks store one."""
    for written in {text, escape(text, quote=False), escape(text), json.dumps(text)[1:-1]}:
        for encoding in encodings:
            yield written.encode(encoding, "surrogatepass")
    if text.isascii() and text.isdigit():
        yield struct.pack("<d", int(text))


def _unpacked(file: Path) -> Iterator[bytes] | None:
    """What a packed file holds; None if it is none."""
    if zipfile.is_zipfile(file):
        return _zipped(file)
    if file.suffix == ".parquet":
        return map(_text, pq.read_table(file).to_pydict().values())
    return _stored(file) if file.suffix == ".duckdb" else None


def _zipped(file: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(file) as archive:
        yield from (archive.read(name) for name in archive.namelist())


def _stored(file: Path) -> Iterator[bytes]:
    with duckdb.connect(str(file), read_only=True) as database:
        for table, column in database.execute(_TEXTS).fetchall():
            rows = database.execute(f'SELECT DISTINCT "{column}" FROM "{table}"').fetchall()  # noqa: S608
            yield _text([row[0] for row in rows])


def _text(column: list[Any]) -> bytes:
    return "\n".join(map(str, set(column))).encode()
