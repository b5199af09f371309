"""The SQL printed beside a table, run on the warehouse, gives exactly the figures printed in it."""

import html
import re
from typing import Any

import pytest

from calm_pipeline.report import numbers
from calm_pipeline.report.model import Figure, Table
from calm_pipeline.report.sections import question
from calm_pipeline.report.source import Source
from calm_pipeline.report.write import asking
from tests.reference import SURVEY
from tests.report.warehouse import STAMP, altered, page, reference

COUNTED = next(field for field in SURVEY.fields() if field.type == "integer" and not field.question.personal)
NUMBER = re.compile(r"[−+-]?\d+(?:\u202f\d{3})*(?:\.\d+)?")


def queries(text: str) -> dict[str, str]:
    """Key of each table and figure to its statement, as the page prints it."""
    found = re.findall(r'<div class="query">(.*?)<code>(.*?)</code>', text, re.DOTALL)
    return {key: html.unescape(code) for asked, code in found for key in re.findall(r'id="sql-([^"]+)"', asked)}


def tables(text: str) -> dict[str, list[list[tuple[bool, str]]]]:
    """Key of each table to its body rows: whether a cell is numeric, and what it prints."""
    found = {}
    for key, body in re.findall(r'<div class="numbered" id="([^"]+)">(.*?)</table>', text, re.DOTALL):
        rows = re.findall(r"<tr>(.*?)</tr>", body.partition("</thead>")[2], re.DOTALL)
        cells = [re.findall(r"<t[hd]([^>]*)>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
        found[key] = [[('"num"' in about, html.unescape(cell)) for about, cell in row] for row in cells]
    return found


def printed(cells: list[tuple[bool, str]]) -> list[str]:
    """The numbers of a row, in order, as they are printed."""
    return [found for numeric, cell in cells if numeric for found in NUMBER.findall(cell)]


def agrees(shown: str, value: float, cell: str) -> bool:
    """Whether a printed number is the value rounded to the decimals printed, in percent or not."""
    bare = shown.replace("\u202f", "").replace("−", "-").replace("+", "")
    places = len(bare.partition(".")[2])
    scales = (1, 100)
    if "< 0.001" in cell:
        return 0 <= value < 0.001
    return any(abs(float(bare) - value * scale) <= 0.5 * 10**-places + 1e-9 for scale in scales)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_figure_of_every_table_is_what_its_sql_answers(lang: str) -> None:
    text = page(lang)
    statements, shown = queries(text), tables(text)
    assert len(shown) > 30
    assert set(shown) <= set(statements)
    compared = 0
    for key, rows in shown.items():
        answered = reference().execute(statements[key]).fetchall()
        assert len(answered) == len(rows), key
        for values, cells in zip(answered, rows, strict=True):
            compared += _compare(key, values, cells)
    assert compared > 2500


def _compare(key: str, values: tuple[Any, ...], cells: list[tuple[bool, str]]) -> int:
    known = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    texts = [value for value in values if isinstance(value, str)]
    left = [(number, cell) for numeric, cell in cells if numeric for number in NUMBER.findall(cell)]
    for text in [text for text in texts if re.fullmatch(r"-?[\d.]+%?", text)]:
        assert any(text in cell.replace("−", "-") for _, cell in cells), (key, text)
    counted = 0
    for number, cell in left:
        as_text = any(number in text.replace("-", "−") for text in texts)
        assert as_text or any(agrees(number, float(value), cell) for value in known), (key, number, values)
        counted += 1
    for value in known:
        assert any(agrees(number, float(value), cell) for number, cell in left), (key, value, cells)
    return counted


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_labels_are_those_of_the_warehouse(lang: str) -> None:
    text = page(lang)
    statements, shown = queries(text), tables(text)
    for key in ("table-services", "table-protocols", "table-stage", "table-engaged_users"):
        labels = [row[0] for row in reference().execute(statements[key]).fetchall()]
        assert [cells[0][1] for cells in shown[key]] == labels


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_statement_only_reads_and_names_its_edition(lang: str) -> None:
    for key, statement in queries(page(lang)).items():
        assert statement.startswith("SELECT"), key
        assert "edition = '2023'" in statement, key
        reference().execute(statement).fetchall()


def test_a_wrong_figure_would_be_noticed() -> None:
    assert agrees("92.62", 113 / 122, "92.62%")
    assert not agrees("92.63", 113 / 122, "92.63%")
    assert agrees("−0.10", -0.104, "[−0.10, 0.71]")
    with pytest.raises(AssertionError):
        _compare("x", ("a", 113, 0.9262), [(False, "a"), (True, "112"), (True, "92.6%")])


def test_the_bytes_of_a_cell_do_not_depend_on_the_language() -> None:
    english, chinese = tables(page("en")), tables(page("zh"))
    assert english.keys() == chinese.keys()
    for key in english:
        both = zip(sorted(map(printed, english[key])), sorted(map(printed, chinese[key])), strict=True)
        assert all(one == other for one, other in both), key


def test_formats() -> None:
    assert numbers.share(None) == numbers.NOTHING
    assert numbers.interval(None, 0.5) == numbers.NOTHING
    assert numbers.spread(None, None) == numbers.NOTHING
    assert numbers.r(-0.004) == "0.00"
    assert numbers.decimal(1)(float("nan")) == numbers.NOTHING
    assert numbers.points(0.025) == "+2.50"


@pytest.mark.parametrize(("answers", "given"), [(2, 0), (9, 2), (10, 6)])
def test_a_number_is_summed_up_only_of_as_many_as_hide_each_one(answers: int, given: int) -> None:
    few = altered(
        lambda database: database.execute(
            "UPDATE answers SET number = NULL, state = 'blank' WHERE field = ? AND submission_id NOT IN"
            " (SELECT submission_id FROM answers WHERE field = ? AND number IS NOT NULL ORDER BY ALL LIMIT ?)",
            [COUNTED.name, COUNTED.name, answers],
        )
    )
    blocks = list(question.number(Source(asking(few), SURVEY, STAMP, "en"), COUNTED))
    ((row,),) = (block.rows for block in blocks if isinstance(block, Table))
    assert row.pop("answered") == answers < row.pop("asked")
    assert sum(value is not None for value in row.values()) == given
    assert any(isinstance(block, Figure) for block in blocks) == (given == len(row))
