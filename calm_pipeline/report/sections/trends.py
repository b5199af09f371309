"""What changed since the edition before, where the two may be compared."""

from collections.abc import Iterator

from calm_pipeline.report import charts, numbers, words
from calm_pipeline.report.model import Block, Figure, Paragraph, Row, Section, say
from calm_pipeline.report.sections.stages import signed
from calm_pipeline.report.source import Source, between, figure_ref, in_order, quantity, table_ref, wording

FACTS_SQL = """
SELECT any_value(previous_edition) AS previous, count(*) FILTER (WHERE change = 'continued') AS continued,
       count(*) FILTER (WHERE change = 'new') AS new, count(*) FILTER (WHERE change = 'gone') AS gone,
       count(*) FILTER (WHERE comparable = 'yes') AS comparable,
       count(*) FILTER (WHERE comparable = 'with care') AS care
FROM option_trends
WHERE {here}
"""
OPTIONS_SQL = """
SELECT coalesce(q.label_{lang}, before.label_{lang}) AS question, coalesce(o.label_{lang}, old.label_{lang}) AS label,
       t.change, t.previous_share, t.share, t.difference, t.low, t.high, t.comparable, t.reason_{lang} AS reason
FROM option_trends t
LEFT JOIN questions q USING (edition, question)
LEFT JOIN questions before ON before.edition = t.previous_edition AND before.question = t.question
LEFT JOIN options o USING (edition, question, option)
LEFT JOIN options old ON old.edition = t.previous_edition AND old.question = t.question AND old.option = t.option
WHERE t.{here}
ORDER BY coalesce(q.number, before.number), t.field, coalesce(o.position, old.position)
"""
INDICES_SQL = """
SELECT index_name, scope, previous_n, previous_mean, n, mean, difference, low, high, comparable,
       reason_{{lang}} AS reason
FROM index_trends
WHERE {{here}} AND definition = 'sum'
ORDER BY {order}, scope
"""
MOST = 20


def trends(source: Source) -> Iterator[Section]:
    """The section; none for the first edition."""
    if not source.has("option_trends"):
        return
    facts = source.rows(FACTS_SQL)[0]
    sentence = say(words.TRENDS_SAY, **{name: numbers.text(value) for name, value in facts.items()})
    blocks: list[Block] = [Paragraph((sentence,)), *_options(source)]
    if source.has("index_trends"):
        blocks.append(_indices(source))
    yield Section("trends", say(words.TRENDS), tuple(blocks))


def _options(source: Source) -> Iterator[Block]:
    columns = [
        wording(words.OPTION, "label"),
        wording(words.SERIES_HEAD, "change", source.coded(words.SERIES)),
        quantity(words.BEFORE, "previous_share", numbers.share),
        quantity(words.NOW, "share", numbers.share),
        quantity(words.CHANGE_POINTS, "difference", numbers.points),
        between(words.INTERVAL, "low", "high", _points),
        wording(words.COMPARABLE, "comparable", source.coded(words.COMPARABLES)),
        wording(words.REASON, "reason"),
    ]
    table = source.table("trends", say(words.TREND_OPTIONS), OPTIONS_SQL, columns, group="question")
    known = [row for row in table.rows if not numbers.missing(row["difference"])]
    largest = sorted(known, key=lambda row: -abs(row["difference"]))[:MOST]
    if largest:
        drawn = [_line(row) for row in largest]
        ends = [float(row[end]) for row in drawn for end in ("low", "high") if row[end] is not None]
        axis = {"title": source.word(words.CHANGE_POINTS), "domain": [min(0.0, *ends), max(0.0, *ends)], "reference": 0}
        alt = say(words.TREND_ALT, options=len(largest), table=table_ref("trends"))
        panel = charts.dots(drawn, axis, source.note, labels=44)
        caption = say(words.TREND_FIGURE, level=numbers.LEVEL)
        yield Figure(figure_ref("trends").key, caption, table.sql, table.rows, "answers", alt, (panel,))
    yield table


def _points(low: float | None, high: float | None) -> str:
    return numbers.NOTHING if numbers.missing(low) else f"{numbers.points(low)} – {numbers.points(high)}"


def _line(row: Row) -> Row:
    low, high = (None if numbers.missing(row[end]) else row[end] * 100 for end in ("low", "high"))
    figure = f"{numbers.points(row['difference'])} ({_points(row['low'], row['high'])})"
    return {"label": row["label"], "value": row["difference"] * 100, "low": low, "high": high, "figure": figure}


def _indices(source: Source) -> Block:
    columns = [
        wording(words.INDEX, "index_name", source.index),
        wording(words.SCOPE, "scope", source.coded(words.SCOPES)),
        quantity(words.N, "previous_n"),
        quantity(words.BEFORE, "previous_mean", numbers.decimal(1)),
        quantity(words.N, "n"),
        quantity(words.NOW, "mean", numbers.decimal(1)),
        quantity(words.CHANGE, "difference", signed),
        between(words.INTERVAL, "low", "high", numbers.spread),
        wording(words.COMPARABLE, "comparable", source.coded(words.COMPARABLES)),
        wording(words.REASON, "reason"),
    ]
    statement = INDICES_SQL.format(order=in_order("index_name", source.survey.indices))
    return source.table("index-trends", say(words.TREND_INDICES), statement, columns)
