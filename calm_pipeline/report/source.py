"""What sections are made from: the warehouse, asked in SQL, and the survey file for words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from calm_pipeline.report import numbers, words
from calm_pipeline.report.model import Basis, Column, Ref, Said, Table, say
from calm_pipeline.survey import Survey, Words

REPORT_LABEL = "CASE o.role WHEN 'other' THEN '{other}' ELSE coalesce(p.label_{lang}, o.label_{lang}) END"
"""What the report calls an option `o`: as in its own table if it has one, otherwise as in the questionnaire."""
REPORT_ROWS = "LEFT JOIN report_tables p ON (p.edition, p.question, p.option) = (o.edition, o.question, o.option)"
DIGITS = 8
"""Of a digest, where it is only pointed to."""

GAPS = {"en": " ", "zh": ""}
"""Between sentences."""

Ask = Callable[[str], list[dict[str, Any]]]
"""Runs one statement on the warehouse and returns its rows."""


@dataclass(frozen=True)
class Stamp:
    """Which software and which rules made the report: version, SHA-256 of the code and of the rule set.

    `threshold` and `extremes` are those of the groupings: libraries that a figure by group, and its smallest and
    largest value, are about at least.
    """

    version: str
    code: str
    rule_set: str
    threshold: int
    extremes: int


class Source:
    """One edition in one language; `earlier` is the survey of the edition that its trends look back at."""

    def __init__(self, ask: Ask, survey: Survey, stamp: Stamp, lang: str, earlier: Survey | None = None) -> None:
        self.ask, self.survey, self.stamp, self.lang, self.earlier = ask, survey, stamp, lang, earlier
        self.edition = survey.edition
        self._tables = {row["table_name"] for row in ask("SELECT table_name FROM information_schema.tables")}
        self.reconstructed = bool(self.value("SELECT reconstructed FROM editions WHERE {here}"))
        self.accepted = int(self.value("SELECT count(*) FROM submissions WHERE {here} AND status = 'accepted'"))

    def has(self, *tables: str) -> bool:
        """Whether the warehouse has rows of this edition in all of these tables."""
        return all(name in self._tables and self._filled(name) for name in tables)

    def _filled(self, table: str) -> bool:
        return bool(self.rows(f"SELECT 1 FROM {table} WHERE {{here}} LIMIT 1"))  # noqa: S608

    def sql(self, statement: str) -> str:
        """The statement for this edition and language.

        `{here}` is the condition on the edition, `{lang}` the suffix of words, `{other}` the name of the open option.
        """
        named = {"edition": self.edition, "lang": self.lang, "other": self.word(words.OTHER)}
        return statement.strip().format(here=f"edition = '{self.edition}'", **named)

    def pair(self, a: str, b: str) -> str:
        """The names of two indices."""
        return self.said(words.PAIR, a=self.index(a), b=self.index(b))

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """The rows that the warehouse answers."""
        return self.ask(self.sql(statement))

    def value(self, statement: str) -> Any:
        """The first value of the first row, or None."""
        rows = self.rows(statement)
        return next(iter(rows[0].values())) if rows else None

    def table(
        self,
        key: str,
        caption: Said,
        statement: str,
        columns: Sequence[Column],
        basis: Basis = "answers",
        notes: Sequence[Said] = (),
        group: str | None = None,
    ) -> Table:
        """A table whose rows are what its own SQL answers."""
        sql = self.sql(statement)
        return Table(f"table-{key}", caption, sql, self.ask(sql), basis, tuple(columns), group, tuple(notes))

    def word(self, words: Words) -> str:
        """The wording in the report's language."""
        return str(getattr(words, self.lang))

    def coded(self, known: Mapping[Any, Words]) -> Callable[[Any], str]:
        """A formatter that joins words to codes; a code without words stays as it is."""
        return lambda code: numbers.text(code) if code not in known else self.word(known[code])

    @cached_property
    def digests(self) -> str:
        """The first digits of the SHA-256 of each file that was read."""
        found = self.rows("SELECT sha256 FROM files WHERE {here} AND verdict = 'read' ORDER BY file")
        return ", ".join(row["sha256"][:DIGITS] for row in found)

    @property
    def note(self) -> str:
        """What pictures of answers say of themselves if the answers are reconstructed."""
        return self.word(words.MARK_IN_CHART) if self.reconstructed else ""

    @property
    def note_short(self) -> str:
        """The same for small pictures."""
        return self.word(words.MARK) if self.reconstructed else ""

    def joined(self, parts: Iterable[str]) -> str:
        """Parts of a sentence in a row."""
        return self.word(words.JOINT).join(parts)

    def said(self, template: Words, /, **values: object) -> str:
        """A sentence filled at once, for places that hold plain text; it can hold no reference."""
        return self.word(template).format(**values)

    def index(self, name: str) -> str:
        """What an index is called; one that only the earlier edition has, as it was called there."""
        known = next((survey.indices for survey in self.surveys if name in survey.indices), None)
        return self.word(known[name]) if known else name

    @property
    def surveys(self) -> tuple[Survey, ...]:
        """The survey, and the earlier one if there is one."""
        return (self.survey,) if self.earlier is None else (self.survey, self.earlier)


def quantity(head: Words, key: str, show: Callable[..., str] = numbers.whole) -> Column:
    """A column of numbers."""
    return Column((key,), say(head, level=numbers.LEVEL), show)


def between(head: Words, low: str, high: str, show: Callable[..., str] = numbers.interval) -> Column:
    """A column of intervals."""
    return Column((low, high), say(head, level=numbers.LEVEL), show)


def of_what(
    source: "Source", head: Words, what: Words, keys: tuple[str, ...], show: Callable[..., str] = numbers.interval
) -> Column:
    """A column of numbers whose head says what they belong to, where several in a table are alike."""
    return Column(keys, say(head, level=numbers.LEVEL, of=source.word(what)), show)


def wording(head: Words, key: str, show: Callable[..., str] = numbers.text) -> Column:
    """A column of words."""
    return Column((key,), say(head), show, numeric=False)


def table_ref(key: str) -> Ref:
    """A reference to a table."""
    return Ref(f"table-{key}")


def figure_ref(key: str) -> Ref:
    """A reference to a figure."""
    return Ref(f"figure-{key}")


def in_order(column: str, names: Iterable[str]) -> str:
    """The SQL expression that puts rows in the order of `names`."""
    listed = ", ".join(f"'{name}'" for name in names)
    return f"list_position([{listed}], {column})"
