"""Text files: their encoding, their delimiter and their cells, strictly."""

import codecs
import csv
import io
import re

from calm_pipeline.errors import Place
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.wenjuanxing import METADATA

DELIMITERS = (",", "\t", ";", "，")
LONGEST_CELL = 1 << 20
PIECE = re.compile(rb"[^\s,;\"]+")
UTF8_PAIR = re.compile(r"[\u3000-\u9fff\uff00-\uffef]{2}")


def read_text(content: bytes, file: str) -> list[list[str]]:
    """The records of a csv file. Raises ExportRefused if bytes or quoting leave any doubt."""
    text = decoded(content, file)
    if text.lstrip().startswith("<"):
        raise refusal("not_a_table", Place(file), what="HTML/XML")
    csv.field_size_limit(LONGEST_CELL)
    return _records(text, _delimiter(text), file)


def decoded(content: bytes, file: str) -> str:
    """UTF-16 by its mark, else strict UTF-8, else strict GB18030; byte order marks removed, however many.

    Raises ExportRefused for bytes that no encoding allows, and for UTF-8 that stands in the midst of GB18030.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise refusal("nul", Place(file))
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and any(map(_in_utf8, PIECE.findall(content))):
            break
        if "\0" in text:
            raise refusal("nul", Place(file))
        return text
    raise refusal("encoding", Place(file))


def _in_utf8(piece: bytes) -> bool:
    """Whether bytes are Chinese in UTF-8. GB18030 allows nearly all of these as well, with another meaning."""
    try:
        return not piece.isascii() and UTF8_PAIR.search(piece.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def _delimiter(text: str) -> str:
    """The one that lays a column of the platform bare; failing that, the first that cuts the header at all."""
    headers = {delimiter: _header(text, delimiter) for delimiter in DELIMITERS}
    names = set(METADATA.values())
    known = (delimiter for delimiter, cells in headers.items() if len(cells) > 1 and names & {c.strip() for c in cells})
    cutting = (delimiter for delimiter, cells in headers.items() if len(cells) > 1)
    return next(known, None) or next(cutting, ",")


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _records(text: str, delimiter: str, file: str) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            records.append(record)
    except csv.Error as wrong:
        where = Place(file, len(records) + 1)
        if "field larger" in str(wrong):
            raise refusal("long_cell", where, limit=LONGEST_CELL) from wrong
        raise refusal("quoting", where) from wrong
    return records
