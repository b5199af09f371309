"""What is shown of one question: who was asked, a sentence, a picture and a table."""

from collections.abc import Iterator, Sequence

from calm_pipeline.gates import gate_sentence
from calm_pipeline.report import charts, numbers, words
from calm_pipeline.report.model import Block, Figure, Heading, Paragraph, Row, Said, Table, say
from calm_pipeline.report.source import Source, between, figure_ref, quantity, table_ref, wording
from calm_pipeline.survey import Field, ReportTable, Survey, Words

PRINTED_SQL = """
SELECT CASE o.role WHEN 'other' THEN '{{other}}' ELSE r.label_{{lang}} END AS label, c.count, r.printed AS share,
       c.low, c.high, r.group_{{lang}} AS "group"
FROM report_tables r
JOIN option_counts c USING (edition, question, option)
JOIN options o USING (edition, question, option)
WHERE edition = '{{edition}}' AND r.report_table = '{table}' AND c.field = '{field}'
ORDER BY {order}
"""
COUNTED_SQL = """
SELECT CASE o.role WHEN 'other' THEN '{{other}}' ELSE o.label_{{lang}} END AS label, c.count, c.share, c.low, c.high
FROM option_counts c
JOIN options o USING (edition, question, option)
WHERE edition = '{{edition}}' AND c.field = '{field}'
ORDER BY {order}
"""
CHART_SQL = """
SELECT CASE o.role WHEN 'other' THEN '{{other}}' ELSE o.label_{{lang}} END AS label, o.option, c.count, c.asked,
       c.answered, c.share, c.low, c.high, o.role
FROM option_counts c
JOIN options o USING (edition, question, option)
WHERE edition = '{{edition}}' AND c.field = '{field}'
ORDER BY {order}
"""
NUMBER_SQL = """
SELECT asked, answered, CASE WHEN answered >= {extremes} THEN minimum END AS minimum,
       CASE WHEN answered >= {extremes} THEN low END AS low,
       CASE WHEN answered >= {threshold} THEN median END AS median,
       CASE WHEN answered >= {threshold} THEN mean END AS mean,
       CASE WHEN answered >= {extremes} THEN high END AS high,
       CASE WHEN answered >= {extremes} THEN maximum END AS maximum
FROM (SELECT count(*) FILTER (WHERE state <> 'not_asked') AS asked, count(number) AS answered, min(number) AS minimum,
             quantile_cont(number, 0.25) AS low, median(number) AS median, avg(number) AS mean,
             quantile_cont(number, 0.75) AS high, max(number) AS maximum
      FROM answers
      WHERE {{here}} AND field = '{field}' AND option = '')
"""
BINS_SQL = """
SELECT floor(number / {width}) * {width} AS start, (floor(number / {width}) + 1) * {width} AS "end", count(*) AS count
FROM answers
WHERE {{here}} AND field = '{field}' AND number IS NOT NULL
GROUP BY ALL
ORDER BY start
"""
NAMED = 3
FEW = 2 * NAMED
BINS = 16


def choice(source: Source, field: Field) -> Iterator[Block]:
    """A question with options."""
    key, printed = field.name, _report_table(source, field)
    statement = CHART_SQL.format(field=field.name, order=_order(source, field))
    rows = source.rows(statement)
    labels, omits = (printed.labels, printed.omits) if printed else ({}, ())
    for row in rows:
        row["label"] = source.word(labels[row["option"]]) if row["option"] in labels else row["label"]
    shown = [row for row in rows if row["option"] not in omits]
    yield from _head(source, field, rows)
    yield Paragraph(tuple(_sentences(source, key, shown, [row for row in rows if row["option"] in omits])))
    table = _table(source, field, printed)
    tips = {
        "name": source.word(words.TIP_OPTION),
        "counted": source.word(words.TIP_COUNT),
        "figure": source.word(words.TIP_SHARE),
        "interval": source.said(words.TIP_INTERVAL, level=numbers.LEVEL),
    }
    first, last = (shown[at]["label"] for at in (0, -1))
    alt = say(words.BARS_ALT, options=len(shown), first=first, last=last, table=table_ref(key))
    caption = say(words.BARS, caption=_caption(source, field), level=numbers.LEVEL)
    panel = charts.bars(shown, tips, source.note)
    yield Figure(figure_ref(key).key, caption, source.sql(statement), rows, "answers", alt, (panel,))
    yield table


def _report_table(source: Source, field: Field) -> ReportTable | None:
    found = (table for table in source.survey.tables.values() if table.question == field.key)
    return next(found, None) if field.row is None else None


def _order(source: Source, field: Field, otherwise: str = "c.count DESC, o.position") -> str:
    """By count, but stages as they follow each other."""
    return "o.position" if field.name == source.survey.stage else otherwise


def _caption(source: Source, field: Field) -> str:
    """The caption of the question's table in the report, or which question it is; the heading above says it in full."""
    printed = _report_table(source, field)
    if printed:
        return source.word(printed)
    if field.row is None:
        return source.said(words.ANSWERS, number=field.question.number)
    return source.said(words.ANSWERS_ROW, number=field.question.number, row=source.word(_label(field)))


def short_caption(survey: Survey, name: str) -> Words:
    """The caption of the question's table, which is shorter than the question."""
    return next((table for table in survey.tables.values() if table.question == name), survey.questions[name])


