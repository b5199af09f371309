"""Cases 1 to 27 and 62: what is wrong with a file as a whole. A refused file leaves nothing but its receipt."""

import csv
import io
import os
import re
import resource
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.pairing import join
from calm_pipeline.exports.privacy import shown
from calm_pipeline.exports.reader import read_file
from calm_pipeline.exports.receive import receive
from calm_pipeline.exports.writer import write_export
from tests.malformed.examples import SURVEY, VALID, cells, code, export, read, refused, said

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
TWO = (VALID, said(2, library="乙大学图书馆"))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("written") / "export.xlsx"
    write_export(SURVEY, TWO, path, "text")
    return path.read_bytes()


def text(records: list[list[str]], delimiter: str = ",", ends: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ends).writerows(records)
    return out.getvalue()


def damaged(archive: bytes, change: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def extended(archive: bytes, part: str, content: bytes = b"<x/>") -> bytes:
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr(part, content)
    return out.getvalue()


def drawn(fill: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]) -> bytes:
    """The exporter's cells in a workbook that a person changed."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(cells(TWO)):
            sheet.write_row(number, 0, row)
        fill(book, sheet)
    return out.getvalue()


def old(change: Callable[[xlwt.Worksheet], object] = id) -> bytes:
    out, book = io.BytesIO(), xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for number, row in enumerate(cells(TWO)):
        for place, value in enumerate(row):
            sheet.write(number, place, value)
    change(sheet)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("content", "reason"), [("", "empty"), (" \r\n\r\n", "empty"), (text(cells()[:1]), "no_rows")])
def test_case_01_empty_or_header_only(content: str, reason: str) -> None:
    assert code(content.encode()) == reason


def test_case_02_truncated(workbook: bytes) -> None:
    content = text(cells(TWO))
    inside, last = content.index("甲大"), content.rindex("多开门")
    assert code((content[:inside] + '"' + content[inside:]).encode()) == "quoting"
    assert code(content[:last].encode()) == "ragged"
    assert code(workbook[: -len(workbook) // 3], "export.xlsx") == "unreadable"
    assert code(old()[:3000], "export.xls") == "unreadable"
    assert code(content.encode(), "123456789_按文本_调查_9_3.csv") == "row_count"


def test_case_04_gb18030_bytes() -> None:
    content = text(cells(TWO))
    assert read(content.encode("gb18030")).frame.equals(read(content.encode()).frame)
    assert code(content.encode("gb18030").replace("多".encode("gb18030"), b"\xff\xff")) == "encoding"


@pytest.mark.parametrize("place", [1, 2])
def test_case_04_a_mixture_of_encodings(place: int) -> None:
    lines = text(cells(TWO)).splitlines(keepends=True)
    mixed = [line.encode("utf-8" if n == place else "gb18030") for n, line in enumerate(lines)]
    assert code(b"".join(mixed)) == "encoding"
    one_cell = text(cells()).encode("gb18030").replace("甲大学图书馆".encode("gb18030"), "甲大学图书馆".encode())
    assert code(one_cell) == "encoding"


@pytest.mark.parametrize("marks", ["", "\ufeff", "\ufeff\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_case_05_utf_16_and_byte_order_marks(encoding: str, marks: str) -> None:
    content = text(cells(TWO))
    assert read((marks + content).encode(encoding)).frame.equals(read(content.encode()).frame)


@pytest.mark.parametrize("delimiter", [";", "\t", "，"])
def test_case_07_wrong_delimiter(delimiter: str) -> None:
    assert read(text(cells(TWO), delimiter).encode()).frame.equals(read(text(cells(TWO)).encode()).frame)
    assert code(text(cells(TWO), "|").encode()) == "other_survey"


def test_case_08_row_longer_than_the_header() -> None:
    error = refused(text([*cells(TWO)[:2], [*cells(TWO)[2], "x"]]).encode())
    assert error is not None
    assert (error.code, error.where.row) == ("ragged", 3)


def test_case_09_mixed_line_ends_and_line_ends_inside_quotes() -> None:
    header, first, second = cells((VALID, said(2, advice="第一行\r\n第二行\n第三行\r第四行")))
    content = text([header], ends="\r") + text([first], ends="\n") + text([second], ends="\r\n")
    assert read(content.encode()).frame["advice"].to_pylist() == ["多开门", "第一行\r\n第二行\n第三行\r第四行"]


def test_case_10_nul_byte(workbook: bytes) -> None:
    content = text(cells())
    assert code(content.replace("多开门", "多\0开门").encode()) == "nul"
    assert code(content.replace("多开门", "多\0开门").encode("utf-16")) == "nul"
    escaped = damaged(workbook, lambda xml: xml.replace("多开门".encode(), "多_x0000_开门".encode()), STRINGS)
    assert code(escaped, "export.xlsx") == "nul"
    assert code(old(lambda sheet: sheet.write(3, 0, "3\0")), "export.xls") == "nul"


@pytest.mark.parametrize("title", ["序号", "来源", "28、进展到哪一阶段？"])
def test_case_11_duplicate_header(title: str) -> None:
    header, *rows = cells()
    records = [[*header, title], *([*row, "x"] for row in rows)]
    error = refused(text(records).encode())
    assert error is not None
    assert (error.code, error.where.header) == ("repeated_column", title)


def test_case_12_renamed_column() -> None:
    header, *rows = cells()
    place = header.index("21、贵馆通过哪些方式吸引用户？")
    aliased = [*header[:place], "21、贵馆如何吸引用户", *header[place + 1 :]]
    assert export([aliased, *rows]).frame.equals(export([header, *rows]).frame)
    strange = [*header[:place], "21、贵馆用哪些方式吸引用户？", *header[place + 1 :]]
    error = refused(text([strange, *rows]).encode())
    assert error is not None
    assert error.code == "missing_column"
    assert "The nearest headers stand over column(s) J." in error.remedy.en


@pytest.mark.parametrize("kind", ["text", "number"])
def test_case_13_reordered_columns(kind: str) -> None:
    sound = cells(TWO, kind)
    assert export([row[::-1] for row in sound]).frame.equals(export(sound).frame)


def test_case_14_missing_and_extra_column() -> None:
    header, *rows = cells()
    assert code(text([row[:-1] for row in (header, *rows)]).encode()) == "missing_column"
    more = export([[*header, "99、多出的题"], *([*row, "x"] for row in rows)])
    assert [one.code for one in more.remarks] == ["extra_column"]
    assert more.frame.equals(export([header, *rows]).frame)


def test_case_15_another_editions_file(tmp_path: Path) -> None:
    stage = SURVEY.questions["stage"].model_copy(update={"zh": "明年进展如何？", "en": "Next year?"})
    later = SURVEY.model_copy(update={"edition": "2031", "questions": {**SURVEY.questions, "stage": stage}})
    write_export(later, TWO, tmp_path / "export.csv", "text")
    for others, reason in (((), "missing_column"), ((later,), "other_edition")):
        received = receive([tmp_path / "export.csv"], SURVEY, others)
        assert received.files["code"].to_pylist() == [reason]
        assert received.raw.num_rows == 0
    assert "those of edition 2031, not of 2030" in received.files["reason_en"][0].as_py()


def test_case_16_title_rows_above_and_a_total_below() -> None:
    header, *rows = cells(TWO)
    title, total = ["高校图书馆调查", *[""] * (len(header) - 1)], ["合计", *["2"] * (len(header) - 1)]
    assert code(text([title, header, *rows]).encode()) == "untitled"
    assert code(("高校图书馆调查\r\n" + text([header, *rows])).encode()) == "ragged"
    assert code(text([header, *rows, total]).encode()) == "sequence_malformed"
    assert code(text([header, *rows, ["", *total[1:]]]).encode()) == "sequence_missing"


@pytest.mark.parametrize("name", ["export.xls", "export.xlsx", "EXPORT.XLSX"])
def test_case_17_text_named_like_a_workbook(name: str) -> None:
    assert code(text(cells()).encode(), name) == "text_in_disguise"
    assert code(b"\xef\xbb\xbf <html><table><tr><td>1</td></tr></table></html>", name) == "not_a_table"


def test_case_17_password_and_macros(workbook: bytes) -> None:
    locked = bytearray(workbook)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for found in re.finditer(re.escape(mark), workbook):
            locked[found.start() + offset] |= 1
    assert code(bytes(locked), "export.xlsx") == "encrypted"
    sealed = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert code(sealed, "export.xlsx") == "encrypted"
    assert code(extended(workbook, "xl/vbaProject.bin", b"x"), "export.xlsx") == "active_content"


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (lambda book, _: book.add_worksheet().write(0, 0, "x"), "several_sheets"),
        (lambda book, _: (book.add_worksheet("b").write(0, 0, "x"), book.get_worksheet_by_name("b").hide()),
         "hidden_sheet"),
        (lambda _, sheet: sheet.set_row(2, None, None, {"hidden": True}), "hidden_cells"),
        (lambda _, sheet: sheet.set_column(6, 7, None, None, {"hidden": True}), "hidden_cells"),
        (lambda book, _: book.add_worksheet(), None),
        (lambda _, sheet: sheet.set_row(9, None, None, {"hidden": True}), None),
        (lambda _, sheet: sheet.set_column(50, 60, None, None, {"hidden": True}), None),
    ],
    ids=["several", "hidden_sheet", "hidden_row", "hidden_column", "empty_sheet", "empty_row", "empty_column"],
)  # fmt: skip
def test_case_18_several_sheets_and_hidden_data(fill: Callable[..., object], reason: str | None) -> None:
    assert code(drawn(fill), "export.xlsx") == reason


def _hide_row(sheet: xlwt.Worksheet) -> None:
    sheet.row(2).hidden = True


def _hide_column(sheet: xlwt.Worksheet) -> None:
    sheet.col(3).hidden = True


def test_case_18_hidden_data_in_an_old_workbook() -> None:
    assert code(old(), "export.xls") is None
    assert [code(old(hide), "export.xls") for hide in (_hide_row, _hide_column)] == ["hidden_cells"] * 2


def test_case_19_merged_cells() -> None:
    assert code(drawn(lambda _, sheet: sheet.merge_range(1, 6, 2, 6, "x")), "export.xlsx") == "merged"
    assert code(old(lambda sheet: sheet.merge(1, 2, 30, 30)), "export.xls") is None
    assert code(old(lambda sheet: sheet.write_merge(3, 4, 0, 0, "x")), "export.xls") == "merged"


def test_case_20_formula_cells() -> None:
    assert code(drawn(lambda _, sheet: sheet.write_formula(2, 3, "=1+1")), "export.xlsx") == "formula"
    assert code(old(lambda sheet: sheet.write(3, 3, xlwt.Formula("1+1"))), "export.xls") == "formula"


def _bomb(workbook: bytes) -> bytes:
    row = b'<row r="9"><c r="A9"><v>1</v></c></row>'
    return damaged(
        workbook, lambda xml: xml.replace(b"</sheetData>", row * (152_000_000 // len(row)) + b"</sheetData>")
    )


def _far_cell(workbook: bytes) -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return damaged(workbook, lambda xml: xml.replace(b"</sheetData>", far))


def _entities(workbook: bytes) -> bytes:
    lol = b"".join(b'<!ENTITY b%d "%s">' % (n + 1, b"&b%d;" % n * 10) for n in range(9))
    doctype = b'<!DOCTYPE x [<!ENTITY b0 "lol">' + lol + b"]>"
    return damaged(workbook, lambda xml: xml.replace(b"<worksheet", doctype + b"<worksheet", 1))


BOMBS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "case_21_zip_bomb": (_bomb, "too_large"),
    "case_22_cell_at_the_end_of_the_sheet": (_far_cell, "out_of_memory"),
    "case_23_entities": (_entities, "declarations"),
    "case_24_external_link_or_dde": (partial(extended, part="xl/externalLinks/externalLink1.xml"), "active_content"),
    "case_24_embedded_object": (partial(extended, part="xl/embeddings/oleObject1.bin"), "active_content"),
    "case_24_data_connection": (partial(extended, part="xl/connections.xml"), "active_content"),
}


@pytest.mark.parametrize("case", BOMBS)
def test_bombs_are_refused_within_seconds_and_the_next_file_is_read(workbook: bytes, tmp_path: Path, case: str) -> None:
    make, reason = BOMBS[case]
    (tmp_path / "bomb.xlsx").write_bytes(make(workbook))
    write_export(SURVEY, TWO, tmp_path / "next.csv", "text")
    begun = time.monotonic()
    received = receive([tmp_path / "bomb.xlsx", tmp_path / "next.csv"], SURVEY)
    assert time.monotonic() - begun < 10
    assert received.files["code"].to_pylist() == [reason, None]
    assert received.raw.num_rows == len(TWO)


def test_case_21_a_file_beyond_its_limit_is_refused_unread(tmp_path: Path) -> None:
    """Not even for its digest is it held in memory."""
    with (tmp_path / "large.csv").open("wb") as large:
        large.truncate(512 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    received = receive([tmp_path / "large.csv"], SURVEY)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10 < 128 << 20
    assert received.files.select(["code", "bytes"]).to_pylist() == [{"code": "too_large", "bytes": 512 << 20}]


def test_case_21_a_bomb_below_the_total_is_told_by_its_density(workbook: bytes) -> None:
    assert code(extended(workbook, "xl/theme/more.xml", b"<x>" + b" " * (20 << 20) + b"</x>"), "e.xlsx") == "too_large"
    assert code(extended(workbook, "xl/theme/more.xml", b"<x>" + b" " * (1 << 20) + b"</x>"), "e.xlsx") is None


NAMES = {
    "..\u2215..\u2215etc.csv": "..\u2215..\u2215etc.csv",
    "a\u202exslx.csv": "a\\u202exslx.csv",
    "a\x1b[31m\n.csv": "a\\x1b[31m\\n.csv",
    "<b>=1+1.csv": "<b>=1+1.csv",
    "联系13800000000.csv": "联系〔手机号已隐去〕.csv",
    f"{'a' * 250}.csv": f"{'a' * 250}.csv",
    os.fsdecode(b"\xff.csv"): "\\udcff.csv",
}


@pytest.mark.parametrize("name", NAMES, ids=["path", "bidi", "ansi", "html", "mobile", "long", "bytes"])
def test_case_25_hostile_file_name(tmp_path: Path, name: str) -> None:
    write_export(SURVEY, TWO, tmp_path / name, "text")
    about = receive([tmp_path / name], SURVEY).files.to_pylist()[0]
    assert (about["verdict"], about["file"], len(about["sha256"])) == ("read", NAMES[name], 64)


def test_case_25_a_hostile_name_in_a_refusal_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "a\u202e\n.csv").write_bytes(b"x")
    with pytest.raises(ExportRefused) as error:
        read_file(tmp_path / "a\u202e\n.csv", SURVEY)
    assert str(error.value).startswith("a\\u202e\\n.csv: ")
    assert shown("x" * 300 + "\0/../etc") == "x" * 300 + "\\x00/../etc"


def test_case_25_names_that_differ_only_in_what_is_withheld(tmp_path: Path) -> None:
    names = ["王13800000000.csv", "王13900000000.csv", "王〔手机号已隐去〕.csv (2).csv"]
    for n, name in enumerate(names, 1):
        write_export(SURVEY, [said(n, library=f"第{n}大学图书馆")], tmp_path / name, "text")
    received = receive([tmp_path / name for name in names], SURVEY)
    shown = ["王〔手机号已隐去〕.csv", "王〔手机号已隐去〕.csv (2)", "王〔手机号已隐去〕.csv (2).csv"]
    assert received.files["file"].to_pylist() == shown
    assert received.raw["file"].to_pylist() == shown
    (tmp_path / names[1]).write_bytes((tmp_path / names[0]).read_bytes())
    remarks = receive([tmp_path / name for name in names[:2]], SURVEY).remarks.to_pylist()
    same = next(one for one in remarks if one["remark"] == "same_bytes")
    assert same["file"] == shown[1]
    assert shown[0] in same["sentence_zh"]


def test_case_26_symlink_or_device(tmp_path: Path) -> None:
    write_export(SURVEY, TWO, tmp_path / "real.csv", "text")
    os.symlink(tmp_path / "real.csv", tmp_path / "link.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    received = receive([tmp_path / "link.csv", tmp_path / "pipe.csv", Path(os.devnull)], SURVEY)
    assert received.files["code"].to_pylist() == ["not_a_file"] * 3
    assert received.files["bytes"].to_pylist() == [0, 0, 0]


def test_case_27_the_same_bytes_under_another_name(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        write_export(SURVEY, TWO, tmp_path / name, "text")
    received = receive([tmp_path / "a.csv", tmp_path / "b.csv"], SURVEY)
    assert received.raw["sequence"].to_pylist() == [1, 2]
    assert set(received.raw["file"].to_pylist()) == {"a.csv"}
    assert len(set(received.files["sha256"].to_pylist())) == 1
    assert received.files["file"].to_pylist() == ["a.csv", "b.csv"]


def test_case_62_row_ids_repeated() -> None:
    header, first, second = cells(TWO)
    assert code(text([header, first, [first[0], *second[1:]]]).encode()) == "sequence_repeated"
    later = [first[0], *second[1:]]
    with pytest.raises(ExportRefused) as error:
        join([export([header, first], "a.csv"), export([header, later], "b.csv")], SURVEY)
    assert (error.value.code, error.value.place.en) == ("sequence_conflict", "b.csv, row 2")
    assert "序号 1 was already read from a.csv" in error.value.cause.en
