"""What changed since the edition before, where the two may be compared."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from calm_pipeline.report import charts, numbers, words
from calm_pipeline.report.model import Block, Column, Figure, Panel, Paragraph, Row, Section, say
from calm_pipeline.report.sections.question import short_caption
from calm_pipeline.report.source import REPORT_LABEL, REPORT_ROWS, Source, figure_ref, in_order, table_ref, wording
from calm_pipeline.survey import Words

OLD_LABEL = "CASE old.role WHEN 'other' THEN '{other}' ELSE old.label_{lang} END"

FACTS_SQL = """
SELECT any_value(previous_edition) AS previous, count(*) FILTER (WHERE change = 'continued') AS continued,
       count(*) FILTER (WHERE change = 'new') AS new, count(*) FILTER (WHERE change = 'gone') AS gone,
       count(*) FILTER (WHERE comparable = 'yes') AS comparable,
       count(*) FILTER (WHERE comparable = 'with care') AS care
FROM option_trends
WHERE {here}
"""
OPTIONS_SQL = f"""
SELECT {{question}} AS asked_as, t.question, t.field, coalesce({REPORT_LABEL}, {OLD_LABEL}) AS label, t.change,
       t.previous_share, t.previous_asked, t.share, t.asked, t.difference, t.low, t.high, t.panel_difference,
       t.panel_low, t.panel_high, t.n_panel, t.comparable, t.reason_{{lang}} AS reason
FROM option_trends t
LEFT JOIN questions q USING (edition, question)
LEFT JOIN questions before ON before.edition = t.previous_edition AND before.question = t.question
LEFT JOIN options o USING (edition, question, option)
LEFT JOIN options old ON old.edition = t.previous_edition AND old.question = t.question AND old.option = t.option
{REPORT_ROWS}
WHERE t.{{here}}
ORDER BY coalesce(q.number, before.number), t.field, coalesce(o.position, old.position)
"""  # noqa: S608
INDICES_SQL = """
SELECT index_name, scope, previous_mean, previous_n, mean, n, difference, low, high, panel_difference, panel_low,
       panel_high, n_panel, comparable, reason_{{lang}} AS reason
