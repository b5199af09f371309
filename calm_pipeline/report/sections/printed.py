"""What follows from the printed figures alone; no answer, real or reconstructed, is behind it."""

from collections.abc import Iterator

from calm_pipeline.report import charts, numbers, words
from calm_pipeline.report.model import Block, Column, Figure, Paragraph, Row, Section, say
from calm_pipeline.report.source import (
    REPORT_LABEL,
    REPORT_ROWS,
    Source,
    between,
    figure_ref,
    quantity,
    table_ref,
    wording,
)

CORRELATIONS_SQL = """
SELECT statistic, index_a, index_b, n, value, low, high, holm
FROM printed_statistics
WHERE {here} AND statistic <> 'share'
ORDER BY list_position(['correlation', 'partial correlation', 'first component'], statistic), subject
"""
SHARES_SQL = f"""
SELECT q.number, {REPORT_LABEL} AS label, s.n, s.value, s.low, s.high
FROM printed_statistics s
JOIN questions q USING (edition, question)
JOIN options o USING (edition, question, option)
{REPORT_ROWS}
WHERE s.edition = '{{edition}}' AND s.statistic = 'share'
ORDER BY q.number, s.value DESC, o.position
"""  # noqa: S608


def printed(source: Source) -> Iterator[Section]:
    """The section; none if nothing was published."""
    if not source.has("printed_statistics"):
        return
    blocks: list[Block] = [
        Paragraph((say(words.PRINTED_SAYS, table=table_ref("printed"), shares=table_ref("printed-shares")),))
    ]
    yield Section("printed", say(words.PRINTED), (*blocks, *_correlations(source), _shares(source)))


def _correlations(source: Source) -> Iterator[Block]:
    columns = [
        wording(words.STATISTIC, "statistic", source.coded(words.STATISTICS)),
        Column(("index_a", "index_b"), say(words.SUBJECT), lambda a, b: _subject(source, a, b), numeric=False),
        quantity(words.N, "n"),
        quantity(words.VALUE, "value", numbers.r),
        between(words.INTERVAL, "low", "high", numbers.spread),
        quantity(words.P_HOLM, "holm", numbers.probability),
    ]
    table = source.table("printed", say(words.PRINTED_CORRELATIONS), CORRELATIONS_SQL, columns, "printed")
    drawn = [_line(source, row) for row in table.rows if not numbers.missing(row["low"])]
    if drawn:
        axis = {"title": "r", "domain": charts.domain((row["low"] for row in drawn), 0.0, 1.0), "reference": 0}
        note = source.word(words.PRINTED_MARK)
        panel = charts.dots(drawn, axis, note, labels=48)
        alt = say(words.PRINTED_ALT, table=table_ref("printed"))
        caption = say(words.PRINTED_FIGURE, level=numbers.LEVEL)
        yield Figure(figure_ref("printed").key, caption, table.sql, table.rows, "printed", alt, (panel,))
    yield table


def _subject(source: Source, a: str | None, b: str | None) -> str:
    return source.word(words.ALL_INDICES) if a is None or b is None else source.pair(a, b)


def _line(source: Source, row: Row) -> Row:
    statistic, about = (
        source.coded(words.STATISTICS)(row["statistic"]),
        _subject(source, row["index_a"], row["index_b"]),
    )
    figure = f"{numbers.r(row['value'])} {numbers.spread(row['low'], row['high'])}"
    label = source.said(words.PAIR_R, pair=about, r=statistic)
    return charts.dot(label, (row["value"], row["low"], row["high"]), figure)


def _shares(source: Source) -> Block:
    columns = [
        quantity(words.QUESTION, "number", lambda value: source.said(words.Q, number=value)),
        wording(words.OPTION, "label"),
        quantity(words.N, "n"),
        quantity(words.SHARE, "value", numbers.share),
        between(words.INTERVAL, "low", "high"),
    ]
    return source.table("printed-shares", say(words.PRINTED_SHARES), SHARES_SQL, columns, "printed")
