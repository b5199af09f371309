"""Text files: their encoding, their delimiter and their cells, strictly."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from calm_pipeline.errors import Message, Place
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.remarks import Remark, remark
from calm_pipeline.exports.surround import Surround, names_a_column

DELIMITERS = {
    ",": Message("a comma", "逗号"),
    "\t": Message("a tab", "制表符"),
    ";": Message("a semicolon", "分号"),
    "，": Message("a full-width comma", "全角逗号"),
}
LONGEST_CELL = 1 << 20
WIDEST = 4096
"""Columns of a table: several times what a questionnaire of hundreds of options has when exported by number."""
PIECE = re.compile(rb"[^\s,;\"]+")
UTF8_PAIR = re.compile(r"[\u3000-\u9fff\uff00-\uffef]{2}")
ENDS = re.compile(r"\r\n|\r|\n")


def read_text(content: bytes, file: str, around: Surround) -> tuple[list[list[str]], list[Remark]]:
    """The records of a csv file and how they were found. Raises ExportRefused if bytes or quoting leave any doubt."""
    text, remarks = decoded(content, file)
    if text.lstrip().startswith("<"):
        raise refusal("not_a_table", Place(file), what="HTML/XML")
    csv.field_size_limit(LONGEST_CELL)
    delimiter = delimiter_of(text, around)
    records = _records(text, delimiter, file)
    if delimiter != ",":
        remarks.append(remark("delimiter", delimiter=DELIMITERS[delimiter]))
    if len(set(ENDS.findall(_unquoted(text, delimiter)))) > 1:
        remarks.append(remark("line_ends"))
    return records, remarks


def _unquoted(text: str, delimiter: str) -> str:
    return re.sub(rf'(?<![^{delimiter}\r\n])"(?:[^"]|"")*"', "", text)


def decoded(content: bytes, file: str) -> tuple[str, list[Remark]]:
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
            marked = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = marked.lstrip("\ufeff")
        if encoding == "gb18030" and any(map(_in_utf8, PIECE.findall(content))):
            break
        if "\0" in text:
            raise refusal("nul", Place(file))
        return text, list(_on_bytes(encoding, len(marked) - len(text)))
    raise refusal("encoding", Place(file))


def _on_bytes(encoding: str, marks: int) -> Iterator[Remark]:
    if encoding != "utf-8":
        yield remark(encoding.replace("-", "_"))
    if marks:
        yield remark("byte_order_mark", count=marks)


def _in_utf8(piece: bytes) -> bool:
    """Whether bytes are Chinese in UTF-8. GB18030 allows nearly all of these as well, with another meaning."""
    try:
        return not piece.isascii() and UTF8_PAIR.search(piece.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def delimiter_of(text: str, around: Surround) -> str:
    """The one that lays a column of the platform bare; failing that, the first that cuts the header at all."""
    headers = {delimiter: _header(text, delimiter, around) for delimiter in DELIMITERS}
    known = (delimiter for delimiter, cells in headers.items() if len(cells) > 1 and names_a_column(cells))
    cutting = (delimiter for delimiter, cells in headers.items() if len(cells) > 1)
    return next(known, None) or next(cutting, ",")


def _header(text: str, delimiter: str, around: Surround) -> list[str]:
    first: list[list[str]] = []
    try:
        first += islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), around.rows_above + 1)
    except csv.Error:
        return []
    return first[around.above(first)] if first else []


def _records(text: str, delimiter: str, file: str) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(record) > WIDEST:
                raise refusal("too_wide", Place(file, len(records) + 1), limit=WIDEST)
            records.append(record)
    except csv.Error as wrong:
        where = Place(file, len(records) + 1)
        if "field larger" in str(wrong):
            raise refusal("long_cell", where, limit=LONGEST_CELL) from wrong
        raise refusal("quoting", where) from wrong
    return records
