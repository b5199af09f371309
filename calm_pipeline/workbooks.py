"""Workbooks written by this project: text stays text, and the same content has the same bytes on every machine."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

EPOCH = datetime(1980, 1, 1)
LONGEST = 32767
INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@contextmanager
def workbook(out: io.BytesIO, title: str) -> Iterator[xlsxwriter.Workbook]:
    """A workbook to be filled; its bytes are in `out` when the block ends."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, INERT) as book:
        book.set_properties({"title": title, "created": EPOCH})
        yield book
    out.write(_stored(packed.getvalue()))


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    """Write a text of at most `LONGEST` UTF-16 units into a cell; it never becomes a formula, a number or a link.

    xlsxwriter takes a text in <r>...</r> for markup of its own and writes it unescaped; handed over in two runs it is
    a text like any other.
    """
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[:1], Format(), text[1:], *filter(None, [style]))
    else:
        sheet.write_string(row, column, text, style)


def _stored(archive: bytes) -> bytes:
    """The same parts uncompressed and undated, since compressed bytes differ between builds of zlib."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as plain:
        for name in packed.namelist():
            entry = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            entry.create_system = 0
            plain.writestr(entry, packed.read(name))
    return out.getvalue()
