"""Files that are not what they claim are refused whole, naming file, place and remedy in both languages."""

import csv
import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest
import xlsxwriter
import xlwt

from calm_pipeline.errors import ExportRefused, Message, Place, letter
from calm_pipeline.exports.grid import Grid, grid, parse
from calm_pipeline.exports.reader import from_grid, read_file
from calm_pipeline.exports.refusals import REFUSALS, refusal
from calm_pipeline.exports.sandbox import Limits, read_grid
from calm_pipeline.exports.writer import table, write_export
from tests.exports.examples import ANSWERS, SURVEY

Sheet = xlsxwriter.worksheet.Worksheet


def refused(content: bytes, file: str = "export.xlsx") -> ExportRefused:
    with pytest.raises(ExportRefused) as error:
        parse(content, file)
    assert str(error.value).startswith(file)
    return error.value


def workbook(*fills: Callable[[Sheet], object], names: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for number, fill in enumerate(fills):
            fill(book.add_worksheet(names[number] if names else None))
    return out.getvalue()


def two_rows(sheet: Sheet) -> None:
    sheet.write_row(0, 0, ["序号", "1、您的姓名"])
    sheet.write_row(1, 0, [1, "某某"])


def with_part(name: str, content: bytes, archive: bytes | None = None) -> bytes:
    out = io.BytesIO(archive or workbook(two_rows))
    with zipfile.ZipFile(out, "a") as book:
        book.writestr(name, content)
    return out.getvalue()


def replaced(archive: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b"", "empty", None),
        (b" \r\n\r\n", "empty", None),
        ("序号,姓名\r\n".encode(), "no_rows", None),
        ("序号,姓名\r\n1\r\n".encode(), "ragged", 2),
        ("序号,姓名\r\n1,a,b\r\n".encode(), "ragged", 2),
        ("序号,姓名\r\n1,a\r\n\r\n2,b\r\n".encode(), "blank_row", 3),
        ('序号,姓名\r\n1,"a\r\n2,b\r\n'.encode(), "quoting", 2),
        ('序号,姓名\r\n1,"a"b\r\n'.encode(), "quoting", 2),
        ("序号,姓名\r\n1,a\0\r\n".encode(), "nul", None),
        ("序号,姓名\r\n1,a\0\r\n".encode("utf-16"), "nul", None),
        (b"\xff\xfe\x00", "encoding", None),
        (b"a,b\r\n\xff\xff,1\r\n", "encoding", None),
        (f"序号,姓名\r\n1,{'a' * (1 << 21)}\r\n".encode(), "long_cell", 2),
        (b"a,b" + b"," * 1_000_000 + b"\r\n1,2" + b"," * 1_000_000 + b"\r\n", "too_wide", 1),
        (b"a,b\r\n1,2" + b"," * 5_000 + b"\r\n", "too_wide", 2),
        (b"  <html><table><tr><td>1</td></tr></table></html>", "not_a_table", None),
        (b"%PDF-1.7", "not_a_table", None),
        (b"PK\x03\x04 and nothing more", "unreadable", None),
        (bytes.fromhex("D0CF11E0A1B11AE1"), "unreadable", None),
        (bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"), "encrypted", None),
    ],
)
def test_text_and_strangers_are_refused(content: bytes, code: str, row: int | None) -> None:
    error = refused(content, "export.csv")
    assert (error.code, error.where.row) == (code, row)


def test_a_stray_cell_in_the_last_column_is_refused_before_the_sheet_is_laid_out() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.write_row(0, 0, ["序号", "姓名"])
        sheet.write_row(1, 0, ["1", "a"])
        sheet.write(1, 16_383, "x")

    assert refused(workbook(fill)).code == "too_wide"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: with_part("xl/vbaProject.bin", b"x"), "active_content"),
        (lambda: with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), "active_content"),
        (lambda: with_part("xl/embeddings/oleObject1.bin", b"x"), "active_content"),
        (lambda: with_part("customXml/item1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "declarations"),
        (lambda: with_part("customXml/item1.xml", "<x/>".encode("utf-16")), "declarations"),
        (lambda: with_part("XL/Workbook.xml", b"<x/>"), "unreadable"),
        (lambda: with_part("a.txt", b"x", b"PK\x05\x06" + bytes(18)), "no_workbook"),
        (lambda: replaced(workbook(two_rows), "xl/workbook.xml", lambda xml: xml[:40]), "unreadable"),
        (lambda: workbook(two_rows, two_rows), "several_sheets"),
        (
            lambda: workbook(lambda sheet: sheet.write(0, 0, None), lambda sheet: (two_rows(sheet), sheet.hide())),
            "hidden_sheet",
        ),
        (lambda: workbook(lambda sheet: sheet.activate()), "empty"),
    ],
)
def test_workbooks_of_more_than_values_are_refused(content: Callable[[], bytes], code: str) -> None:
    assert refused(content()).code == code


