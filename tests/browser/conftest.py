"""A headless Chromium, or a reason why there is none; and the reports as files on disk."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.report.warehouse import page as report

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 120_000


@pytest.fixture(scope="module")  # while it is open its event loop stands in the way of others
def chromium() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    if binary is None:
        pytest.skip("there is no chromium on this machine")
    with api.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=binary, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page and what it did."""

    page: Any
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def drawn(self) -> None:
        """Wait until every chart was drawn: each in its turn comes into view."""
        for chart in self.page.locator(".chart").all():
            chart.scroll_into_view_if_needed()
            chart.locator(".live svg").wait_for(state="attached")


@pytest.fixture
def open_file(chromium: Any) -> Iterator[Callable[..., Opened]]:
    contexts = []

    def opened(file: Path, *, width: int = 1280, scheme: str = "light", **more: Any) -> Opened:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.set_default_timeout(PATIENCE)
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.on("pageerror", lambda error: found.errors.append(str(error)))
        found.page.on(
            "console", lambda said: found.errors.append(said.text) if said.type in ("error", "warning") else None
        )
        found.page.goto(file.as_uri())
        return found

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    files = {lang: folder / f"{lang}.html" for lang in ("en", "zh")}
    for lang, file in files.items():
        file.write_text(report(lang), encoding="utf-8")
    return files
