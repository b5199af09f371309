"""Workbooks of this project: what was written is read back, as text and nothing else, from the same bytes."""

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from calm_pipeline.workbooks import EPOCH, workbook, write_text

TEXTS = (
    "=1+1",
    "{=1}",
    "007",
    "1e3",
    "https://a.example/",
    "mailto:a@a.example",
    "<r></r>",
    "<r><t>&</t>\n</r>",
    " 甲 ",
    "_x0041_",
)


def written(*texts: str) -> bytes:
    out = io.BytesIO()
    with workbook(out, "title") as book:
        sheet = book.add_worksheet("one")
        for row, text in enumerate(texts):
            write_text(sheet, row, 0, text)
    return out.getvalue()


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back_as_it_was(text: str) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(text)))
    assert book.get_sheet_by_name("one").to_python() == [[text]]


def test_styled_text_in_what_looks_like_markup_keeps_its_style() -> None:
    out = io.BytesIO()
    with workbook(out, "title") as book:
        bold = book.add_format({"bold": True})
        write_text(book.add_worksheet("one"), 0, 0, "<r>甲</r>", bold)
    with zipfile.ZipFile(out) as parts:
        assert b'<c r="A1" s="1" t="s">' in parts.read("xl/worksheets/sheet1.xml")
    book = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue()))
    assert book.get_sheet_by_name("one").to_python() == [["<r>甲</r>"]]


def test_bytes_depend_on_nothing_but_the_content() -> None:
    assert written(*TEXTS) == written(*TEXTS)
    with zipfile.ZipFile(io.BytesIO(written(*TEXTS))) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {EPOCH.timetuple()[:6]}
        assert {entry.compress_type for entry in parts.infolist()} == {zipfile.ZIP_STORED}
