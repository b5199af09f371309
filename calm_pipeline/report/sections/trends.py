"""What changed since the edition before, where the two may be compared."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from calm_pipeline.report import charts, numbers, words
from calm_pipeline.report.model import Block, Column, Figure, Panel, Paragraph, Row, Said, Section, say
from calm_pipeline.report.sections.comparable import comparable, with_reasons
from calm_pipeline.report.sections.question import short_caption
from calm_pipeline.report.source import (
    REPORT_LABEL,
    REPORT_ROWS,
    Source,
    figure_ref,
    in_order,
    quantity,
    table_ref,
    wording,
)

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
       t.panel_low, t.panel_high, t.n_panel, t.panel_holm, t.comparable, t.reason_{{lang}} AS reason
FROM option_trends t
LEFT JOIN questions q USING (edition, question)
LEFT JOIN questions before ON before.edition = t.previous_edition AND before.question = t.question
LEFT JOIN options o USING (edition, question, option)
LEFT JOIN options old ON old.edition = t.previous_edition AND old.question = t.question AND old.option = t.option
{REPORT_ROWS}
WHERE t.{{here}}
ORDER BY coalesce(q.number, before.number), q.number IS NULL, t.field, coalesce(o.position, old.position)
"""  # noqa: S608
INDICES_SQL = """
SELECT index_name, scope, change, previous_mean, previous_n, mean, n, difference, low, high, panel_difference,
       panel_low, panel_high, n_panel, panel_holm, comparable, reason_{{lang}} AS reason
FROM index_trends
WHERE {{here}} AND definition = 'sum' AND (scope = 'all' OR items_changed)
ORDER BY {order}, scope
"""
MOST = 20
ALPHA = 0.05
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
        blocks += _indices(source, editions)
    yield Section("trends", say(words.TRENDS), tuple(blocks))


def _options(source: Source, editions: dict[str, str]) -> Iterator[Block]:
    shares = {name: say(words.SHARE_IN, edition=edition) for name, edition in editions.items()}
    columns = [
        Column(
            ("question", "field", "label"), say(words.OPTION), lambda *names: _option(source, *names), numeric=False
        ),
        comparable(source),
        _with_n(source, shares["previous"], ("previous_share", "previous_asked"), numbers.share),
        _with_n(source, shares["edition"], ("share", "asked"), numbers.share),
        Column(ALL, say(words.CHANGE_IN_POINTS, level=numbers.LEVEL), _points),
        _with_n(source, say(words.PANEL_IN_POINTS, level=numbers.LEVEL), (*PANEL, "n_panel"), _points),
        quantity(words.PANEL_HOLM, "panel_holm", numbers.probability),
    ]
    statement = OPTIONS_SQL.replace("{question}", _heading(source))
    table = source.table("trends", say(words.TREND_OPTIONS, **editions), statement, columns, group="asked_as")
    known = [row for row in table.rows if not numbers.missing(row["difference"])]
    largest = sorted(known, key=lambda row: -abs(row["difference"]))[:MOST]
    if largest:
        alt = say(words.TREND_ALT, options=len(largest), table=table_ref("trends"))
        caption = say(words.TREND_FIGURE, level=numbers.LEVEL, **editions)
        panels = tuple(_panels(source, largest))
        notes = tuple(_cautions(known, len(largest)))
        yield Figure(figure_ref("trends").key, caption, table.sql, table.rows, "answers", alt, panels, notes)
    yield from with_reasons(source, "trends", table)


def _cautions(known: Sequence[Row], shown: int) -> Iterator[Said]:
    """That the changes in the picture were picked by size, and what of the tests is left after adjustment."""
    template = words.TREND_PICKED if shown < len(known) else words.TREND_ORDERED
    if len(known) > 1:
        yield say(template, **({"shown": shown} if shown < len(known) else {}), known=len(known))
    tests = [row["panel_holm"] for row in known if not numbers.missing(row["panel_holm"])]
    if tests:
        below = sum(p < ALPHA for p in tests)
        yield say(words.TREND_TESTS, tests=len(tests), below=below, alpha=ALPHA, table=table_ref("trends"))


def _heading(source: Source) -> str:
    """The SQL expression of the number and the wording of a question, and of the edition that alone has it."""
    now, before = (
        {"number": f"' || {table}.number || '", "label": f"' || {table}.label_{{lang}} || '"}
        for table in ("q", "before")
    )
    gone = source.said(words.QUESTION_HEAD_IN, edition="' || t.previous_edition || '", **before)
    return f"CASE WHEN q.number IS NULL THEN '{gone}' ELSE '{source.said(words.QUESTION_HEAD, **now)}' END"


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
    asked = [survey.questions[question].rows for survey in source.surveys if question in survey.questions]
    row = field.removeprefix(f"{question}__")
    rows = next((rows for rows in asked if row in rows), {})
    return source.said(words.PAIR_R, pair=source.word(rows[row]), r=label) if row in rows else label


def _line(source: Source, row: Row, keys: tuple[str, str, str]) -> Row:
    value, low, high = (None if numbers.missing(row[key]) else row[key] * 100 for key in keys)
    question = row["asked_as"]
    if row["question"] in source.survey.questions:
        known = source.survey.questions[row["question"]]
        short = source.word(short_caption(source.survey, row["question"])).rstrip("?？")
        question = source.said(words.QUESTION_HEAD, number=known.number, label=short)
    label = source.said(words.PAIR_R, pair=question, r=_option(source, row["question"], row["field"], row["label"]))
    return charts.dot(label, (value, low, high), _points(*(row[key] for key in keys)).replace("\n", " "))


def _with_n(source: Source, head: Said, keys: tuple[str, ...], show: Callable[..., str]) -> Column:
    """A figure, and below it the number of submissions or libraries behind it, which is the last of `keys`."""

    def shown(*values: Any) -> str:
        *figures, n = values
        said = show(*figures)
        return said if said == numbers.NOTHING else f"{said}\n{source.word(words.N)}\u00a0=\u00a0{numbers.whole(n)}"

    return Column(keys, head, shown)


def _points(value: Any, low: Any, high: Any) -> str:
    return _spread(numbers.points(value), numbers.points(low), numbers.points(high))


def _scores(value: Any, low: Any, high: Any) -> str:
    return _spread(numbers.signed(value), numbers.signed(low), numbers.signed(high))


def _spread(value: str, low: str, high: str) -> str:
    """A change, and below it its interval if there is one."""
    return value if numbers.NOTHING in (low, high) else f"{value}\n[{low}, {high}]"


def _indices(source: Source, editions: dict[str, str]) -> Iterator[Block]:
    means = {name: say(words.MEAN_IN, edition=edition) for name, edition in editions.items()}
    columns = [
        wording(words.SCOPE, "scope", source.coded(words.SCOPES)),
        comparable(source),
        _with_n(source, means["previous"], ("previous_mean", "previous_n"), numbers.decimal(1)),
        _with_n(source, means["edition"], ("mean", "n"), numbers.decimal(1)),
        Column(ALL, say(words.CHANGE_IN, level=numbers.LEVEL), _scores),
        _with_n(source, say(words.PANEL_IN, level=numbers.LEVEL), (*PANEL, "n_panel"), _scores),
        quantity(words.PANEL_HOLM, "panel_holm", numbers.probability),
    ]
    statement = INDICES_SQL.format(order=in_order("index_name", source.survey.indices))
    caption = say(words.TREND_INDICES, **editions)
    table = source.table("index-trends", caption, statement, columns, group="index_name")
    yield from with_reasons(source, "index-trends", table)
