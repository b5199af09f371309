"""The XML of a workbook's parts: well formed, in UTF-8, and in a sheet every cell once and in its place."""

import re
from collections.abc import Mapping
from xml.parsers import expat

from calm_pipeline.errors import Place
from calm_pipeline.exports.refusals import refusal

REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")


def check_markup(content: bytes, file: str, *, sheet: bool) -> None:
    """Raise ExportRefused unless an XML parser and a forgiving reader must find the same in a part.

    Forgiving readers take a cell that stands twice once, go on after a broken tag with what follows it, and take a cell
    for empty whose value is not where its type says. Document types and entities must have been refused before.
    """
    parser = expat.ParserCreate()
    order = _Order(file)
    parser.XmlDeclHandler = order.declared
    if sheet:
        parser.StartElementHandler = order.begun
    try:
        parser.Parse(content, True)
    except expat.ExpatError as damaged:
        raise refusal("unreadable", Place(file)) from damaged


class _Order:
    """Rows and cells as they begin, each of which must stand after the one before it."""

    def __init__(self, file: str) -> None:
        self.file, self.row, self.column, self.kind = file, 0, 0, "n"

    def declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() != "utf-8":
            raise refusal("unreadable", Place(self.file))

    def begun(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self._row(attributes.get("r", str(self.row + 1)))
        elif kind == "c":
            self._cell(attributes.get("r"))
            self.kind = attributes.get("t", "n")
        elif kind in ("v", "is") and (kind == "is") != (self.kind == "inlineStr"):
            raise refusal("unreadable", Place(self.file, self.row, self.column - 1))

    def _row(self, number: str) -> None:
        if not number.isascii() or not number.isdecimal() or int(number) <= self.row:
            raise refusal("unreadable", Place(self.file, self.row or None))
        self.row, self.column = int(number), 0

    def _cell(self, reference: str | None) -> None:
        """A cell without a reference stands right after the one before it."""
        found = REFERENCE.fullmatch(f"A{self.row}" if reference is None else reference)
        column = index(found[1].encode()) + 1 if found and reference is not None else self.column + 1
        if not found or int(found[2]) != self.row or column <= self.column:
            raise refusal("unreadable", Place(self.file, self.row))
        self.column = column


def index(letters: bytes) -> int:
    """The place of the column under these letters, counted from 0."""
    place = 0
    for character in letters:
        place = place * 26 + character - ord("A") + 1
    return place - 1
