"""Where a text still stands: every byte of every file, packed ones unpacked, in each way in which a text is written."""

import bz2
import gzip
import io
import json
import lzma
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
DEEP, LARGE = 4, 1 << 30
"""How often packed in another, and how many bytes unpacked, are looked into; of what goes beyond nobody can tell."""
DAMAGED = (OSError, EOFError, pa.ArrowException, duckdb.Error, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
ONE_FILE: dict[bytes, Callable[[io.BytesIO], Any]] = {
    b"\x1f\x8b\x08": lambda packed: gzip.GzipFile(fileobj=packed),
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    **{b"BZh%d1AY&SY" % level: bz2.BZ2File for level in range(1, 10)},
}
"""What packs one file, by how it begins."""
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
        content, stored = file.read_bytes(), {".duckdb": _database, ".parquet": _columns}.get(file.suffix)
        if stored:
            return hold_packed(content) or any(map(hold, stored(file)))
        return _inside(content, hold, hold_packed, DEEP)
    except (*DAMAGED, RuntimeError):  # how zipfile says that a password is wanted
        return True


def _inside(content: bytes, hold: Hold, hold_packed: Hold, deep: int) -> bool:
    """Whether the content holds it, or what is packed in it, and what is packed in that."""
    parts = _unpacked(content)
    if parts is None:
        return hold(content)
    if not deep:
        raise OSError("packed too often")
    return hold_packed(content) or any(_inside(part, hold, hold_packed, deep - 1) for part in parts)


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


def _unpacked(content: bytes) -> Iterator[bytes] | None:
    """What packed content holds; None if it is not packed."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _zipped(content)
    if content[:4] == content[-4:] == b"PAR1":
        return _columns(io.BytesIO(content))
    opened = next((unpack for begin, unpack in ONE_FILE.items() if content.startswith(begin)), None)
    return iter([_at_most(opened(io.BytesIO(content)))]) if opened else None


def _zipped(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as packed:
                yield _at_most(packed)


def _at_most(packed: Any) -> bytes:
    content: bytes = packed.read(LARGE + 1)
    if len(content) > LARGE:
        raise OSError("too large to be looked into")
    return content


def _columns(file: Path | io.BytesIO) -> Iterator[bytes]:
    return map(_text, pq.read_table(file).to_pydict().values())


def _database(file: Path) -> Iterator[bytes]:
    with duckdb.connect(str(file), read_only=True) as database:
        for table, column in database.execute(_TEXTS).fetchall():
            rows = database.execute(f'SELECT DISTINCT "{column}" FROM "{table}"').fetchall()  # noqa: S608
            yield _text([row[0] for row in rows])


def _text(column: list[Any]) -> bytes:
    return "\n".join(map(str, set(column))).encode()
