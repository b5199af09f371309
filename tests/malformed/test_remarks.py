"""Cases 4 to 17 and 27 as rows of `file_remarks`: whatever is mended in a file or stands out in it is said."""

import csv
import io
from pathlib import Path
from string import Formatter

import pytest
import xlsxwriter
import xlwt

from calm_pipeline import store
from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.grid import parse
from calm_pipeline.exports.pairing import join
from calm_pipeline.exports.reader import from_grid
from calm_pipeline.exports.receive import REMARK, receive
from calm_pipeline.exports.remarks import REMARKS, Remark
from calm_pipeline.exports.surround import Surround
from calm_pipeline.survey import Survey
from tests.malformed.examples import SURVEY, VALID, cells, export, read, said
from tests.reference import PROJECT

TWO = (VALID, said(2, library="乙大学图书馆"))
ALIASED = {"21、贵馆通过哪些方式吸引用户？": "21、贵馆如何吸引用户"}


def text(records: list[list[str]], delimiter: str = ",", ends: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ends).writerows(records)
    return out.getvalue()


def renamed(titles: dict[str, str]) -> list[list[str]]:
    header, *rows = cells(TWO)
    return [[titles.get(title, title) for title in header], *rows]


def with_column(title: str) -> list[list[str]]:
    header, *rows = cells(TWO)
    return [[*header, title], *([*row, "x"] for row in rows)]


SAID: dict[str, tuple[bytes, set[tuple[str, str]]]] = {
    "nothing": (text(cells(TWO)).encode(), set()),
    "case_04": (text(cells(TWO)).encode("gb18030"), {("gb18030", "")}),
    "case_05_utf_16": (text(cells(TWO)).encode("utf-16"), {("utf_16", "")}),
    "case_05_mark": (("\ufeff" + text(cells(TWO))).encode(), {("byte_order_mark", "")}),
    "case_07": (text(cells(TWO), ";").encode(), {("delimiter", "")}),
    "case_09": (text(cells(TWO)[:2], ends="\n").encode() + text(cells(TWO)[2:]).encode(), {("line_ends", "")}),
    "case_09_in_quotes": (text(cells([said(advice='"一",\n"二"')])).encode(), set()),
    "case_12": (text(renamed(ALIASED)).encode(), {("column_alias", "J")}),
    "case_13": (text([[*row[1:], row[0]] for row in cells(TWO)]).encode(), {("column_order", "A")}),
    "case_14": (text(with_column("99、多出的题")).encode(), {("extra_column", "Q")}),
}


@pytest.mark.parametrize("case", SAID)
def test_each_repair_of_a_file_is_said_once_and_in_its_place(case: str) -> None:
    content, expected = SAID[case]
    assert {(one.code, one.place) for one in read(content).remarks} == expected


def test_remarks_are_the_same_from_the_child_process_and_reach_the_table(tmp_path: Path) -> None:
    content = text(renamed(ALIASED), ";").encode("gb18030")
    (tmp_path / "a.csv").write_bytes(content)
    (tmp_path / "b.csv").write_bytes(content)
    (tmp_path / "c.csv").write_bytes(b"x")
    rows = receive([tmp_path / name for name in ("a.csv", "b.csv", "c.csv")], SURVEY).remarks
    assert rows.column_names == list(REMARK)
    found = {(row["file"], row["remark"], row["severity"], row["place"]) for row in rows.to_pylist()}
    both = {(file, "gb18030", "repair", "") for file in ("a.csv", "b.csv")}
    both |= {(file, "delimiter", "repair", "") for file in ("a.csv", "b.csv")}
    both |= {(file, "column_alias", "repair", "J") for file in ("a.csv", "b.csv")}
    assert found == both | {("b.csv", "same_bytes", "warn", "")}
    (same,) = [row for row in rows.to_pylist() if row["remark"] == "same_bytes"]
    assert "as a.csv;" in same["sentence_en"]
    contract = PROJECT.contracts()["file_remarks"]
    assert store.write(rows, contract, tmp_path / "stored.parquet") == len(found)
    assert len(set(zip(*(rows[name].to_pylist() for name in contract.key), strict=True))) == len(found)


@pytest.mark.parametrize("title", ["王小明 13800138000 的备注", "a\u202eb\x1b[31m", "<b>=1+1", "长" * 1500])
def test_case_14_the_title_of_a_strange_column_is_not_quoted(title: str) -> None:
    plain, (one,) = export(with_column("99、多出的题")).remarks, export(with_column(title)).remarks
    assert (one,) == plain
    assert (one.severity, one.place) == ("warn", "Q")


@pytest.mark.parametrize("added", ["13800000000", "王小明", "\u202e"])
def test_case_12_the_nearest_headers_are_not_quoted(added: str) -> None:
    with pytest.raises(ExportRefused) as error:
        export(renamed({"28、进展到哪一阶段？": f"28、进展到哪一个阶段？{added}"}))
    assert "The nearest headers stand over column(s) " in error.value.remedy.en
    assert added not in error.value.told


