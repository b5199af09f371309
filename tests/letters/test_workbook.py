"""The desk's workbook holds every answer as text, marks and explains each cell that breaks a rule, and does nothing."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from calm_pipeline.letters.case import Case
from calm_pipeline.letters.workbook import CUT, desk_workbook
from calm_pipeline.text import visible
from calm_pipeline.workbooks import LONGEST
from tests.letters.examples import ALL, AMBIGUOUS, GATED, HOSTILE, TWICE, UNKNOWN_OPTION, answer, case, hostile, survey

TODO, SUBMISSIONS, REPAIRS = "待处理 To do", "答卷 Submissions", "更正 Repairs"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Book:
    """A workbook read back: values by calamine, what calamine does not know from the parts."""

    def __init__(self, *cases: Case) -> None:
        content = io.BytesIO(desk_workbook(cases, survey()))
        self.sheets = CalamineWorkbook.from_filelike(content)
        with zipfile.ZipFile(content) as parts:
            self.parts = {name: parts.read(name).decode() for name in parts.namelist()}

    def rows(self, sheet: str) -> list[list[object]]:
        return self.sheets.get_sheet_by_name(sheet).to_python()

    def column(self, heading: str) -> int:
        return next(n for n, title in enumerate(self.rows(SUBMISSIONS)[0]) if str(title).endswith(heading))

    def comments(self) -> dict[tuple[int, int], str]:
        """By row and column, the header being row 0."""
        assert [name for name in self.parts if "comments" in name] == ["xl/comments1.xml"]
        tree = ElementTree.fromstring(self.parts["xl/comments1.xml"])  # noqa: S314
        return {
            _place(one.attrib["ref"]): "".join(text.text or "" for text in one.iter(f"{MAIN}t"))
            for one in tree.iter(f"{MAIN}comment")
        }

    def fill(self, row: int, column: int) -> str:
        """The colour of a cell in the sheet of submissions."""
        sheet = ElementTree.fromstring(self.parts["xl/worksheets/sheet2.xml"])  # noqa: S314
        styles = ElementTree.fromstring(self.parts["xl/styles.xml"])  # noqa: S314
        cell = next(one for one in sheet.iter(f"{MAIN}c") if _place(one.attrib["r"]) == (row, column))
        form = styles.findall(f"{MAIN}cellXfs/{MAIN}xf")[int(cell.attrib["s"])]
        colour = styles.findall(f"{MAIN}fills/{MAIN}fill")[int(form.attrib["fillId"])].find(f"*/{MAIN}fgColor")
        return "" if colour is None else colour.attrib["rgb"]


def _place(reference: str) -> tuple[int, int]:
    letters, number = re.fullmatch(r"([A-Z]+)(\d+)", reference).groups()
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(number) - 1, column - 1


def test_to_do_is_one_row_a_finding_with_the_oldest_first() -> None:
    header, *rows = Book(*ALL).rows(TODO)
    assert header[:2] == ["答卷 Submission", "图书馆 Library"]
    assert [row[0] for row in rows] == ["2023-0042"] * 3 + ["2023-0063"] * 2 + ["2023-0017", "2023-0101"]
    first = rows[0]
    assert first[1] == "白鹭理工大学图书馆\nBailu University of Technology Library"
    assert first[2] == "必须更正 Must be corrected"
    assert str(first[3]).startswith("第9题 ")
    assert first[4] == "“资源荐购”、“图书配送/代取”、“多样化空间服务”、“科技查新服务站”、“数据服务”"
    assert "最接近的选项是“科技查新”" in str(first[5])
    assert "The nearest is “Technology novelty search”" in str(first[6])
    assert first[7:] == ["2023-07-01", "2023-07-15", "是 yes"]


def test_to_do_says_what_else_to_ask_which_library_is_unmatched_and_what_is_not_to_be_sent() -> None:
    _, *rows = Book(AMBIGUOUS, TWICE).rows(TODO)
    assert "未对应 not matched" in str(rows[0][1])
    assert "请告知贵馆全称" in str(rows[0][5])
    assert "Please tell us the full name" in str(rows[0][6])
    assert rows[2][4] == "Q30: 已部分实施 / （未填写） (left blank)\nQ23: 80 / 120"
    assert rows[2][9] == "否，重建数据 no, reconstructed"


def test_submissions_are_shown_with_every_answer_as_received() -> None:
    book = Book(*ALL)
    _, *rows = book.rows(SUBMISSIONS)
    columns = {field.name: book.column(f"\n{field.name}") for field in survey().fields()}
    assert len(book.rows(SUBMISSIONS)[0]) == 3 + len(columns)
    for row, one in zip(rows, (UNKNOWN_OPTION, AMBIGUOUS, GATED, TWICE), strict=True):
        assert row[0] == one.submission_id
        assert {name: row[place] for name, place in columns.items() if row[place]} == {
            name: value for name, value in one.row.items() if value
        }


def test_exactly_the_cells_that_break_a_rule_are_commented_in_both_languages_and_filled() -> None:
    book = Book(*ALL)
    comments = book.comments()
    expected = {
        (1, book.column("\nservices")): "F8CBAD",
        (1, book.column("\nvolunteers_enrolled")): "FFE699",
        (1, book.column("\nrespondent_mobile")): "DDEBF7",
        (2, book.column("\nlibrary")): "F8CBAD",
        (2, 0): "F8CBAD",
        (3, book.column("\npaid_assistants_enrolled")): "F8CBAD",
        (4, book.column("\nstage")): "F8CBAD",
        (4, book.column("\nvolunteers_enrolled")): "F8CBAD",
    }
    assert set(comments) == set(expected)
    assert {place: book.fill(*place)[-6:] for place in expected} == expected
    assert book.fill(3, book.column("\nstage")) == ""
    for place in expected:
        assert re.search("必须更正|请确认或更正|提示", comments[place])
        assert re.search("Must be corrected|Please confirm|Note", comments[place])


def test_a_cell_that_breaks_several_rules_names_them_all_and_shows_the_worst() -> None:
    _, confirm, note = UNKNOWN_OPTION.findings
    both = (answer("stage", "已部分实施"),)
    findings = tuple(
        type(one)(one.fingerprint, one.rule, one.severity, one.sentence, one.fault, both) for one in (note, confirm)
    )
    book = Book(case(findings=findings))
    place = (1, book.column("\nstage"))
    assert book.fill(*place)[-6:] == "FFE699"
    for one in findings:
        assert one.fault.zh in book.comments()[place]
        assert one.fault.en in book.comments()[place]


def test_repairs_are_listed_and_personal_data_is_called_withheld() -> None:
    _, first, second = Book(*ALL).rows(REPAIRS)
    assert first[0] == "2023-0017"
    assert first[3:] == ["１２０", "120"]
    assert second[3] == "（个人信息，已隐去） (personal data, withheld)"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    book = Book(hostile(text))
    services = book.rows(SUBMISSIONS)[1][book.column("\nservices")]
    assert services == visible(text)
    sheets = "".join(content for name, content in book.parts.items() if name.startswith("xl/worksheets/"))
    assert re.findall(r"<f[ >]|<hyperlink|<oleObject", sheets) == []
    assert not [name for name in book.parts if re.search("vba|external|embed|connections", name)]
    assert all('TargetMode="External"' not in content for content in book.parts.values())
    for content in book.parts.values():
        ElementTree.fromstring(content)  # noqa: S314


def test_a_cell_takes_what_fits_and_says_that_there_was_more() -> None:
    text = "长😀" * 20_000
    book = Book(hostile(text))
    shown = str(book.rows(SUBMISSIONS)[1][book.column("\nservices")])
    assert shown.endswith(CUT)
    assert text.startswith(shown.removesuffix(CUT))
    assert LONGEST - 2 <= len(shown.encode("utf-16-le")) // 2 <= LONGEST


def test_headers_stay_in_sight_and_every_sheet_can_be_filtered() -> None:
    book = Book(*ALL)
    assert book.sheets.sheet_names == [TODO, SUBMISSIONS, REPAIRS]
    for number, frozen in ((1, 1), (2, 3), (3, 1)):
        sheet = book.parts[f"xl/worksheets/sheet{number}.xml"]
        assert f'<pane xSplit="{frozen}" ySplit="1"' in sheet
        assert "<autoFilter " in sheet


def test_text_stays_text_when_a_cell_is_edited() -> None:
    book = Book(GATED)
    forms = re.findall(r"<xf [^>]*>", book.parts["xl/styles.xml"].partition("<cellXfs")[2].partition("</cellXfs>")[0])
    assert all('quotePrefix="1"' in form for form in forms[1:])


def test_an_edition_without_cases_has_headers_alone() -> None:
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(desk_workbook((), survey())))
    assert [len(sheets.get_sheet_by_name(name).to_python()) for name in (TODO, SUBMISSIONS, REPAIRS)] == [1, 1, 1]


def test_the_same_cases_give_the_same_bytes() -> None:
    assert desk_workbook(ALL, survey()) == desk_workbook(ALL[::-1], survey())
