"""The outside of an xlsx workbook: an archive checked part by part and handed on as the parts that were checked."""

import io
import re
import struct
import zipfile
import zlib

from calm_pipeline.errors import Place
from calm_pipeline.exports.markup import check_markup, index
from calm_pipeline.exports.refusals import refusal

TOTAL, PART = 256 << 20, 128 << 20
DENSE, DENSEST = 16 << 20, 100
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, ValueError)
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
WORKBOOK = {"[Content_Types].xml", "xl/workbook.xml"}
FORBIDDEN = {
    "vbaproject": "macros/宏",
    "xl/externallinks/": "links to other workbooks/外部链接",
    "xl/embeddings/": "embedded objects/嵌入对象",
    "xl/activex/": "controls/控件",
    "xl/connections.xml": "data connections/数据连接",
}
DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)")
FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b|<(?:\w+:)?f[\s/>]')

HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\b([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)(?<!/)>(.*?)</(?:\w+:)?row>", re.DOTALL
)
HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)>")
FILLED_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*\br=[\"']([A-Z]{1,3})\d{1,7}[\"'][^>]*(?<!/)>")
VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b")
ROW_NUMBER, FIRST, LAST = (re.compile(rb"\b%s=[\"'](\d{1,7})[\"']" % name) for name in (b"r", b"min", b"max"))


def checked_workbook(content: bytes, file: str) -> bytes:
    """The XML parts of the workbook, verified and stored anew, so that what is parsed is what was checked.

    Raises ExportRefused for anything but a plain workbook of values within the limits of size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_names(archive.infolist(), file)
            return _repacked(archive, file)
    except DAMAGED as damaged:
        raise refusal("unreadable", Place(file)) from damaged


def _check_names(parts: list[zipfile.ZipInfo], file: str) -> None:
    names = [part.filename for part in parts]
    lowered = [name.lower() for name in names]
    if any(part.flag_bits & 1 for part in parts):
        raise refusal("encrypted", Place(file))
    if not WORKBOOK.issubset(names):
        raise refusal("no_workbook", Place(file))
    if len(set(lowered)) < len(lowered) or not {part.compress_type for part in parts} <= PACKED:
        raise refusal("unreadable", Place(file))
    for fragment, what in FORBIDDEN.items():
        if any(fragment in name for name in lowered):
            raise refusal("active_content", Place(file), what=what)
    sizes = [part.file_size for part in parts]
    dense = any(part.file_size > max(DENSE, DENSEST * part.compress_size) for part in parts)
    if sum(sizes) > TOTAL or max(sizes) > PART or dense:
        raise refusal("too_large", Place(file), limit=f"{TOTAL >> 20} MiB")


def _repacked(archive: zipfile.ZipFile, file: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as plain:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):
                plain.writestr(part.filename, _checked_part(archive.read(part), part.filename, file))
    return out.getvalue()


def _checked_part(content: bytes, name: str, file: str) -> bytes:
    """`read` inflates no more than the declared size and fails on any other, so the limits hold while inflating."""
    if b"\0" in content or DECLARATION.search(content):
        raise refusal("declarations", Place(file))
    sheet = "/worksheets/" in name and name.endswith(".xml")
    check_markup(content, file, sheet=sheet)
    if sheet:
        _check_sheet(content, file)
    return content


def _check_sheet(content: bytes, file: str) -> None:
    formula = FORMULA.search(content)
    if formula:
        column, row = formula.groups()
        raise refusal("formula", Place(file, int(row) if row else None, index(column) if column else None))
    for row in HIDDEN_ROW.finditer(content):
        if VALUE.search(row[2]):
            raise refusal("hidden_cells", Place(file, _number(ROW_NUMBER, row[1])))
    spans = [(_number(FIRST, column), _number(LAST, column)) for column in HIDDEN_COLUMN.findall(content)]
    filled = {index(letters) for letters in FILLED_CELL.findall(content)} if spans else set()
    for place in sorted(filled):
        if any((first or 1) <= place + 1 <= (last or place + 1) for first, last in spans):
            raise refusal("hidden_cells", Place(file, column=place))


def _number(pattern: re.Pattern[bytes], tag: bytes) -> int | None:
    found = pattern.search(tag)
    return int(found[1]) if found else None