def _label(field: Field) -> Words:
    """The wording of a question, or of its row."""
    return field.question if field.row is None else field.question.rows[field.row]


def _head(source: Source, field: Field, rows: Sequence[Row]) -> Iterator[Block]:
    label = source.word(_label(field))
    yield Heading(say(words.QUESTION_HEAD, number=field.question.number, label=label))
    gate = gate_sentence(source.survey, field.key)
    if gate and rows:
        facts = {"asked": numbers.whole(rows[0]["asked"]), "accepted": numbers.whole(source.accepted)}
        yield Paragraph((say(words.ASKED_ONLY, gate=source.word(gate), **facts),))


def _sentences(source: Source, key: str, shown: Sequence[Row], omitted: Sequence[Row]) -> Iterator[Said]:
    def named(rows: Sequence[Row]) -> str:
        return source.joined(
            source.said(words.LABEL_SHARE, label=row["label"], share=numbers.percent(row["count"], row["asked"]) or "–")
            for row in rows
        )

    refs = {"figure": figure_ref(key), "table": table_ref(key)}
    ranked = sorted((row for row in shown if row["role"] != "other"), key=lambda row: -row["count"])
    if len(ranked) > FEW:
        yield say(words.ORDER, most=named(ranked[:NAMED]), least=named(ranked[: -NAMED - 1 : -1]), **refs)
    else:
        yield say(words.SHORT_ORDER, **refs)
    for row in omitted:
        yield say(words.OTHERS, count=numbers.whole(row["count"]), asked=numbers.whole(row["asked"]))
    if shown and shown[0]["answered"] < shown[0]["asked"]:
        yield say(words.UNANSWERED, **{name: numbers.whole(shown[0][name]) for name in ("asked", "answered")})


def _table(source: Source, field: Field, printed: ReportTable | None) -> Table:
    statement = COUNTED_SQL.format(field=field.name, order=_order(source, field))
    notes = [say(words.NOT_PRINTED)] if source.has("reconciliation") else []
    if printed:
        name = next(name for name, table in source.survey.tables.items() if table is printed)
        statement = PRINTED_SQL.format(table=name, field=field.name, order=_order(source, field, "r.position"))
        if printed.caption:
            notes = [say(words.PRINTED_AS, caption=printed.caption, cited=printed.cited or printed.caption)]
    columns = [
        wording(words.OPTION, "label"),
        quantity(words.LIBRARIES, "count"),
        quantity(words.SHARE, "share", numbers.text if printed else numbers.share),
        between(words.INTERVAL, "low", "high"),
    ]
    group = "group" if field.question.groups and printed else None
    caption = say(words.AS_IT_IS, text=_caption(source, field))
    return source.table(field.name, caption, statement, columns, notes=notes, group=group)


def number(source: Source, field: Field) -> Iterator[Block]:
    """A question that asks for a number."""
    key, caption = field.name, _caption(source, field)
    columns = [
        quantity(words.ASKED, "asked"),
        quantity(words.ANSWERED, "answered"),
        quantity(words.MINIMUM, "minimum"),
        quantity(words.QUARTILE_LOW, "low", numbers.decimal(1)),
        quantity(words.MEDIAN, "median", numbers.decimal(1)),
        quantity(words.MEAN, "mean", numbers.decimal(1)),
        quantity(words.QUARTILE_HIGH, "high", numbers.decimal(1)),
        quantity(words.MAXIMUM, "maximum"),
    ]
    least = {"threshold": source.stamp.threshold, "extremes": source.stamp.extremes}
    statement = NUMBER_SQL.format(field=field.name, **least)
    notes = [say(words.NUMBER_FEW, **least)]
    table = source.table(key, say(words.NUMBER_TABLE, caption=caption), statement, columns, notes=notes)
    row = table.rows[0]
    yield from _head(source, field, [row])
    if row["answered"] < source.stamp.extremes:
        yield table
        return
    facts = {"answered": numbers.whole(row["answered"]), "median": numbers.tidy(row["median"])}
    middle = {name: numbers.tidy(row[name]) for name in ("low", "high")}
    yield Paragraph((say(words.NUMBER_SAYS, **facts, **middle, figure=figure_ref(key), table=table_ref(key)),))
    bin_width = width(row["minimum"], row["maximum"])
    sql = source.sql(BINS_SQL.format(field=field.name, width=bin_width))
    titles = {"x": source.word(words.NUMBER_GIVEN), "y": source.word(words.SUBMISSIONS_AXIS)}
    bins = source.ask(sql)
    ends = {name: numbers.whole(row[name]) for name in ("minimum", "maximum")}
    alt = say(words.NUMBER_ALT, **facts, **ends)
    draw = charts.counts if bin_width == 1 else charts.histogram
    panel = draw(bins, titles, "", source.note)
    yield Figure(figure_ref(key).key, say(words.NUMBER_FIGURE, caption=caption), sql, bins, "answers", alt, (panel,))
    yield table


def width(low: int, high: int) -> int:
    """A round width that makes about so many bins."""
    raw = max((high - low) / BINS, 1)
    power = 10 ** (len(str(int(raw))) - 1)
    return int(next(step * power for step in (1, 2, 5, 10) if step * power >= raw))
