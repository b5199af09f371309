"""The trends of two large editions in a real browser: every table fits the desktop and the page, reasons and all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from calm_pipeline.report.render import report_html
from calm_pipeline.report.write import asking
from tests.browser.conftest import Opened
from tests.reference import SURVEY
from tests.report.warehouse import STAMP
from tests.trends.before import both, earlier

pytestmark = pytest.mark.xdist_group("browser")
TOO_WIDE = """
[...document.querySelectorAll('.scroll')]
  .filter(box => box.scrollWidth > box.clientWidth || box.getBoundingClientRect().right > innerWidth)
  .map(box => box.parentElement.id)
"""
TALLEST = "Math.max(...[...document.querySelectorAll('#table-trends tr')].map(row => row.offsetHeight))"
HIDDEN = """
[...document.querySelectorAll('#table-trends .more, #table-index-trends .more')]
  .filter(one => one.getBoundingClientRect().right > innerWidth).length
"""
PRINTED = 673  # pixels between the margins of the page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_trends_are_read_without_scrolling(tmp_path: Path, open_file: Callable[..., Opened], lang: str) -> None:
    file = tmp_path / "trends.html"
    file.write_text(report_html(asking(both()), SURVEY, STAMP, lang, earlier()), encoding="utf-8")
    opened = open_file(file)
    page = opened.page
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(TALLEST) < 160
    assert page.locator("#table-trends .group .more").count() >= 4
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PRINTED, "height": 950})
    assert page.evaluate(HIDDEN) == 0
    assert page.evaluate("document.querySelector('#table-trends table').offsetWidth") <= PRINTED
    assert page.evaluate(TALLEST) < 160
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    heads = "[...document.querySelectorAll('#table-trends .group .cap')].every(one => one.offsetWidth <= innerWidth)"
    assert page.evaluate(heads), "what is said of a question is read without scrolling"
    assert opened.errors == []
