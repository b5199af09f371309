"""The section on change: options of one label stay apart, editions are named, and panels shown where they exist."""

import json
import re
from functools import cache
from typing import Any

import pandas as pd
import pytest

from tests.published import in_contract, published
from tests.report.test_readers import text
from tests.report.warehouse import drawn, filled

OPTION = {
    **{"edition": "2023", "previous_edition": "2022", "reconstructed": True, "change": "continued"},
    **{"comparable": "yes", "population_changed": False, "asked": 122, "count": 61, "share": 0.5},
    **{"previous_asked": 100, "previous_count": 40, "previous_share": 0.4},
    **{"difference": 0.1, "low": -0.03, "high": 0.23, "n_panel": 0, "gained": 0, "lost": 0},
}
PANEL = {"n_panel": 80, "gained": 12, "lost": 3, "panel_difference": 0.1125, "panel_low": 0.02, "panel_high": 0.2}
PANEL |= {"panel_p": 0.0352, "panel_holm": 0.0352}
INDEX = {
    **{"edition": "2023", "previous_edition": "2022", "reconstructed": True, "change": "continued"},
    **{"index_name": "trust", "definition": "sum", "scope": "all", "comparable": "yes", "population_changed": False},
    **{"previous_n": 100, "previous_mean": 30.0, "n": 122, "mean": 32.5, "difference": 2.5, "low": 1.0, "high": 4.0},
}


def option(question: str, **more: Any) -> dict[str, Any]:
    return {**OPTION, "question": question, "field": question, "option": "other", **more}


@cache
def html(lang: str) -> str:
    rows = [option("services"), option("annual_events", **PANEL), option("protocols", low=0.01)]
    made = {"option_trends": pd.DataFrame(rows), "index_trends": pd.DataFrame([INDEX])}
    stored = {name: in_contract(name, frame).to_pandas() for name, frame in made.items()}
    return drawn(filled({**published(), **stored}), lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_options_of_one_label_stand_under_their_questions(lang: str) -> None:
    table = html(lang).partition('<div class="numbered" id="table-trends">')[2].partition("</table>")[0]
    groups = [text(one) for one in re.findall(r'<tr class="group">(.*?)</tr>', table, re.DOTALL)]
    assert len(set(groups)) == 3
    figure = html(lang).partition('id="figure-trends"')[2].partition("</figure>")[0]
    specs = [json.loads(found) for found in re.findall(r'data-spec="wide">(.*?)</script>', figure)]
    named = {row["name"] for spec in specs for rows in spec["datasets"].values() for row in rows if "name" in row}
    assert len(named) == 3
    other = {"en": "Others", "zh": "其他"}[lang]
    assert all(name.endswith(other) and name != other for name in named)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_editions_are_named_and_bases_and_panels_shown(lang: str) -> None:
    table = html(lang).partition('<div class="numbered" id="table-trends">')[2].partition("</table>")[0]
    heads = text(table.partition("<thead>")[2].partition("</thead>")[0])
    assert "2022" in heads
    assert "2023" in heads
    cells = [text(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", table, re.DOTALL)]
    n = "n\u00a0=\u00a0"
    assert {f"40.00% {n}100", f"50.00% {n}122", "+10.00 [−3.00, +23.00]"} <= set(cells)
    assert {f"+11.25 [+2.00, +20.00]{n}80", "0.035"} <= set(cells)
    indices = html(lang).partition('id="table-index-trends"')[2].partition("</table>")[0]
    assert {f"30.0 {n}100", f"32.5 {n}122", "+2.5 [+1.0, +4.0]"} <= {
        text(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", indices, re.DOTALL)
    }
    figure = html(lang).partition('id="figure-trends"')[2].partition("</figure>")[0]
    assert figure.count('class="chart"') == 2, "all libraries, and those that answered both times"
