"""From sections to the page: sentences filled, references resolved, charts drawn, everything escaped."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from calm_pipeline.pages import environment, script_digest, script_json
from calm_pipeline.report import LANGUAGES, words
from calm_pipeline.report.drawing import CONFIG, WIDTH, bundle, picture
from calm_pipeline.report.model import Figure, Numbered, Ref, Row, Said, Table
from calm_pipeline.report.registry import Registry
from calm_pipeline.report.sections import sections
from calm_pipeline.report.source import GAPS, Ask, Source, Stamp
from calm_pipeline.survey import Survey, Words
from calm_pipeline.text import visible

HERE = Path(__file__).parent
_PAGES = environment(HERE)
DRAW = (HERE / "draw.js").read_text(encoding="utf-8")

Cell = tuple[str, str, bool]
"""What is printed, what below it in small print, and whether they are numbers."""


def report_html(ask: Ask, survey: Survey, stamp: Stamp, lang: str, earlier: Survey | None = None) -> str:
    """The report of one edition in one language, as one HTML file that needs nothing else.

    `ask` runs a statement on the warehouse; `lang` is one of LANGUAGES; `earlier` is what trends look back at.
    """
    from altair.utils.schemapi import debug_mode

    source = Source(ask, survey, stamp, lang, earlier)
    with debug_mode(False):  # the tests hold every chart against the schema; here it would take most of the time
        found = sections(source)
    page = Page(source, Registry(found))
    return _PAGES.get_template("page.html.j2").render(page=page, sections=found, source=source, survey=survey, w=words)


class Page:
    """What the template asks for while it lays a report out."""

    def __init__(self, source: Source, registry: Registry) -> None:
        self.source, self.registry, self.lang = source, registry, source.lang
        self.tag, self.other = LANGUAGES[source.lang], {"en": "zh-CN", "zh": "en"}[source.lang]

    def word(self, words_: Words, **values: object) -> Markup:
        """A wording filled."""
        return self.say(Said(words_, values))

    def say(self, said: Said) -> Markup:
        """A sentence filled; its template is ours, what fills it is escaped."""
        filled = {name: self._filled(value) for name, value in said.values.items()}
        return Markup(escape(getattr(said.words, self.lang))).format(**filled)  # noqa: S704

    def _filled(self, value: object) -> Markup:
        if isinstance(value, Ref):
            return self.registry.link(value, self.lang)
        return value if isinstance(value, Markup) else escape(visible(str(value)))

    def plain(self, said: Said) -> str:
        """A sentence as text without links, for attributes."""
        return str(self.say(said).striptags())

    def paragraph(self, sentences: Sequence[Said]) -> Markup:
        """Sentences in a row; Chinese needs no gap between them."""
        return Markup(GAPS[self.lang]).join(self.say(said) for said in sentences)  # noqa: S704

    def heads(self, table: Table) -> list[tuple[Markup, bool]]:
        """The column heads, and whether numbers stand below."""
        return [(self.say(column.head), column.numeric) for column in table.columns]

    def groups(self, table: Table) -> list[tuple[tuple[str, str], list[list[Cell]]]]:
        """The rows as printed, in the groups that the table forms, each with its name and what is said of it."""
        grouped: dict[tuple[str, str], list[list[Cell]]] = {}
        for row in table.rows:
            name = "" if table.group is None else self._group(row[table.group])
            about = "" if table.about is None else row[table.about]
            grouped.setdefault((name, about), []).append(_cells(table, row))
        return list(grouped.items())

    def _group(self, value: Any) -> str:
        return "" if value is None else self.source.index(str(value))

    def panels(self, figure: Figure) -> list[tuple[Markup, Markup, Markup | None]]:
        """Each picture: static, as JSON, and as JSON for narrow screens."""
        return [
            (
                picture(panel.spec, f"{figure.key}-{place}", WIDTH // figure.across),
                script_json(panel.spec),
                script_json(panel.narrow) if panel.narrow else None,
            )
            for place, panel in enumerate(figure.panels)
        ]

    def marked(self, basis: str) -> Words | None:
        """What a block says of what it rests on."""
        if basis == "printed":
            return words.PRINTED_MARK
        if basis == "each" and self.source.reconstructed:
            return words.MARK_EACH
        return words.MARK if basis == "answers" and self.source.reconstructed else None

    @cached_property
    def scripts(self) -> tuple[Markup, Markup]:
        """Vega and what draws the charts."""
        return Markup(bundle()), Markup(DRAW.replace("CONFIG", script_json(CONFIG)))  # noqa: S704

    @property
    def queries(self) -> list[tuple[str, list[Numbered]]]:
        """Every statement with the tables and figures that it answers."""
        asking: dict[str, list[Numbered]] = {}
        for one in self.registry.numbered:
            asking.setdefault(one.sql, []).append(one)
        return list(asking.items())

    def code(self, sql: str) -> Markup:
        """A statement whole, however long it is."""
        return escape(visible(sql))

    def in_other(self, words_: Words) -> str:
        """The wording in the other language."""
        return str(words_.zh if self.lang == "en" else words_.en)

    @property
    def policy(self) -> Markup:
        """Nothing is loaded, and no script runs but these two, which are named by their digests."""
        allowed = " ".join(f"'sha256-{script_digest(script)}'" for script in self.scripts)
        loads = f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:"
        return Markup(f"{loads}; base-uri 'none'; form-action 'none'")  # noqa: S704


def _cells(table: Table, row: Row) -> list[Cell]:
    shown = [(column.show(*(row[key] for key in column.keys)), column.numeric) for column in table.columns]
    return [(*text.partition("\n")[::2], numeric) for text, numeric in shown]
