"""The indices by stage of implementation, and how far each stage stands from the rest."""

from collections.abc import Iterator

from calm_pipeline.report import charts, numbers, words
from calm_pipeline.report.model import Block, Figure, Panel, Paragraph, Row, Section, say
from calm_pipeline.report.source import (
    REPORT_LABEL,
    REPORT_ROWS,
    Source,
    figure_ref,
    in_order,
    of_what,
    quantity,
    table_ref,
    wording,
)

STAGE_SQL = """
SELECT s.index_name, {label} AS stage, s.n, s.mean, s.sd, s.minimum, s.median, s.maximum, s.rest_mean,
       s.difference
FROM stage_comparison s
JOIN options o ON o.edition = s.edition AND o.question = '{question}' AND o.option = s.stage
{printed}
WHERE s.{{here}} AND s.definition = 'sum'
ORDER BY {order}, o.position
"""
EFFECT_SQL = """
SELECT s.index_name, {label} AS stage, s.n, s.rest_n, s.hedges_g, s.hedges_g_low, s.hedges_g_high,
       s.cliffs_delta, s.cliffs_delta_low, s.cliffs_delta_high, s.welch_holm
FROM stage_comparison s
JOIN options o ON o.edition = s.edition AND o.question = '{question}' AND o.option = s.stage
{printed}
WHERE s.{{here}} AND s.definition = 'sum'
ORDER BY {order}, o.position
"""


def stages(source: Source) -> Iterator[Section]:
    """The section; none if no question tells the stage."""
    if source.survey.stage is None or not source.has("stage_comparison"):
        return
    filled = {"order": in_order("s.index_name", source.survey.indices), "question": source.survey.stage}
    filled |= {"label": REPORT_LABEL, "printed": REPORT_ROWS}
    blocks = tuple(_scores(source, STAGE_SQL.format(**filled)))
    if blocks:
        yield Section("stages", say(words.STAGES), (*blocks, *_effects(source, EFFECT_SQL.format(**filled))))
        return
    number = source.survey.questions[source.survey.stage].number
    nothing = say(words.STAGES_HIDDEN, number=number, least=source.stamp.threshold)
    yield Section("stages", say(words.STAGES), (Paragraph((nothing,)),))


def _scores(source: Source, statement: str) -> Iterator[Block]:
    """The scores by stage; nothing if no stage has any that may be shown."""
    columns = [
        wording(words.STAGE, "stage"),
        quantity(words.STAGE_N, "n"),
        quantity(words.MEAN, "mean", numbers.decimal(1)),
        quantity(words.SD, "sd", numbers.decimal(1)),
        quantity(words.MINIMUM, "minimum"),
        quantity(words.MEDIAN, "median", numbers.decimal(1)),
        quantity(words.MAXIMUM, "maximum"),
        quantity(words.REST_MEAN, "rest_mean", numbers.decimal(1)),
        quantity(words.DIFFERENCE, "difference", numbers.signed),
    ]
    table = source.table("stages", say(words.STAGE_TABLE), statement, columns, group="index_name")
    names = list(dict.fromkeys(row["index_name"] for row in table.rows))
    drawn = [row for row in table.rows if not numbers.missing(row["mean"])]
    if not drawn:
        return
    panels = tuple(_panel(source, name, [row for row in drawn if row["index_name"] == name]) for name in names)
    alt = say(words.STAGE_ALT, stages=len({row["stage"] for row in table.rows}), table=table_ref("stages"))
    number = source.survey.questions[str(source.survey.stage)].number
    refs = {"figure": figure_ref("stages"), "table": table_ref("stages"), "effects": table_ref("effects")}
    yield Paragraph((say(words.STAGES_SAY, number=number, **refs),))
    hidden = say(words.STAGE_HIDDEN, least=source.stamp.threshold, extremes=source.stamp.extremes)
    caption, notes = say(words.STAGE_FIGURE), (say(words.STAGE_NOTE), hidden)
    yield Figure(figure_ref("stages").key, caption, table.sql, table.rows, "answers", alt, panels, notes)
    yield table


def _panel(source: Source, name: str, rows: list[Row]) -> Panel:
    titles = {
        "x": source.word(words.TICKED),
        "n": source.word(words.STAGE_N),
        "mean_shown": source.word(words.MEAN),
        "median_shown": source.word(words.MEDIAN),
        "span": source.word(words.SPAN),
    }
    return charts.ranges([_range(source, row) for row in rows], titles, source.index(name), source.note)


def _range(source: Source, row: Row) -> Row:
    spread = 0 if numbers.missing(row["sd"]) else row["sd"]
    below, above = row["mean"] - spread, row["mean"] + spread
    ends = zip(("minimum", "maximum"), (below, above), strict=True)  # what is not shown hides behind the thick line
    return {
        **{name: row[name] for name in ("median", "mean", "n")},
        **{name: end if numbers.missing(row[name]) else row[name] for name, end in ends},
        "label": source.said(words.LABEL_N, label=row["stage"], n=row["n"]),
        "below": below,
        "above": above,
        "mean_shown": numbers.decimal(1)(row["mean"]),
        "median_shown": numbers.decimal(1)(row["median"]),
        "span": f"{numbers.whole(row['minimum'])}–{numbers.whole(row['maximum'])}",
    }


def _effects(source: Source, statement: str) -> Iterator[Block]:
    columns = [
        wording(words.STAGE, "stage"),
        quantity(words.STAGE_N, "n"),
        quantity(words.REST_N, "rest_n"),
        quantity(words.HEDGES, "hedges_g", numbers.decimal(2)),
        of_what(source, words.INTERVAL_OF, words.HEDGES, ("hedges_g_low", "hedges_g_high"), numbers.spread),
        quantity(words.CLIFF, "cliffs_delta", numbers.decimal(2)),
        of_what(source, words.INTERVAL_OF, words.CLIFF, ("cliffs_delta_low", "cliffs_delta_high"), numbers.spread),
        quantity(words.P_HOLM, "welch_holm", numbers.probability),
    ]
    table = source.table("effects", say(words.EFFECT_TABLE), statement, columns, group="index_name")
    ends = [row[name] for row in table.rows for name in ("hedges_g_low", "hedges_g_high")]
    if not all(map(numbers.missing, ends)):
        yield Paragraph((say(words.EFFECT_SAYS, figure=figure_ref("effects"), table=table_ref("effects")),))
        axis = {"title": source.word(words.HEDGES), "domain": charts.domain(ends, 0.0, 0.0), "reference": 0}
        names = list(dict.fromkeys(row["index_name"] for row in table.rows))
        panels = [
            charts.dots(
                [_effect(row) for row in table.rows if row["index_name"] == name],
                axis,
                source.note,
                source.index(name),
                labels=44,
            )
            for name in names
        ]
        caption = say(words.EFFECT_FIGURE, level=numbers.LEVEL)
        alt = say(words.EFFECT_ALT, table=table_ref("effects"))
        yield Figure(figure_ref("effects").key, caption, table.sql, table.rows, "answers", alt, tuple(panels))
    yield table


def _effect(row: Row) -> Row:
    g, low, high = (row[name] for name in ("hedges_g", "hedges_g_low", "hedges_g_high"))
    return charts.dot(row["stage"], (g, low, high), f"{numbers.decimal(2)(g)} {numbers.spread(low, high)}")
