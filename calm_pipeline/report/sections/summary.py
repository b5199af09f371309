"""The key figures, each with the place where it comes from."""

from collections.abc import Iterator

from calm_pipeline.report import numbers, words
from calm_pipeline.report.model import Bullets, Cards, Ref, Said, Section, say
from calm_pipeline.report.sections.base import TOTAL_SQL
from calm_pipeline.report.source import Source, table_ref

VERDICTS_SQL = """
SELECT count(*) AS figures, count(*) FILTER (WHERE verdict = 'reproduced') AS reproduced,
       count(*) FILTER (WHERE verdict = 'differs') AS differs,
       count(*) FILTER (WHERE verdict = 'not derivable') AS not_derivable
FROM reconciliation
WHERE {here}
"""
CLAIMS_SQL = "SELECT count(*) AS claims, count(*) FILTER (WHERE printable) AS printable FROM claims WHERE {here}"
ALL_TICK_SQL = """
SELECT coalesce(r.label_{lang}, o.label_{lang}) AS label
FROM option_counts c
JOIN options o USING (edition, question, option)
LEFT JOIN report_tables r USING (edition, question, option)
WHERE edition = '{edition}' AND c.count = c.asked AND c.asked > 0
ORDER BY o.question, o.position
"""
PAIRS_SQL = """
SELECT min(pearson) AS lowest, max(pearson) AS highest, count(*) FILTER (WHERE "distinct") AS apart,
       count("distinct") AS pairs
FROM correlations
WHERE {here} AND definition = 'sum'
"""


def summary(source: Source) -> Iterator[Section]:
    """The section."""
    cards = Cards(tuple(_cards(source)))
    yield Section("summary", say(words.SUMMARY), (cards, Bullets(tuple(_sentences(source)))))


def _cards(source: Source) -> Iterator[tuple[str, Said]]:
    received = source.value("SELECT count(*) FROM submissions WHERE {here}")
    yield numbers.whole(source.accepted), say(words.CARD_ACCEPTED, received=numbers.whole(received))
    if source.has("coverage"):
        row = source.rows(TOTAL_SQL)[0]
        population = numbers.whole(row["population"])
        yield numbers.share(row["response_rate"]), say(words.CARD_RATE, population=population)
    questions = source.value("SELECT count(*) FROM questions WHERE {here}")
    options = source.value("SELECT count(*) FROM options WHERE {here}")
    yield numbers.whole(questions), say(words.CARD_QUESTIONS, options=numbers.whole(options))
    if source.has("reconciliation"):
        found = {name: numbers.whole(value) for name, value in source.rows(VERDICTS_SQL)[0].items()}
        yield found["reproduced"], say(words.CARD_REPRODUCED, figures=found["figures"], differs=found["differs"])
    if source.has("claims"):
        found = {name: numbers.whole(value) for name, value in source.rows(CLAIMS_SQL)[0].items()}
        yield found["printable"], say(words.CARD_CLAIMS, claims=found["claims"])


def _sentences(source: Source) -> Iterator[Said]:
    if ticked := source.rows(ALL_TICK_SQL):
        yield say(words.EVERYBODY_TICKS, options=source.joined(row["label"] for row in ticked))
    matrices = [name for name, table in source.survey.tables.items() if table.correlates]
    if matrices and source.has("correlations"):
        row = source.rows(PAIRS_SQL)[0]
        ends = {name: numbers.r(row[name]) for name in ("lowest", "highest")}
        yield say(words.INDICES_SUMMARY, **ends, table=table_ref(matrices[0]))
        if row["pairs"]:
            counted = {name: numbers.whole(row[name]) for name in ("apart", "pairs")}
            yield say(words.DISTINCT_SUMMARY, **counted, section=Ref("attenuation"))
    if source.has("reconciliation"):
        found = {name: numbers.whole(value) for name, value in source.rows(VERDICTS_SQL)[0].items()}
        yield say(words.RECONCILED, **found, section=Ref("reconciliation"))
    if source.has("claims"):
        found = {name: numbers.whole(value) for name, value in source.rows(CLAIMS_SQL)[0].items()}
        yield say(words.CLAIMS_SUMMARY, **found, section=Ref("claims"))