DECLARED = SURVEY.model_copy(
    update={"platform": SURVEY.platform.model_copy(update={"rows_above": 2, "total_below": "合计"})}
)
TITLE = [["高校图书馆调查", *[""] * 15], [""] * 16]
TOTAL = [["合计", *["2"] * 15]]


def sheet(records: list[list[str]], merged: tuple[int, int, int, int] | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(records):
            page.write_row(number, 0, row)
        if merged:
            page.merge_range(*merged, records[merged[0]][merged[1]])
    return out.getvalue()


def declared(content: bytes, file: str = "export.csv", survey: Survey = DECLARED) -> set[tuple[str, str]]:
    """Where what was declared was left out of a file, whose answers are those of the sound one."""
    around = Surround(survey.platform.rows_above, survey.platform.total_below)
    made = from_grid(parse(content, file, around), survey, file)
    assert made.frame.drop_columns(["row"]).equals(export(cells(TWO)).frame.drop_columns(["row"]))
    return {(one.code, one.place) for one in made.remarks if one.code in ("title_rows", "total_row")}


def test_case_16_declared_title_rows_and_total_are_left_out_and_said() -> None:
    both = {("title_rows", "1"), ("total_row", "6")}
    assert declared(text([*TITLE, *cells(TWO), *TOTAL]).encode()) == both
    assert declared(text([*TITLE, *cells(TWO), *TOTAL], ";").encode("gb18030")) == both
    assert declared(("高校图书馆调查\r\n" + text([*cells(TWO), ["合计"]])).encode()) == {
        ("title_rows", "1"), ("total_row", "5")
    }  # fmt: skip
    assert declared(text(cells(TWO)).encode()) == set()
    assert declared(sheet([*TITLE, *cells(TWO), *TOTAL], (0, 0, 0, 15)), "export.xlsx") == both


def test_case_16_what_is_not_declared_is_refused_with_the_row_as_a_spreadsheet_counts_it() -> None:
    around = Surround(2, "合计")
    for content, code, row in (
        (text([["一"], ["二"], ["三"], *cells(TWO)]).encode(), "ragged", 4),
        (text([*TITLE, *cells(TWO), ["小计", *[""] * 15]]).encode(), "sequence_malformed", 6),
        (text([*TITLE, *cells(TWO), ["3"]]).encode(), "ragged", 6),
        (sheet([*TITLE, *cells(TWO)], (3, 3, 3, 4)), "merged", 4),
    ):
        with pytest.raises(ExportRefused) as error:
            from_grid(parse(content, "export.xlsx" if content[:2] == b"PK" else "e.csv", around), DECLARED, "e.csv")
        assert (error.value.code, error.value.where.row) == (code, row)


def test_case_16_rows_keep_their_number_and_their_position(tmp_path: Path) -> None:
    unnumbered = [row[1:] for row in (*TITLE, *cells(TWO))]
    (tmp_path / "a.csv").write_text(text(unnumbered), encoding="utf-8")
    raw = receive([tmp_path / "a.csv"], DECLARED).raw
    assert raw.select(["sequence", "row"]).to_pylist() == [{"sequence": 1, "row": 4}, {"sequence": 2, "row": 5}]


def test_case_17_a_workbook_under_another_ending_is_read_and_said() -> None:
    assert [one.code for one in read(sheet(cells(TWO)), "export.csv").remarks] == ["other_ending"]
    assert read(sheet(cells(TWO)), "EXPORT.XLSX").remarks == ()
    out, book = io.BytesIO(), xlwt.Workbook()
    page = book.add_sheet("Sheet1")
    for number, row in enumerate(cells(TWO)):
        for place, value in enumerate(row):
            page.write(number, place, value)
    book.save(out)
    assert read(out.getvalue(), "export.xls").remarks == ()
    assert [one.code for one in read(out.getvalue(), "export.xlsx").remarks] == ["other_ending"]


def test_joined_blanks_stand_in_the_order_of_the_questionnaire() -> None:
    joined = export(cells(TWO, dialect="joined_blanks"))
    assert joined.remarks == ()
    assert join([joined], SURVEY).num_rows == 2


@pytest.mark.parametrize("code", REMARKS)
def test_every_remark_fills_the_same_words_in_both_languages(code: str) -> None:
    sentence = REMARKS[code].sentence
    en, zh = ({name for _, name, _, _ in Formatter().parse(said) if name} for said in (sentence.en, sentence.zh))
    assert zh == en
    assert sentence.en.endswith(".")
    assert sentence.zh.endswith("。")


def test_a_remark_is_one_row_of_plain_values() -> None:
    assert all(isinstance(one, Remark) and one.en and one.zh for one in read(SAID["case_04"][0]).remarks)
