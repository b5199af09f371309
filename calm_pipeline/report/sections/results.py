"""The answers question by question: by dimension and sub-dimension, then what belongs to none."""

from collections.abc import Iterable, Iterator

from calm_pipeline.report import numbers, words
from calm_pipeline.report.model import Block, Paragraph, Section, say
from calm_pipeline.report.sections import question
from calm_pipeline.report.source import Source, quantity, table_ref, wording
from calm_pipeline.survey import Field

OPEN_SQL = """
SELECT q.number, q.label_{lang} AS label, count(*) FILTER (WHERE a.state <> 'not_asked') AS asked,
       count(*) FILTER (WHERE a.state = 'answered') AS answered
FROM answers a
JOIN questions q USING (edition, question)
WHERE edition = '{edition}' AND a.option = '' AND q.type = 'text' AND NOT q.personal
GROUP BY ALL
ORDER BY q.number
"""


def results(source: Source) -> Iterator[Section]:
    """A section a dimension, one for the other questions."""
    survey = source.survey
    for key, dimension in survey.dimensions.items():
        parts = [
            Section(f"{key}-{name}", say(sub_title), tuple(_blocks(source, fields)))
            for name, sub_title in dimension.subdimensions.items()
            if (fields := [field for field in _shown(source) if _of(field) == (key, name)])
        ]
        rest = [field for field in _shown(source) if _of(field) == (key, None)]
        if parts or rest:
            yield Section(f"dimension-{key}", say(dimension), tuple(_blocks(source, rest)), tuple(parts))
    others = [field for field in _shown(source) if field.question.dimension is None and not _follows(source, field)]
    parts = [Section("open-questions", say(words.OPEN_QUESTIONS), blocks) for blocks in _open(source)]
    yield Section("overall", say(words.OVERALL), tuple(_blocks(source, others)), tuple(parts))


def _shown(source: Source) -> Iterator[Field]:
    return (field for field in source.survey.fields() if field.options or field.type == "integer")


def _of(field: Field) -> tuple[str | None, str | None]:
    return field.question.dimension, field.question.subdimension


def _follows(source: Source, field: Field) -> str | None:
    """The question with a dimension that opens this one; the two are shown together."""
    if field.question.dimension is not None:
        return None
    opened = (key for key in field.question.asked_if if source.survey.questions[key].dimension)
    return next(opened, None)


def _blocks(source: Source, fields: Iterable[Field]) -> Iterator[Block]:
    for field in fields:
        yield from _field(source, field)
        for follower in _shown(source):
            if _follows(source, follower) == field.key:
                yield from _field(source, follower)


def _field(source: Source, field: Field) -> Iterator[Block]:
    return question.choice(source, field) if field.options else question.number(source, field)


def _open(source: Source) -> Iterator[tuple[Block, ...]]:
    """What is shown of the open questions, if there are any."""
    columns = [
        quantity(words.NUMBER, "number", lambda value: source.said(words.Q, number=value)),
        wording(words.QUESTION, "label"),
        quantity(words.ASKED, "asked", numbers.whole),
        quantity(words.ANSWERED, "answered", numbers.whole),
    ]
    table = source.table("open", say(words.OPEN_TABLE), OPEN_SQL, columns)
    if table.rows:
        yield Paragraph((say(words.OPEN_SAYS, table=table_ref("open")),)), table