def test_a_merged_cell_is_named() -> None:
    error = refused(workbook(lambda sheet: (two_rows(sheet), sheet.merge_range(1, 1, 2, 1, "x"))))
    assert (error.code, error.place.en) == ("merged", "export.xlsx, row 2, column B")


def test_a_formula_is_named_in_new_and_old_workbooks() -> None:
    error = refused(workbook(lambda sheet: (two_rows(sheet), sheet.write_formula(1, 1, "=1+1"))))
    assert (error.code, error.place.zh) == ("formula", "export.xlsx，第 2 行，B 列")
    assert refused(old_workbook(xlwt.Formula("1+1"))).where == Place("export.xlsx", 2, 1)


def old_workbook(value: object) -> bytes:
    out, book = io.BytesIO(), xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for place, title in enumerate(("序号", "1、您的姓名")):
        sheet.write(0, place, title)
        sheet.write(1, place, value if place else 1)
    book.save(out)
    return out.getvalue()


def test_an_old_workbook_cut_short_is_refused() -> None:
    assert refused(old_workbook("某某")[:1500]).code == "unreadable"


def test_a_part_larger_than_declared_is_refused() -> None:
    content = bytearray(with_part("xl/large.xml", b"<x/>" + b" " * 5000))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert refused(bytes(content)).code == "unreadable"


def test_a_part_declared_too_large_is_refused_unread() -> None:
    content = bytearray(with_part("xl/large.xml", b"<x/>"))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (200 << 20).to_bytes(4, "little")
    assert refused(bytes(content)).code == "too_large"


def test_empty_columns_at_the_end_are_forgiven_and_untitled_data_is_not() -> None:
    assert grid([["a", "b", ""], ["1", "", ""]], "x.csv").header == ["a", "b"]
    with pytest.raises(ExportRefused) as error:
        grid([["a", "", "c"], ["1", "", "3"]], "x.csv")
    assert (error.value.code, error.value.where.column) == ("untitled", 1)


def test_links_folders_and_absent_files_are_refused(tmp_path: Path) -> None:
    write_export(SURVEY, ANSWERS, tmp_path / "real.xlsx", "text")
    os.symlink(tmp_path / "real.xlsx", tmp_path / "link.xlsx")
    for name, code in (("link.xlsx", "not_a_file"), (".", "not_a_file"), ("none.xlsx", "missing_file")):
        with pytest.raises(ExportRefused) as error:
            read_grid(tmp_path / name)
        assert error.value.code == code


