"""The bytes of a file as cells, read the plain way: what a patient person would read, and None where it is unclear."""

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

Records = list[list[str]]
DELIMITERS = ",;\t，"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, ElementTree.ParseError,
    KeyError, ValueError, IndexError, OverflowError, RuntimeError, AttributeError, TypeError, OSError,
)  # fmt: skip


def cells(content: bytes) -> Records | None:
    """The cells of a csv file or workbook, less empty rows and columns at the end."""
    try:
        found = _workbook(content) if content.startswith(b"PK") else _csv(content)
    except DAMAGED:
        return None
    while found and not any(found[-1]):
        found.pop()
    while found and all(row and not row[-1] for row in found):
        found = [row[:-1] for row in found]
    return found or None


def _csv(content: bytes) -> Records | None:
    text = _decoded(content).lstrip("\ufeff")
    first = re.split("[\r\n]", text)[0]
    delimiter = max(DELIMITERS, key=lambda one: ("提交答卷时间" in first.split(one), first.count(one)))
    cell = re.compile(rf'(?:"((?:[^"]|"")*)"|([^"{delimiter}\r\n][^{delimiter}\r\n]*)|)({delimiter}|\r\n|\r|\n|\Z)')
    records: Records = [[]]
    place = 0
    while place < len(text):
        found = cell.match(text, place)
        if not found:
            return None
        records[-1].append((found[1] or "").replace('""', '"') or found[2] or "")
        place = found.end()
        if found[3] == delimiter and place == len(text):
            records[-1].append("")
        if found[3] != delimiter:
            records.append([])
    return records


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _workbook(content: bytes) -> Records | None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        sheets = [name for name in names if name.startswith("xl/worksheets/sheet")]
        if len(sheets) != 1 or len(set(names)) < len(names):
            return None
        shared = [
            _unescaped("".join(text.text or "" for text in item.iter(f"{SPREADSHEET}t")))
            for item in _xml(archive, "xl/sharedStrings.xml")
        ]
        return _sheet(_xml(archive, sheets[0]), shared)


def _unescaped(text: str) -> str:
    """A workbook writes characters that XML cannot hold as _x0001_."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(part))  # noqa: S314


def _sheet(root: ElementTree.Element, shared: list[str]) -> Records | None:
    found: dict[tuple[int, int], str] = {}
    for cell in root.iter(f"{SPREADSHEET}c"):
        letters, digits = re.fullmatch("([A-Z]{1,3})([1-9][0-9]{0,6})", cell.attrib["r"]).groups()  # type: ignore[union-attr]
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - 64
        place = (int(digits), column)
        if place in found:
            return None
        found[place] = _value(cell, shared)
    rows, columns = max(row for row, _ in found), max(column for _, column in found)
    return [[found.get((row, column), "") for column in range(1, columns + 1)] for row in range(1, rows + 1)]


def _value(cell: ElementTree.Element, shared: list[str]) -> str:
    kind, value = cell.attrib.get("t", "n"), cell.findtext(f"{SPREADSHEET}v", "")
    if kind == "s":
        return shared[int(value)]
    if kind == "n":
        number = float(value)
        return str(int(number)) if number.is_integer() else str(number)
    return {"str": value, "b": {"1": "TRUE", "0": "FALSE"}.get(value, "")}[kind]
