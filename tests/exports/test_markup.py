"""A workbook of which two programs would read different cells is refused."""

import io
import zipfile
from collections.abc import Callable

import pytest

from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.grid import parse
from tests.exports.test_refusals import replaced, two_rows, workbook

SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


def changed(old: bytes, new: bytes, part: str = SHEET) -> bytes:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return replaced(workbook(two_rows), part, change)


def code(content: bytes) -> str | None:
    try:
        parse(content, "export.xlsx")
    except ExportRefused as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (b'r="B2"', b'r="A2"', SHEET),
        (b'r="B2"', b'r="B1"', SHEET),
        (b'r="A1"', b'r="C1"', SHEET),
        (b'r="B2"', b'r="b2"', SHEET),
        (b'r="B2"', b'r="B02"', SHEET),
        (b'r="B2"', b"r'B2'", SHEET),
        (b'r="B2" t="s"', b'r="B2" t="inlineStr"', SHEET),
        (b'r="A2"><v>1</v>', b'r="A2"><is><t>1</t></is>', SHEET),
        (b'<row r="2"', b'<row r="1"', SHEET),
        (b'<row r="2"', b'<row r="-2"', SHEET),
        (b"</row>", b"", SHEET),
        (b"<t>", b"<t:", STRINGS),
        (b"</t></si>", b"</t>", STRINGS),
        (b'encoding="UTF-8"', b'encoding="GBK"', STRINGS),
        (b'encoding="UTF-8"', b'encoding="ISO-8859-1"', STRINGS),
        (b"<sheets>", b"<sheets", BOOK),
    ],
)
def test_doubtful_markup_is_refused(old: bytes, new: bytes, part: str) -> None:
    assert code(changed(old, new, part)) == "unreadable"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="A2"><v>1</v>', b'r="A2" t="inlineStr"><is><t>1</t></is>'),
        (b' r="A2"', b""),
        (b' encoding="UTF-8"', b""),
        (b'<row r="2"', b"<row"),
        (b"</sheetData>", b"</sheetData><!--x-->"),
    ],
)
def test_plain_markup_of_other_programs_is_read(old: bytes, new: bytes) -> None:
    assert parse(changed(old, new), "export.xlsx").rows.to_pylist() == [{"c0": "1", "c1": "某某"}]


def _offset(content: bytes) -> bytes:
    """The archive begins, by its own account, before the file does."""
    at = content.rindex(b"PK\x05\x06") + 16
    return content[:at] + (int.from_bytes(content[at : at + 4], "little") + 7).to_bytes(4, "little") + content[at + 4 :]


def _packed(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("damage", [_offset, _packed])
def test_an_archive_of_another_make_is_refused(damage: Callable[[bytes], bytes]) -> None:
    assert code(damage(workbook(two_rows))) == "unreadable"
