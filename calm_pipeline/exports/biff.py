"""The inside of an old xls workbook as far as it must be checked: its records, not its cells."""

import struct
from collections.abc import Iterator
from itertools import islice

from calm_pipeline.errors import Place
from calm_pipeline.exports.refusals import refusal

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
FORMULA, FILEPASS, EXTERNAL_BOOK, MACROS = 0x0006, 0x002F, 0x01AE, 0x00D3
SHEET, COLUMNS, DIMENSIONS, ROW = 0x0809, 0x007D, 0x0200, 0x0208
LAST_SECTOR = 0xFFFFFFFA
SELF_REFERENCE = b"\x01\x04"


def check_records(content: bytes, file: str) -> None:
    """Raise ExportRefused if the workbook is encrypted, damaged, or holds formulas, macros or outside links."""
    names = {name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo")}
    if any(name in content for name in names):
        raise refusal("encrypted", Place(file))
    try:
        records = list(_records(_workbook_stream(content)))
        for kind, body in records:
            _check(kind, body, file)
        _check_hidden(records, file)
    except (struct.error, LookupError, StopIteration) as damaged:
        raise refusal("unreadable", Place(file)) from damaged


def _check(kind: int, body: bytes, file: str) -> None:
    if kind == FILEPASS:
        raise refusal("encrypted", Place(file))
    if kind == MACROS:
        raise refusal("active_content", Place(file), what="macros/宏")
    if kind == EXTERNAL_BOOK and body[2:4] != SELF_REFERENCE:
        raise refusal("active_content", Place(file), what="links to other workbooks/外部链接")
    if kind == FORMULA:
        row, column = struct.unpack_from("<HH", body)
        raise refusal("formula", Place(file, row + 1, column))


def _check_hidden(records: list[tuple[int, bytes]], file: str) -> None:
    """Hidden columns are announced before the width of their sheet, and rows with the span of their cells."""
    hidden: list[int] = []
    for kind, body in records:
        if kind == SHEET:
            hidden = []
        elif kind == COLUMNS and body[8] & 1:
            hidden.append(struct.unpack_from("<H", body)[0])
        elif kind == DIMENSIONS and hidden and min(hidden) < struct.unpack_from("<H", body, 10)[0]:
            raise refusal("hidden_cells", Place(file, column=min(hidden)))
        elif kind == ROW:
            row, first, last = struct.unpack_from("<HHH", body)
            if body[12] & 0x20 and first < last:
                raise refusal("hidden_cells", Place(file, row + 1))


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _workbook_stream(content: bytes) -> bytes:
    """The bytes of the stream called Workbook, found through the directory of the compound file."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    table = _allocation(content, size)
    directory = _stream(content, size, table, struct.unpack_from("<I", content, 48)[0])
    for place in range(0, len(directory), 128):
        entry = directory[place : place + 128]
        name = entry[: struct.unpack_from("<H", entry, 64)[0]].decode("utf-16-le", "replace").rstrip("\0")
        if name.lower() in ("workbook", "book"):
            start, length = struct.unpack_from("<II", entry, 116)
            if length < struct.unpack_from("<I", content, 56)[0]:
                raise LookupError("a workbook stream this short lives in the root entry's mini sectors")
            return _stream(content, size, table, start)[:length]
    raise LookupError("no workbook stream")


def _allocation(content: bytes, size: int) -> list[int]:
    """The sector that follows each sector. Files above 109 allocation sectors chain further lists of them."""
    per_sector = size // 4
    sectors = list(struct.unpack_from("<109I", content, 76))
    following, chained = struct.unpack_from("<II", content, 68)
    for _ in range(min(chained, len(content) // size)):
        *more, following = struct.unpack_from(f"<{per_sector}I", content, size * (following + 1))
        sectors += more
    used = (sector for sector in sectors if sector < LAST_SECTOR)
    return [link for sector in used for link in struct.unpack_from(f"<{per_sector}I", content, size * (sector + 1))]


def _stream(content: bytes, size: int, table: list[int], start: int) -> bytes:
    return b"".join(
        content[size * (sector + 1) : size * (sector + 2)] for sector in islice(_chain(table, start), len(table) + 1)
    )


def _chain(table: list[int], sector: int) -> Iterator[int]:
    while sector < LAST_SECTOR:
        yield sector
        sector = table[sector]
