"""Correlations between the indices: the matrix as printed, then what a referee asks for."""

from collections.abc import Iterator, Sequence

from calm_pipeline.report import charts, numbers, words
from calm_pipeline.report.model import Block, Column, Figure, Paragraph, Ref, Row, Section, Table, say
from calm_pipeline.report.source import Source, between, figure_ref, in_order, of_what, quantity, table_ref, wording

MATRIX_SQL = """
SELECT index_row, {columns}
FROM report_tables
WHERE {{here}} AND report_table = '{table}'
GROUP BY index_row
ORDER BY min(position)
"""
PEARSON_SQL = """
SELECT definition, index_a, index_b, n, pearson, pearson_low, pearson_high, bootstrap_low, bootstrap_high, pearson_holm
FROM correlations
WHERE {{here}}
ORDER BY {definitions}, {order}
"""
OTHERS_SQL = """
SELECT definition, index_a, index_b, spearman, spearman_low, spearman_high, spearman_holm, partial, partial_low,
       partial_high, partial_holm
FROM correlations
WHERE {{here}}
ORDER BY {definitions}, {order}
"""
DISATTENUATED_SQL = """
SELECT index_a, index_b, pearson, disattenuated, disattenuated_low, disattenuated_high, "distinct"
FROM correlations
WHERE {{here}} AND definition = 'sum'
ORDER BY {order}
"""
DOTS_SQL = """
SELECT index_a, index_b, pearson, pearson_low, pearson_high, spearman, spearman_low, spearman_high, partial,
       partial_low, partial_high, disattenuated, disattenuated_low, disattenuated_high
FROM correlations
WHERE {{here}} AND definition = 'sum'
ORDER BY {order}
"""
KINDS = {
    "pearson": (words.PEARSON_SHORT, "pearson_low", "pearson_high"),
    "spearman": (words.SPEARMAN, "spearman_low", "spearman_high"),
    "partial": (words.PARTIAL, "partial_low", "partial_high"),
    "disattenuated": (words.DISATTENUATED, "disattenuated_low", "disattenuated_high"),
}


def correlations(source: Source) -> Iterator[Section]:
    """The matrix with its picture, the pairs under every definition, and the pairs without measurement error."""
    if not source.has("correlations"):
        return
    order = f"{in_order('index_a', source.survey.indices)}, {in_order('index_b', source.survey.indices)}"
    definitions = in_order("definition", words.DEFINITIONS)
    matrix = [block for name in _matrices(source) for block in _matrix(source, name)]
    filled = {"order": order, "definitions": definitions}
    pearson = source.table("correlations", say(words.PEARSON_TABLE), PEARSON_SQL.format(**filled), _pearson(source))
    others = source.table("ranks", say(words.OTHERS_TABLE), OTHERS_SQL.format(**filled), _others(source))
    sentence = say(words.CORRELATIONS_SAY, table=table_ref("correlations"), others=table_ref("ranks"))
    dots = _dots(source, order)
    sentences = (say(words.MATRIX_SAYS), sentence) if matrix else (sentence,)
    blocks = (Paragraph(sentences), *matrix, dots, pearson, others)
    yield Section("correlations", say(words.CORRELATIONS), blocks)
    yield Section("attenuation", say(words.ATTENUATION), tuple(_attenuation(source, order)))


def _pair(source: Source) -> Column:
    return Column(("index_a", "index_b"), say(words.PAIR_HEAD), source.pair, numeric=False)


def _pearson(source: Source) -> list[Column]:
    return [
        wording(words.DEFINITION, "definition", source.coded(words.DEFINITIONS)),
        _pair(source),
        quantity(words.N, "n"),
        quantity(words.PEARSON, "pearson", numbers.r),
        between(words.FISHER, "pearson_low", "pearson_high", numbers.spread),
        between(words.BOOTSTRAP, "bootstrap_low", "bootstrap_high", numbers.spread),
        quantity(words.P_HOLM, "pearson_holm", numbers.probability),
    ]


def _others(source: Source) -> list[Column]:
    return [
        wording(words.DEFINITION, "definition", source.coded(words.DEFINITIONS)),
        _pair(source),
        quantity(words.SPEARMAN, "spearman", numbers.r),
        of_what(source, words.INTERVAL_OF, words.SPEARMAN, ("spearman_low", "spearman_high"), numbers.spread),
        of_what(source, words.P_HOLM_OF, words.SPEARMAN, ("spearman_holm",), numbers.probability),
        quantity(words.PARTIAL, "partial", numbers.r),
        of_what(source, words.INTERVAL_OF, words.PARTIAL, ("partial_low", "partial_high"), numbers.spread),
        of_what(source, words.P_HOLM_OF, words.PARTIAL, ("partial_holm",), numbers.probability),
    ]


