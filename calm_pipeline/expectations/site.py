"""Data Docs: the stored reports as a static site that opens offline.

Great Expectations' own site loads its styles and scripts from other hosts, folds its details with them, is English only
and shows no notes. So its verdicts are kept and the pages are ours.
"""

import os
from contextlib import suppress
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError

from calm_pipeline.expectations.report import Report
from calm_pipeline.files import replace

INDEX = "index.html"
DICTIONARY = "dictionary.html"
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def publish(docs: Path, report: Report) -> Path:
    """Store the report under `docs`, write its page and the index anew, and return the page.

    Done by every check and not once at the end, so that the site is up to date when a failed check has ended the run.
    """
    page = docs / report.edition / f"{report.suite}.html"
    _put(page.with_suffix(".json"), report.model_dump_json(indent=2))
    _put(page, PAGES.get_template("report.html.j2").render(report=report))
    index(docs)
    return page


def index(docs: Path) -> Path:
    """Write the index anew, with a link to the data dictionary where there is one, and return it."""
    linked = DICTIONARY if (docs / DICTIONARY).exists() else None
    _put(docs / INDEX, PAGES.get_template("index.html.j2").render(editions=_stored(docs), dictionary=linked))
    return docs / INDEX


def address(docs: Path, page: Path) -> str:
    """Where a page is read: below CALM_DOCS_URL where a web server shows `docs` to others, else on this machine."""
    base = os.environ.get("CALM_DOCS_URL")
    return f"{base.rstrip('/')}/{page.relative_to(docs).as_posix()}" if base else page.resolve().as_uri()


def _stored(docs: Path) -> dict[str, list[Report]]:
    """The stored reports by edition, the latest first; one of an older version is left out until it is redone."""
    editions: dict[str, list[Report]] = {}
    for file in sorted(docs.glob("*/*.json")):
        with suppress(ValidationError):
            report = Report.model_validate_json(file.read_bytes())
            editions.setdefault(report.edition, []).append(report)
    return dict(sorted(editions.items(), reverse=True))


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    replace(file, text)