FROM index_trends
WHERE {{here}} AND definition = 'sum'
ORDER BY {order}, scope
"""
MOST = 20
ALL = ("difference", "low", "high")
PANEL = ("panel_difference", "panel_low", "panel_high")


def trends(source: Source) -> Iterator[Section]:
    """The section; none for the first edition."""
    if not source.has("option_trends"):
        return
    facts = source.rows(FACTS_SQL)[0]
    editions = {"previous": str(facts["previous"]), "edition": source.edition}
    sentence = say(words.TRENDS_SAY, **{name: numbers.text(value) for name, value in facts.items()})
    blocks: list[Block] = [Paragraph((sentence,)), *_options(source, editions)]
    if source.has("index_trends"):
        blocks.append(_indices(source, editions))
    yield Section("trends", say(words.TRENDS), tuple(blocks))


def _options(source: Source, editions: dict[str, str]) -> Iterator[Block]:
    columns = [
        Column(
            ("question", "field", "label"), say(words.OPTION), lambda *names: _option(source, *names), numeric=False
        ),
        wording(words.SERIES_HEAD, "change", source.coded(words.SERIES)),
        _with_n(words.SHARE_IN, editions["previous"], ("previous_share", "previous_asked"), numbers.share),
        _with_n(words.SHARE_IN, editions["edition"], ("share", "asked"), numbers.share),
        Column(ALL, say(words.CHANGE_IN_POINTS, level=numbers.LEVEL), _points),
        Column((*PANEL, "n_panel"), say(words.PANEL_IN_POINTS, level=numbers.LEVEL), _panel(_points)),
        wording(words.COMPARABLE, "comparable", source.coded(words.COMPARABLES)),
        wording(words.REASON, "reason"),
    ]
    statement = OPTIONS_SQL.replace("{question}", _heading(source))
    table = source.table("trends", say(words.TREND_OPTIONS, **editions), statement, columns, group="asked_as")
    known = [row for row in table.rows if not numbers.missing(row["difference"])]
    largest = sorted(known, key=lambda row: -abs(row["difference"]))[:MOST]
    if largest:
        alt = say(words.TREND_ALT, options=len(largest), table=table_ref("trends"))
        caption = say(words.TREND_FIGURE, level=numbers.LEVEL, **editions)
        panels = tuple(_panels(source, largest))
        yield Figure(figure_ref("trends").key, caption, table.sql, table.rows, "answers", alt, panels)
    yield table


def _heading(source: Source) -> str:
    """The SQL expression of the number and the wording of a question."""
    number = "' || coalesce(q.number, before.number) || '"
    label = "' || coalesce(q.label_{lang}, before.label_{lang}) || '"
    return f"'{source.said(words.QUESTION_HEAD, number=number, label=label)}'"


def _panels(source: Source, rows: Sequence[Row]) -> Iterator[Panel]:
    """All libraries, and below them those that answered both times, if there are any."""
    for keys, heading in ((ALL, words.ALL_LIBRARIES), (PANEL, words.SAME_LIBRARIES)):
        drawn = [_line(source, row, keys) for row in rows if not numbers.missing(row[keys[0]])]
        if drawn:
            ends = (row[name] for row in drawn for name in ("low", "high", "value"))
            domain = charts.domain(ends, 0.0, 0.0)
            axis = {"title": source.word(words.CHANGE_POINTS), "domain": domain, "reference": 0}
            yield charts.dots(drawn, axis, source.note, source.word(heading), labels=44)


def _option(source: Source, question: str, field: str, label: str) -> str:
    """An option, with the row of the question to which it belongs."""
    rows = source.survey.questions[question].rows if question in source.survey.questions else {}
    row = field.removeprefix(f"{question}__")
    return source.said(words.PAIR_R, pair=source.word(rows[row]), r=label) if row in rows else label


def _line(source: Source, row: Row, keys: tuple[str, str, str]) -> Row:
    value, low, high = (None if numbers.missing(row[key]) else row[key] * 100 for key in keys)
    question = row["asked_as"]
    if row["question"] in source.survey.questions:
        known = source.survey.questions[row["question"]]
        short = source.word(short_caption(source.survey, row["question"]))
        question = source.said(words.QUESTION_HEAD, number=known.number, label=short)
    label = source.said(words.PAIR_R, pair=question, r=_option(source, row["question"], row["field"], row["label"]))
    return charts.dot(label, (value, low, high), _points(*(row[key] for key in keys)))


def _with_n(head: Words, edition: str, keys: tuple[str, str], show: Callable[[Any], str]) -> Column:
    """A figure of one edition with the number of submissions behind it."""

    def shown(value: Any, n: Any) -> str:
        return numbers.NOTHING if numbers.missing(value) else f"{show(value)} ({numbers.whole(n)})"

    return Column(keys, say(head, edition=edition), shown)


def _points(value: Any, low: Any, high: Any) -> str:
    if numbers.missing(value):
        return numbers.NOTHING
    return f"{numbers.points(value)} ({numbers.points(low)} – {numbers.points(high)})"


def _scores(value: Any, low: Any, high: Any) -> str:
    return numbers.NOTHING if numbers.missing(value) else f"{numbers.signed(value)} {numbers.spread(low, high)}"


def _panel(show: Callable[[Any, Any, Any], str]) -> Callable[..., str]:
    """A change among the libraries that answered both times, with their number."""
    return lambda value, low, high, n: (
        numbers.NOTHING if numbers.missing(value) else f"{show(value, low, high)}; {numbers.whole(n)}"
    )


def _indices(source: Source, editions: dict[str, str]) -> Block:
    columns = [
        wording(words.INDEX, "index_name", source.index),
        wording(words.SCOPE, "scope", source.coded(words.SCOPES)),
        _with_n(words.MEAN_IN, editions["previous"], ("previous_mean", "previous_n"), numbers.decimal(1)),
        _with_n(words.MEAN_IN, editions["edition"], ("mean", "n"), numbers.decimal(1)),
        Column(ALL, say(words.CHANGE_IN, level=numbers.LEVEL), _scores),
        Column((*PANEL, "n_panel"), say(words.PANEL_IN, level=numbers.LEVEL), _panel(_scores)),
        wording(words.COMPARABLE, "comparable", source.coded(words.COMPARABLES)),
        wording(words.REASON, "reason"),
    ]
    statement = INDICES_SQL.format(order=in_order("index_name", source.survey.indices))
    return source.table("index-trends", say(words.TREND_INDICES, **editions), statement, columns)