def _matrices(source: Source) -> list[str]:
    return [name for name, table in source.survey.tables.items() if table.correlates]


def _matrix(source: Source, name: str) -> Iterator[Block]:
    declared = source.survey.tables[name]
    cells = [f"max(printed) FILTER (WHERE index_column = '{index}') AS \"{index}\"" for index in declared.correlates]
    columns = [wording(words.INDEX, "index_row", source.index)]
    columns += [quantity(source.survey.indices[index], index, numbers.text) for index in declared.correlates]
    notes = []
    if declared.caption:
        notes = [say(words.PRINTED_AS, caption=declared.caption, cited=declared.cited or declared.caption)]
    statement = MATRIX_SQL.format(columns=", ".join(cells), table=name)
    caption = say(words.AS_IT_IS, text=source.word(declared))
    table = source.table(name, caption, statement, columns, notes=notes)
    yield _heat_map(source, name, table, list(declared.correlates))
    yield table


def _heat_map(source: Source, name: str, table: Table, indices: list[str]) -> Figure:
    cells = [
        {
            "row": source.index(row["index_row"]),
            "column": source.index(index),
            "value": float(row[index]),
            "figure": row[index],
        }
        for row in table.rows
        for index in indices
        if row[index] is not None
    ]
    pairs = [cell for cell in cells if cell["row"] < cell["column"]]
    shown = [
        source.said(words.PAIR_R, pair=source.said(words.PAIR, a=cell["row"], b=cell["column"]), r=cell["figure"])
        for cell in pairs
    ]
    panel = charts.heat_map(cells, source.word(words.PEARSON), source.note)
    alt = say(words.HEAT_ALT, pairs=source.joined(shown))
    return Figure(figure_ref(name).key, say(words.HEAT_FIGURE), table.sql, table.rows, "answers", alt, (panel,))


def _dots(source: Source, order: str) -> Figure:
    sql = source.sql(DOTS_SQL.format(order=order))
    rows = source.ask(sql)
    panels = []
    for row in rows:
        lines = [_line(source.word(head), row, name, low, high) for name, (head, low, high) in KINDS.items()]
        axis = {"title": "r", "domain": _domain(rows), "reference": 1}
        panels.append(charts.dots(lines, axis, source.note_short, source.pair(row["index_a"], row["index_b"])))
    alt = say(words.CORRELATION_DOTS_ALT, table=table_ref("correlations"))
    caption = say(words.CORRELATION_DOTS, level=numbers.LEVEL)
    return Figure("figure-correlations", caption, sql, rows, "answers", alt, tuple(panels), across=3)


def _domain(rows: Sequence[Row]) -> list[float]:
    """Nothing to one, or as far as the intervals reach."""
    ends = (row[name] for row in rows for _, *bounds in KINDS.values() for name in bounds)
    return charts.domain(ends, 0.0, 1.05)


def _line(label: str, row: Row, name: str, low: str, high: str) -> Row:
    figure = f"{numbers.r(row[name])} {numbers.spread(row[low], row[high])}"
    return charts.dot(label, (row[name], row[low], row[high]), figure)


def _attenuation(source: Source, order: str) -> Iterator[Block]:
    columns = [
        _pair(source),
        quantity(words.PEARSON, "pearson", numbers.r),
        quantity(words.DISATTENUATED, "disattenuated", numbers.r),
        between(words.INTERVAL, "disattenuated_low", "disattenuated_high", numbers.spread),
        wording(words.DISTINCT, "distinct", source.coded(words.DISTINCTS)),
    ]
    table = source.table("attenuation", say(words.DISATTENUATION_TABLE), DISATTENUATED_SQL.format(order=order), columns)
    judged = [row for row in table.rows if row["distinct"] is not None]
    if not judged:
        yield Paragraph((say(words.NOT_DISATTENUATED),))
        yield from () if all(numbers.missing(row["disattenuated"]) for row in table.rows) else (table,)
        return
    flagged = [row for row in judged if not row["distinct"]]
    facts = {"apart": len(judged) - len(flagged), "pairs": len(judged), "table": table_ref("attenuation")}
    sentences = [say(words.DISATTENUATION_SAYS, **facts)]
    for row in flagged:
        sentences.append(say(words.NOT_DISTINCT, a=source.index(row["index_a"]), b=source.index(row["index_b"])))
    if source.has("claims"):
        sentences.append(say(words.DISTINCT_BY_SUM, section=Ref("claims")))
    yield Paragraph(tuple(sentences))
    yield table
