"""The composite indices: how they are distributed, how consistent they are, and how they hang together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from calm_pipeline.report import charts, numbers, words
from calm_pipeline.report.model import Block, Figure, Panel, Paragraph, Row, Section, say
from calm_pipeline.report.sections.correlations import correlations
from calm_pipeline.report.sections.question import width
from calm_pipeline.report.source import (
    REPORT_LABEL,
    REPORT_ROWS,
    Source,
    between,
    figure_ref,
    in_order,
    quantity,
    table_ref,
    wording,
)

SCORES_SQL = """
SELECT index_name, count(*) AS n, avg(sum) AS mean, stddev_samp(sum) AS sd, min(sum) AS minimum,
       quantile_cont(sum, 0.25) AS low, median(sum) AS median, quantile_cont(sum, 0.75) AS high, max(sum) AS maximum
FROM index_scores
WHERE {{here}}
GROUP BY index_name
ORDER BY {order}
"""
BINS_SQL = """
SELECT index_name, floor(sum / {width}) * {width} AS start, (floor(sum / {width}) + 1) * {width} AS "end",
       count(*) AS count
FROM index_scores
WHERE {{here}}
GROUP BY index_name, start, "end"
ORDER BY {order}, start
"""
RELIABILITY_SQL = """
SELECT index_name, questions, items, constant, kr20, kr20_low, kr20_high, omega, alpha_questions
FROM reliability
WHERE {{here}}
ORDER BY {order}
"""
CONSTANT_SQL = """
SELECT i.index_name, string_agg({label}, '{joint}' ORDER BY o.position) AS items
FROM index_items i
JOIN options o USING (edition, question, option)
{printed}
WHERE i.edition = '{{edition}}' AND NOT i.varies
GROUP BY i.index_name
ORDER BY {order}
"""
COEFFICIENTS = ("kr20", "kr20_low", "omega", "alpha_questions")


def indices(source: Source) -> Iterator[Section]:
    """The section about the indices; none if the edition declares none."""
    if not source.survey.indices or not source.has("index_scores"):
        return
    parts = [_distributions(source)]
    if source.has("reliability"):
        parts.append(_reliability(source))
    parts += correlations(source)
    yield Section("indices", say(words.INDICES), (), tuple(parts))


def _distributions(source: Source) -> Section:
    order = in_order("index_name", source.survey.indices)
    columns = [
        wording(words.INDEX, "index_name", source.index),
        quantity(words.N, "n"),
        quantity(words.MEAN, "mean", numbers.decimal(1)),
        quantity(words.SD, "sd", numbers.decimal(1)),
        quantity(words.MINIMUM, "minimum"),
        quantity(words.QUARTILE_LOW, "low", numbers.decimal(1)),
        quantity(words.MEDIAN, "median", numbers.decimal(1)),
        quantity(words.QUARTILE_HIGH, "high", numbers.decimal(1)),
        quantity(words.MAXIMUM, "maximum"),
    ]
    table = source.table("indices", say(words.INDEX_TABLE), SCORES_SQL.format(order=order), columns)
    widest = max(row["maximum"] - row["minimum"] for row in table.rows)
    sql = source.sql(BINS_SQL.format(order=order, width=width(0, widest)))
    bins = source.ask(sql)
    titles = {"x": source.word(words.TICKED), "y": source.word(words.SUBMISSIONS_AXIS)}
    panels = tuple(_histogram(source, row["index_name"], bins, titles) for row in table.rows)
    shown = source.joined(_described(source, row) for row in table.rows)
    alt = say(words.INDEX_ALT, indices=shown)
    figure = Figure("figure-indices", say(words.INDEX_FIGURE), sql, bins, "answers", alt, panels, across=3)
    sentence = say(words.INDEX_SAYS, figure=figure_ref("indices"), table=table_ref("indices"))
    return Section("distributions", say(words.DISTRIBUTIONS), (Paragraph((sentence,)), figure, table))


def _histogram(source: Source, name: str, bins: Sequence[Row], titles: dict[str, str]) -> Panel:
    own = [{key: row[key] for key in ("start", "end", "count")} for row in bins if row["index_name"] == name]
    single = all(row["end"] - row["start"] == 1 for row in own)
    return (charts.counts if single else charts.histogram)(own, titles, source.index(name), source.note_short)


def _described(source: Source, row: Row) -> str:
    facts = {name: numbers.whole(row[name]) for name in ("minimum", "maximum")}
    mean = numbers.decimal(1)(row["mean"])
    return source.said(words.INDEX_ALT_ONE, index=source.index(row["index_name"]), mean=mean, **facts)


def _reliability(source: Source) -> Section:
    order = in_order("index_name", source.survey.indices)
    columns = [
        wording(words.INDEX, "index_name", source.index),
        quantity(words.QUESTIONS, "questions"),
        quantity(words.ITEMS, "items"),
        quantity(words.CONSTANT, "constant"),
        quantity(words.KR20, "kr20", numbers.r),
        between(words.INTERVAL, "kr20_low", "kr20_high", numbers.spread),
        quantity(words.OMEGA, "omega", numbers.r),
        quantity(words.ALPHA_QUESTIONS, "alpha_questions", numbers.r),
    ]
    constants = source.rows(
        CONSTANT_SQL.format(order=order, joint=source.word(words.JOINT), label=REPORT_LABEL, printed=REPORT_ROWS)
    )
    named = [say(words.CONSTANT_SAYS, index=source.index(row["index_name"]), items=row["items"]) for row in constants]
    sentences = (say(words.RELIABILITY_SAYS, table=table_ref("reliability")), *named)
    statement = RELIABILITY_SQL.format(order=order)
    table = source.table("reliability", say(words.RELIABILITY_TABLE), statement, columns)
    shown = [row[name] for row in table.rows for name in COEFFICIENTS if not numbers.missing(row[name])]
    negative = [say(words.NEGATIVE_NOTE)] if any(value < 0 for value in shown) else []
    blocks: tuple[Block, ...] = (Paragraph(sentences), replace(table, notes=(say(words.CONSTANT_NOTE), *negative)))
    return Section("reliability", say(words.RELIABILITY), blocks)
