"""A made-up edition in which every word is an attack: nothing of it runs, in the page, its charts or its tooltips."""

from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import duckdb
import pytest

from calm_pipeline.survey import Survey, Words
from tests.browser.conftest import Opened
from tests.browser.payloads import PAYLOADS
from tests.reference import SURVEY
from tests.report.warehouse import altered, drawn

pytestmark = pytest.mark.xdist_group("browser")
WORDED = {
    "options": ("label_{}", "group_{}"),
    "questions": ("label_{}",),
    "report_tables": ("label_{}", "group_{}"),
    "claims": ("says_{}", "reason_{}"),
    "reconciliation": ("says_{}",),
}
PLAIN = {"files": ("file", "sha256"), "coverage": ("label_en", "label_zh"), "reconciliation": ("published", "computed")}


def poisoned(database: duckdb.DuckDBPyConnection) -> None:
    """Put a payload in every wording, name and text of the warehouse."""
    columns = [(table, name.format(lang)) for table, names in WORDED.items() for name in names for lang in ("en", "zh")]
    columns += [(table, name) for table, names in PLAIN.items() for name in names]
    listed = ", ".join("'" + payload.replace("'", "''") + "'" for payload in PAYLOADS)
    for table, column in columns:
        database.execute(
            f'UPDATE "{table}" SET "{column}" = [{listed}][1 + rowid % {len(PAYLOADS)}] WHERE "{column}" IS NOT NULL'
        )


def hostile(survey: Survey) -> Survey:
    """The survey with payloads for titles, dimensions, indices, tables and questions."""
    payloads = cycle(PAYLOADS)

    def worded(words: Any) -> Any:
        return words.model_copy(update={"en": next(payloads), "zh": next(payloads)})

    def all_worded(found: dict[str, Any]) -> dict[str, Any]:
        return {key: worded(one) for key, one in found.items()}

    dimensions = {
        key: worded(one).model_copy(update={"subdimensions": all_worded(one.subdimensions)})
        for key, one in survey.dimensions.items()
    }
    tables = {
        key: worded(one).model_copy(update={"labels": all_worded(one.labels)}) for key, one in survey.tables.items()
    }
    questions = {
        key: worded(one).model_copy(update={"options": all_worded(one.options), "rows": all_worded(one.rows)})
        for key, one in survey.questions.items()
    }
    parts = {"dimensions": dimensions, "tables": tables, "questions": questions, "indices": all_worded(survey.indices)}
    note = Words(en=PAYLOADS[0], zh=PAYLOADS[1])
    fielding = survey.fielding.model_copy(update={"note": note})
    front = {"title": worded(survey.title), "theme": worded(survey.theme), "fielding": fielding}
    return survey.model_copy(update={**parts, **front})


def test_a_hundred_payloads_run_nowhere(tmp_path: Path, open_file: Callable[..., Opened]) -> None:
    assert len(set(PAYLOADS)) == 100
    file = tmp_path / "hostile.html"
    file.write_text(drawn(altered(poisoned), "en", hostile(SURVEY)), encoding="utf-8")
    opened = open_file(file)
    opened.page.on("dialog", lambda dialog: (opened.errors.append("dialog"), dialog.dismiss()))
    opened.drawn()
    for place in (0, 10, 20):
        opened.page.locator(".live svg").nth(place).hover()
    marks = opened.page.locator(".live svg .mark-rect path").all()[:20]
    for mark in marks:
        mark.hover(force=True)
    assert opened.page.evaluate("window.pwned") is None
    assert opened.errors == []
    assert len(opened.requests) == 1
    shown = opened.page.locator("main").inner_text()
    assert "<script>window.pwned=1</script>" in shown
    assert opened.page.evaluate("document.querySelectorAll('iframe, img, video, marquee, math, details').length") == 0


def test_the_payloads_would_run_where_nothing_is_escaped(tmp_path: Path, open_file: Callable[..., Opened]) -> None:
    file = tmp_path / "naive.html"
    file.write_text("<!doctype html><meta charset=utf-8>" + "".join(PAYLOADS), encoding="utf-8")
    opened = open_file(file)
    assert opened.page.evaluate("window.pwned") == 1
