"""Appendices: the options as items of the indices, the raw files, and the SQL behind every table and figure."""

from collections.abc import Iterator
from dataclasses import replace

from calm_pipeline.report import numbers, words
from calm_pipeline.report.model import Paragraph, Queries, Section, say
from calm_pipeline.report.source import REPORT_LABEL, REPORT_ROWS, Source, in_order, quantity, table_ref, wording

ITEMS_SQL = """
SELECT i.index_name, q.number, {label} AS label, i.share, i.varies, i.item_rest, i.alpha_without
FROM index_items i
JOIN questions q USING (edition, question)
JOIN options o USING (edition, question, option)
{printed}
WHERE i.edition = '{{edition}}'
ORDER BY {order}, q.number, o.position
"""
SOURCES_SQL = """
SELECT file, bytes, rows, verdict, sha256
FROM files
WHERE {here}
ORDER BY file
"""


def items(source: Source) -> Iterator[Section]:
    """The items of the indices; none where there are no indices."""
    if not source.has("index_items"):
        return
    columns = [
        quantity(words.QUESTION, "number", lambda value: source.said(words.Q, number=value)),
        wording(words.OPTION, "label"),
        quantity(words.SHARE, "share", numbers.share),
        wording(words.VARIES, "varies", source.coded(words.VARYING)),
        quantity(words.ITEM_REST, "item_rest", numbers.r),
        quantity(words.KR20_WITHOUT, "alpha_without", numbers.decimal(3)),
    ]
    statement = ITEMS_SQL.format(
        order=in_order("i.index_name", source.survey.indices), label=REPORT_LABEL, printed=REPORT_ROWS
    )
    table = source.table("items", say(words.ITEMS_TABLE), statement, columns, group="index_name")
    if any(not numbers.missing(row["alpha_without"]) and row["alpha_without"] < 0 for row in table.rows):
        table = replace(table, notes=(say(words.NEGATIVE_NOTE),))
    sentence = say(words.ITEMS_SAY, table=table_ref("items"))
    yield Section("items", say(words.ITEMS_APPENDIX), (Paragraph((sentence,)), table), appendix=True)


def sources(source: Source) -> Iterator[Section]:
    """The exports with their digests."""
    columns = [
        wording(words.FILE, "file"),
        quantity(words.BYTES, "bytes"),
        quantity(words.ROWS, "rows"),
        wording(words.READ, "verdict", source.coded(words.FILE_VERDICTS)),
        wording(words.SHA256, "sha256"),
    ]
    table = source.table("sources", say(words.SOURCES_TABLE), SOURCES_SQL, columns)
    sentence = say(words.SOURCES_SAY, table=table_ref("sources"))
    yield Section("sources", say(words.SOURCES), (Paragraph((sentence,)), table), appendix=True)


def queries(_source: Source) -> Iterator[Section]:
    """The SQL of every table and figure."""
    sentence = say(words.QUERIES_SAY, database=words.DATABASE, command=words.COMMAND)
    yield Section("queries", say(words.QUERIES), (Paragraph((sentence,)), Queries()), appendix=True)
