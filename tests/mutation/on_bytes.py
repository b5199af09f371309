"""Mutations of a file's bytes: of a csv file as text, of a workbook part by part, and of any bytes at all."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from random import Random

import xlsxwriter

from tests.mutation.bases import Records

OnBytes = Callable[[Random, bytes], bytes]
SHEET = "xl/worksheets/sheet1.xml"
CELL = re.compile(rb"<c [^>]*>.*?</c>|<c [^>]*/>")
ROW = re.compile(rb"<row [^>]*>.*?</row>")
INSERTED = (b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"=", "，".encode())


def as_csv(records: Records, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(records)
    return out.getvalue().encode(encoding)


def as_workbook(records: Records) -> bytes:
    """Numbers as numbers, as the platform writes them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(records):
            for place, cell in enumerate(row):
                if cell.removeprefix("-").isdecimal() and cell.isascii() and str(int(cell)) == cell and len(cell) < 12:
                    sheet.write_number(number, place, int(cell))
                elif cell:
                    sheet.write_string(number, place, cell)
    return out.getvalue()


def bytes_changed(rng: Random, content: bytes) -> bytes:
    """Bits flipped, bytes lost, doubled, moved, put in, or the end cut off."""
    at, size = rng.randrange(len(content)), rng.choice([1, 1, 2, 3, 8, 40])
    to = rng.randrange(len(content))
    return rng.choice(
        [
            content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :],
            content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :],
            content[:at] + content[at + size :],
            content[:at] + content[at : at + size] + content[at:],
            content[:at] + rng.choice(INSERTED) + content[at:],
            content[:to] + content[at : at + size] + content[to:],
            content[:at],
        ]
    )


def quotes_changed(rng: Random, content: bytes) -> bytes:
    marks = [found.start() for found in re.finditer(rb'["\r\n,]', content)]
    at = rng.choice(marks)
    return rng.choice(
        [content[:at] + content[at + 1 :], content[:at] + b'"' + content[at:], content[:at] + b'"' + content[at + 1 :]]
    )


def ends_changed(rng: Random, content: bytes) -> bytes:
    lines = content.split(b"\r\n")
    return b"".join(line + rng.choice((b"\r\n", b"\n", b"\r", b"\r\n", b"")) for line in lines)


def encoding_changed(rng: Random, content: bytes) -> bytes:
    text = content.decode("utf-8-sig")
    lines = text.splitlines(keepends=True)
    mixed = b"".join(line.encode(rng.choice(("utf-8", "gb18030"))) for line in lines)
    return rng.choice(
        [
            text.encode("gb18030"),
            text.encode("utf-16"),
            text.encode("utf-16-le"),
            text.encode("utf-8"),
            ("\ufeff\ufeff" + text).encode(),
            text.encode("utf-8").decode("latin-1").encode("utf-8"),
            text.encode("gb18030").decode("latin-1").encode("utf-8"),
            text.encode("utf-8").decode("gb18030", "replace").encode(),
            mixed,
            bytes_changed(rng, text.encode("gb18030")),
            bytes_changed(rng, text.encode("utf-16")),
        ]
    )


def delimiter_changed(rng: Random, content: bytes) -> bytes:
    records = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    other = rng.choice((";", "\t", "，", "|"))
    place = rng.randrange(len(records))
    changed = as_csv(records, other)
    return rng.choice([changed, as_csv(records[:place]) + as_csv(records[place:], other, "utf-8")])


ON_CSV: tuple[OnBytes, ...] = (
    *(bytes_changed, bytes_changed, quotes_changed, ends_changed, encoding_changed, delimiter_changed),
)


def part_changed(rng: Random, content: bytes) -> bytes:
    """Bytes of one part, in an archive whose sums are right."""
    name = rng.choice([SHEET, SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", rng.choice(_names(content))])
    return _with(content, name, lambda part: bytes_changed(rng, part))


def parts_changed(rng: Random, content: bytes) -> bytes:
    """A part lost, renamed, doubled or under another's name."""
    one, other = rng.choice(_names(content)), rng.choice(_names(content))
    new = rng.choice([other, one.swapcase(), f"{one}2", "xl/worksheets/sheet2.xml"])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        lost = rng.random() < 0.5
        for name in old.namelist():
            if name != one or not lost:
                made.writestr(name, old.read(name))
        if new not in made.namelist():
            made.writestr(new, old.read(one))
    return out.getvalue()


def sheet_changed(rng: Random, content: bytes) -> bytes:
    """A cell or row of the sheet lost, doubled, moved or under another's name, type or value."""
    return _with(content, SHEET, lambda part: _sheet_changed(rng, part))


def _sheet_changed(rng: Random, part: bytes) -> bytes:
    pattern = rng.choice((CELL, CELL, CELL, ROW))
    spans = [found.span() for found in pattern.finditer(part)]
    (start, end), (from_, to) = rng.choice(spans), rng.choice(spans)
    one, other = part[start:end], part[from_:to]
    return rng.choice(
        [
            part[:start] + part[end:],
            part[:end] + one + part[end:],
            part[:end] + other + part[end:],
            part[:start] + other + part[end:],
            part[:start] + _attribute(rng, one, other) + part[end:],
            part[:start] + re.sub(rb"<v>.*?</v>", b"<v>%d</v>" % rng.randrange(60), one, count=1) + part[end:],
            part[:start] + part[end:].replace(b"</sheetData>", one + b"</sheetData>"),
        ]
    )


def _attribute(rng: Random, one: bytes, other: bytes) -> bytes:
    name = rng.choice((b"r", b"t", b"s", b"hidden"))
    found = re.search(rb' %s="[^"]*"' % name, other)
    value = rng.choice([b"", found[0] if found else b"", b' %s="1"' % name, b' t="str"', b' t="b"', b' t="inlineStr"'])
    bare = re.sub(rb' %s="[^"]*"' % name, b"", one, count=1)
    return re.sub(rb"^<(c|row)", rb"<\1" + value, bare, count=1)


def _names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def _with(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


ON_WORKBOOK: tuple[OnBytes, ...] = (
    bytes_changed,
    part_changed,
    part_changed,
    parts_changed,
    sheet_changed,
    sheet_changed,
)
