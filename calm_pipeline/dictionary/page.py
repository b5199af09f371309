"""The dictionary as one page that opens offline: tables, views, columns and the questions of every edition."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from calm_pipeline.dictionary.entries import TableEntry
from calm_pipeline.files import replace
from calm_pipeline.gates import gate_sentence
from calm_pipeline.pages import environment, script_digest
from calm_pipeline.survey import Survey

_HERE = Path(__file__).parent
_PAGES = environment(_HERE)


def html(tables: Sequence[TableEntry], surveys: Sequence[Survey]) -> str:
    """The page. Its only script filters what is shown; the page lets no other run, and nothing is fetched."""
    script = (_HERE / "filter.js").read_text(encoding="utf-8")
    return _PAGES.get_template("page.html.j2").render(
        tables=tables,
        surveys=surveys,
        gate=gate_sentence,
        index_of=_index_of,
        script=Markup(script),  # noqa: S704
        allowed=script_digest(script),
    )


def _index_of(survey: Survey, question: str) -> str | None:
    return next((name for name, index in survey.indices.items() if question in index.questions), None)


def write(page: Path, tables: Sequence[TableEntry], surveys: Sequence[Survey]) -> Path:
    """Write the page at once and return where it is."""
    page.parent.mkdir(parents=True, exist_ok=True)
    return replace(page, html(tables, surveys))
