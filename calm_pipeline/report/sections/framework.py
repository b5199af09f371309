"""The theoretical framework as a figure: dimensions, sub-dimensions and questions with the measured figures on them."""

import math
from collections.abc import Iterator
from typing import Any

from calm_pipeline.report import numbers, words
from calm_pipeline.report.model import Framework, Paragraph, Row, Section, say
from calm_pipeline.report.sections.question import short_caption
from calm_pipeline.report.source import Source, figure_ref, in_order

MEASURED_SQL = """
SELECT *
FROM (
    SELECT 'question' AS kind, c.question AS name, NULL AS other, sum(c.count) / max(c.asked) AS value, NULL AS low,
           NULL AS high, count(*) AS size
    FROM option_counts c
    JOIN options o USING (edition, question, option)
    WHERE c.edition = '{{edition}}' AND c.field = c.question AND o.role = 'substantive'
    GROUP BY c.question
    HAVING max(c.asked) > 0
    UNION ALL
    SELECT 'index', index_name, NULL, avg(sum), NULL, NULL, NULL FROM index_scores WHERE {{here}} GROUP BY index_name
    UNION ALL
    SELECT 'pair', index_a, index_b, pearson, pearson_low, pearson_high, NULL
    FROM correlations
    WHERE {{here}} AND definition = 'sum' AND pearson IS NOT NULL
)
ORDER BY kind, {first}, {second}, name
"""
WIDE, TALL, RADIUS, ROOM = 460, 232, 88, 92


def framework(source: Source) -> Iterator[Section]:
    """The section; none if the edition has no framework."""
    if not source.survey.dimensions:
        return
    order = (in_order(column, source.survey.indices) for column in ("name", "other"))
    sql = source.sql(MEASURED_SQL.format(**dict(zip(("first", "second"), order, strict=True))))
    measured = source.ask(sql)
    known = {row["name"]: row for row in measured if row["kind"] == "question"}
    means = {row["name"]: row["value"] for row in measured if row["kind"] == "index"}
    pairs = [row for row in measured if row["kind"] == "pair"]
    dimensions = tuple(_dimension(source, key, known, means) for key in source.survey.dimensions)
    shown = source.joined(
        source.said(words.PAIR_R, pair=source.pair(row["name"], row["other"]), r=numbers.r(row["value"]))
        for row in pairs
    )
    figure = Framework(
        "figure-framework",
        say(words.FRAMEWORK_FIGURE),
        sql,
        measured,
        "answers",
        say(words.FRAMEWORK_ALT, correlations=shown or numbers.NOTHING),
        source.note,
        dimensions,
        *_graph(source, pairs),
    )
    sentence = say(words.FRAMEWORK_SAYS, figure=figure_ref("framework"))
    yield Section("framework", say(words.FRAMEWORK), (Paragraph((sentence,)), figure))


def _dimension(source: Source, key: str, known: dict[str, dict[str, Any]], means: dict[str, float]) -> Row:
    survey = source.survey
    dimension = survey.dimensions[key]
    parts = [
        {
            "title": source.word(title),
            "questions": [
                _question(source, name, known[name])
                for name, question in survey.questions.items()
                if (question.dimension, question.subdimension) == (key, sub) and name in known
            ],
        }
        for sub, title in dimension.subdimensions.items()
    ]
    return {"title": source.word(dimension), "indices": _of_dimension(source, key, means), "parts": parts}


def _of_dimension(source: Source, key: str, means: dict[str, float]) -> list[str]:
    """The indices that are built of the dimension's questions, with their means."""
    questions = source.survey.questions
    return [
        source.said(
            words.INDEX_MEAN,
            index=source.word(index),
            mean=numbers.decimal(1)(means[name]),
            size=sum(len(questions[asked].substantive) for asked in index.questions),
        )
        for name, index in source.survey.indices.items()
        if name in means and {questions[asked].dimension for asked in index.questions} == {key}
    ]


def _question(source: Source, name: str, row: Row) -> Row:
    question = source.survey.questions[name]
    return {
        "label": source.said(
            words.QUESTION_HEAD, number=question.number, label=source.word(short_caption(source.survey, name))
        ),
        "part": f"{100 * row['value'] / row['size']:.1f}",
        "figure": source.said(words.MEAN_OF, mean=numbers.decimal(1)(row["value"]), size=row["size"]),
    }


def _graph(source: Source, pairs: list[dict[str, Any]]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Edges and nodes of the indices, laid out on an ellipse that begins at the left."""
    names = list(source.survey.indices) if pairs else []
    places = {name: _place(at, len(names)) for at, name in enumerate(names)}
    edges = tuple(
        {
            "ends": (*places[row["name"]], *places[row["other"]]),
            "middle": tuple(sum(ends) / 2 for ends in zip(places[row["name"]], places[row["other"]], strict=True)),
            "wide": f"{1 + 5 * abs(row['value']):.1f}",
            "figure": numbers.r(row["value"]),
            "span": numbers.spread(row["low"], row["high"]),
        }
        for row in pairs
    )
    nodes = tuple({"at": places[name], "label": source.index(name)} for name in names)
    return edges, nodes


def _place(at: int, of: int) -> tuple[float, float]:
    """A point on an ellipse; three points have one at the top."""
    angle = 2 * math.pi * at / max(of, 1) - math.pi / 2
    across, up = WIDE / 2 - ROOM, RADIUS
    return round(WIDE / 2 + across * math.cos(angle), 1), round(TALL / 2 + 28 + up * math.sin(angle), 1)