def test_a_child_without_enough_memory_or_time_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("序号,姓名\r\n".encode() + b"1,aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 300_000)
    for limits, code in ((Limits(memory_bytes=20 << 20), "out_of_memory"), (Limits(seconds=0), "out_of_time")):
        with pytest.raises(ExportRefused) as error:
            read_grid(path, limits)
        assert error.value.code == code
    with pytest.raises(ExportRefused, match="larger than 1 MiB"):
        read_grid(path, Limits(file_bytes=1 << 20))


def test_the_child_hands_its_refusal_on(tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text("序号,姓名\n1\n", encoding="utf-8")
    with pytest.raises(ExportRefused) as error:
        read_file(tmp_path / "broken.csv", SURVEY)
    assert str(error.value).startswith("broken.csv, row 2: the row has 1 cells and the header 2. Download")


def without(*headers: str, rename: dict[str, str] | None = None, file: str = "export.csv", kind: str = "text") -> Grid:
    header, *rows = table(SURVEY, ANSWERS, "number" if kind == "number" else "text")
    keep = [place for place, title in enumerate(header) if title not in headers]
    titles = [(rename or {}).get(str(header[place]), str(header[place])) for place in keep]
    return grid([titles, *([str(row[place]) for place in keep] for row in rows)], file)


def refused_grid(cells: Grid, file: str = "export.csv") -> ExportRefused:
    with pytest.raises(ExportRefused) as error:
        from_grid(cells, SURVEY, file)
    return error.value


def test_a_missing_column_says_where_the_nearest_headers_stand_and_quotes_none() -> None:
    error = refused_grid(without(rename={"4、贵馆有哪些渠道？": "4、贵馆有哪些主要渠道？王小明"}))
    assert error.cause.en == "the column for question 4, '4、贵馆有哪些渠道？', is missing"
    assert "The nearest headers stand over column(s) J." in error.remedy.en
    assert "最接近的表头所在的列：J。" in error.remedy.zh
    assert "王小明" not in error.told
    assert "aliases in schemas/surveys/2030.yaml" in error.remedy.en


def test_another_surveys_file_is_refused() -> None:
    cells = grid([["序号", "1、别的问题"], ["1", "x"]], "export.csv")
    assert refused_grid(cells).code == "other_survey"
    assert refused_grid(cells, "123456789_1700000000000.xlsx").code == "summary"


def test_a_repeated_column_is_refused() -> None:
    error = refused_grid(without(rename={"来自IP": "1、您的姓名"}))
    assert (error.code, error.where.header) == ("repeated_column", "1、您的姓名")


def test_columns_of_both_kinds_are_refused() -> None:
    assert refused_grid(without(rename={"10、(丙)": "4、贵馆有哪些渠道？"}, kind="number")).code == "mixed_kinds"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("123456789_按文本_调查（2030）_9_2.xlsx", None),
        ("副本123456789_按文本_调查[复制]_9_2(1).xlsx", None),
        ("123456789_按文本_调查_9_2.xlsx - Sheet1.csv", None),
        ("123456789_按序号_调查_9_3.csv", "row_count"),
    ],
)
def test_a_name_must_keep_its_promise(file: str, code: str | None) -> None:
    cells = without(file=file)
    if code is None:
        assert from_grid(cells, SURVEY, file).kind == "text"
    else:
        assert refused_grid(cells, file).code == code


@pytest.mark.parametrize("name", ["123456789_按分数_调查_9_2.xlsx", "1_2_2_1.xls"])
def test_answers_by_score_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportRefused, match="by score"):
        read_file(tmp_path / name, SURVEY)


@pytest.mark.parametrize(
    ("sequences", "code", "row"),
    [
        (["1", ""], "sequence_missing", 3),
        (["1", "1.0"], "sequence_repeated", 3),
        (["x", "2"], "sequence_malformed", 2),
    ],
)
def test_a_doubtful_sequence_is_refused(sequences: list[str], code: str, row: int) -> None:
    header, *rows = table(SURVEY, ANSWERS, "text")
    records = [[str(title) for title in header]]
    records += [[sequence, *map(str, row[1:])] for sequence, row in zip(sequences, rows, strict=True)]
    error = refused_grid(grid(records, "export.csv"))
    assert (error.code, error.where.row, error.where.column) == (code, row, 0)


def test_an_error_survives_the_way_between_processes() -> None:
    error = refusal("ragged", Place("a.csv", 3, 27, "4、渠道"), found=1, expected=2)
    for copy in (pickle.loads(pickle.dumps(error)), ExportRefused.from_json(json.loads(json.dumps(error.as_json())))):  # noqa: S301
        assert (copy.code, str(copy), copy.zh) == (error.code, str(error), error.zh)
    assert str(error).startswith("a.csv, row 3, column AB (4、渠道): ")
    assert [letter(place) for place in (0, 25, 26, 702)] == ["A", "Z", "AA", "AAA"]


def test_every_refusal_fills_the_same_words_in_both_languages() -> None:
    def words(message: Message) -> tuple[set[str], set[str]]:
        en, zh = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in (message.en, message.zh))
        return en, {name.removesuffix("_zh") for name in zh}

    for entry in REFUSALS.values():
        for message in entry:
            en, zh = words(message)
            assert message.en
            assert message.zh
            assert en == zh


def test_no_refusal_repeats_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([*table(SURVEY, ANSWERS, "text"), ["13800000000"]])
    with pytest.raises(ExportRefused) as error:
        read_file(path, SURVEY)
    assert "13800000000" not in json.dumps(error.value.as_json())
