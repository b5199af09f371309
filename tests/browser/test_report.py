"""The report in a real browser: it draws, fetches nothing, fits a phone, prints, and keeps its peace with readers."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Opened

Open = Callable[..., Opened]
pytestmark = pytest.mark.xdist_group("browser")
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


@LANGUAGES
def test_it_opens_from_disk_draws_every_chart_and_fetches_nothing(
    reports: dict[str, Path], open_file: Open, lang: str
) -> None:
    opened = open_file(reports[lang])
    opened.drawn()
    assert opened.errors == []
    assert {url.partition(":")[0] for url in opened.requests} == {"file"}
    assert len(opened.requests) == 1
    marks = opened.page.evaluate(
        "[...document.querySelectorAll('.live svg')].map(svg => svg.querySelectorAll('path, line, text').length)"
    )
    assert len(marks) > 30
    assert min(marks) > 5
    assert opened.page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]


@LANGUAGES
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_desktop_and_phone_in_the_light_and_in_the_dark(
    reports: dict[str, Path], open_file: Open, tmp_path: Path, lang: str, width: int, scheme: str
) -> None:
    page = open_file(reports[lang], width=width, scheme=scheme).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shots = set()
    for key in ("summary", "framework", "figure-services", "figure-stages"):
        page.evaluate("key => document.getElementById(key).scrollIntoView()", key)
        for chart in page.locator(f"#{key} .chart, #{key}.chart").all():
            chart.scroll_into_view_if_needed()
            chart.locator(".live svg").wait_for()
        shots.add(page.screenshot(path=tmp_path / f"{key}.png"))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, key
    assert len(shots) == 4
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(255, 255, 255)") == (scheme == "light")


def test_on_a_phone_charts_fit_their_boxes_and_what_scrolls_can_be_reached(
    reports: dict[str, Path], open_file: Open
) -> None:
    opened = open_file(reports["en"], width=390)
    opened.drawn()
    wide = "[...document.querySelectorAll('.live')].filter(one => one.scrollWidth > one.clientWidth).length"
    assert opened.page.evaluate(wide) == 0
    boxes = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth)"
    assert opened.page.evaluate(f"{boxes}.length") > 0
    reached = "one.tabIndex === 0 && one.getAttribute('role') === 'region' && one.getAttribute('aria-labelledby')"
    assert opened.page.evaluate(f"{boxes}.every(one => {reached})")
    assert opened.errors == []


@LANGUAGES
def test_it_prints_with_text_that_is_text_and_the_static_images(
    reports: dict[str, Path], open_file: Open, tmp_path: Path, lang: str
) -> None:
    page = open_file(reports[lang]).page
    page.emulate_media(media="print")
    assert page.locator(".still svg").first.is_visible()
    assert not page.locator(".live").first.is_visible()
    assert page.evaluate("document.querySelectorAll('.still svg text').length") > 400
    printed = page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, print_background=True)
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 20
    assert b"/ToUnicode" in printed
    assert len(printed) > 200_000
    heads = page.evaluate("getComputedStyle(document.querySelector('thead')).display")
    assert heads == "table-header-group"


@LANGUAGES
def test_without_scripts_the_static_images_stand_there(reports: dict[str, Path], open_file: Open, lang: str) -> None:
    page = open_file(reports[lang], java_script_enabled=False).page
    stills = page.locator(".still svg")
    assert stills.count() > 30
    assert stills.first.is_visible()
    assert "122" in page.locator("#table-status").inner_text()


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_no_serious_fault(reports: dict[str, Path], open_file: Open, lang: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    opened = open_file(reports[lang], scheme=scheme)
    opened.drawn()
    found = axe.Axe().run(opened.page).response["violations"]
    faults = [(one["id"], one["impact"], [node["target"] for node in one["nodes"]][:3]) for one in found]
    assert [fault for fault in faults if fault[1] in ("serious", "critical")] == []


@LANGUAGES
def test_headings_descend_one_by_one_and_tables_have_captions_and_scopes(
    reports: dict[str, Path], open_file: Open, lang: str
) -> None:
    page = open_file(reports[lang], java_script_enabled=True).page
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    bare = "[...document.querySelectorAll('main table')].filter(one => !one.caption?.innerText.trim()).length"
    assert page.evaluate(bare) == 0
    assert page.evaluate("document.querySelectorAll('main th:not([scope])').length") == 0
    silent = "[...document.querySelectorAll('[role=img]')].filter(one => !one.getAttribute('aria-label')).length"
    assert page.evaluate(silent) == 0


def test_the_keyboard_reaches_the_report_first(reports: dict[str, Path], open_file: Open) -> None:
    page = open_file(reports["en"]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"


def test_every_figure_and_table_of_answers_says_that_they_are_reconstructed(
    reports: dict[str, Path], open_file: Open
) -> None:
    opened = open_file(reports["zh"])
    opened.drawn()
    page = opened.page
    unmarked: list[Any] = page.evaluate(
        "[...document.querySelectorAll('.numbered')].filter(one => !one.querySelector('.mark')).map(one => one.id)"
    )
    assert unmarked == []
    inside = page.evaluate(
        "[...document.querySelectorAll('.live svg')]"
        ".filter(one => !/重建数据|仅据已刊印数字/.test(one.textContent)).length"
    )
    assert inside == 0
