"""What the figures rest on: what became of the submissions, and who answered of those who could."""

from collections.abc import Iterator
from dataclasses import replace

from calm_pipeline.report import charts, numbers, words
from calm_pipeline.report.model import Block, Figure, Paragraph, Ref, Row, Said, Section, say
from calm_pipeline.report.source import Source, between, figure_ref, quantity, table_ref, wording

STATUS_SQL = """
SELECT status, count(*) AS submissions, status AS meaning
FROM submissions
WHERE {here}
GROUP BY status
ORDER BY list_position(['accepted', 'quarantined', 'duplicate', 'dropped'], status)
"""
COVERAGE_SQL = """
SELECT label_{{lang}} AS label, population, respondents, response_rate, rate_low, rate_high,
       population_share, respondent_share, difference
FROM coverage
WHERE {{here}} AND grouped_by = '{grouping}'
ORDER BY position
"""
FACTS_SQL = """
SELECT grouped_by, any_value(chi_square) AS chi_square, any_value(freedom) AS freedom, any_value(p) AS p,
       any_value(smallest_expected) AS smallest_expected
FROM coverage
WHERE {here} AND grouped_by <> 'total' AND chi_square IS NOT NULL
GROUP BY grouped_by
"""
TOTAL_SQL = """SELECT * FROM coverage WHERE {here} AND grouped_by = 'total'"""
GROUPINGS = ("staff_band", "type", "province")
LEAST_EXPECTED = 5
"""Smallest expected count with which the chi-square distribution is relied on."""


def base(source: Source) -> Iterator[Section]:
    """The section about the base."""
    parts = [_submissions(source)]
    if source.has("coverage"):
        parts.append(_coverage(source))
    yield Section("base", say(words.ABOUT_BASE), (), tuple(parts))


def _submissions(source: Source) -> Section:
    received = source.value("SELECT count(*) FROM submissions WHERE {here}")
    facts = {"received": numbers.whole(received), "accepted": numbers.whole(source.accepted)}
    sentence = say(words.SUBMISSIONS_SAY, **facts, table=table_ref("status"), section=Ref("methods"))
    columns = [
        wording(words.STATUS, "status", source.coded(words.STATUSES)),
        quantity(words.COUNT, "submissions"),
        wording(words.MEANING, "meaning", source.coded(words.STATUS_MEANINGS)),
    ]
    table = source.table("status", say(words.STATUS_TABLE), STATUS_SQL, columns)
    return Section("submissions", say(words.SUBMISSIONS), (Paragraph((sentence,)), table))


def _coverage(source: Source) -> Section:
    total = source.rows(TOTAL_SQL)[0]
    sentence = say(
        words.COVERAGE_SAYS,
        respondents=numbers.whole(total["respondents"]),
        population=numbers.whole(total["population"]),
        rate=numbers.share(total["response_rate"]),
        interval=numbers.interval(total["rate_low"], total["rate_high"]),
        correction=numbers.r(total["finite_population_correction"]),
        level=numbers.LEVEL,
    )
    tests = [said for row in source.rows(FACTS_SQL) for said in _test(source, row)]
    blocks: list[Block] = [Paragraph((sentence, *tests))]
    for grouping in GROUPINGS:
        blocks += _grouping(source, grouping)
    return Section("coverage", say(words.COVERAGE), tuple(blocks))


def _test(source: Source, row: Row) -> Iterator[Said]:
    yield say(
        words.COVERAGE_TEST,
        grouping=source.word(words.GROUPINGS[row["grouped_by"]]),
        chi=numbers.decimal(1)(row["chi_square"]),
        freedom=numbers.whole(row["freedom"]),
        p=numbers.compared(row["p"]),
        expected=numbers.decimal(1)(row["smallest_expected"]),
    )
    if row["smallest_expected"] < LEAST_EXPECTED:
        yield say(words.COVERAGE_WARNING, least=LEAST_EXPECTED)


def _grouping(source: Source, grouping: str) -> list[Block]:
    name = source.word(words.GROUPINGS[grouping])
    columns = [
        wording(words.GROUP, "label"),
        quantity(words.ELIGIBLE, "population"),
        quantity(words.ANSWERED, "respondents"),
        quantity(words.RATE, "response_rate", numbers.share),
        between(words.INTERVAL, "rate_low", "rate_high"),
        quantity(words.IN_POPULATION, "population_share", numbers.share),
        quantity(words.IN_RESPONDENTS, "respondent_share", numbers.share),
        quantity(words.DIFFERENCE_POINTS, "difference", numbers.points),
    ]
    key = f"coverage-{grouping}"
    statement = COVERAGE_SQL.format(grouping=grouping)
    table = source.table(key, say(words.COVERAGE_TABLE, grouping=name), statement, columns)
    shown = [row for row in table.rows if not numbers.missing(row["respondents"])]
    if len(shown) < len(table.rows):
        table = replace(table, notes=(say(words.COVERAGE_HIDDEN, least=source.stamp.threshold),))
    if not shown:
        return [table] if table.rows else []
    rows = [
        {
            "label": row["label"],
            "figure": numbers.share(row["response_rate"]),
            "share": row["response_rate"],
            "low": row["rate_low"],
            "high": row["rate_high"],
            "count": row["respondents"],
            "asked": row["population"],
        }
        for row in shown
    ]
    tips = {
        "name": source.word(words.TIP_CATEGORY),
        "counted": source.word(words.TIP_RESPONDED),
        "figure": source.word(words.TIP_RATE),
        "interval": source.said(words.TIP_INTERVAL, level=numbers.LEVEL),
    }
    labels = [row["label"] for row in rows]
    alt = say(words.BARS_ALT, options=len(rows), first=labels[0], last=labels[-1], table=table_ref(key))
    caption = say(words.COVERAGE_FIGURE, grouping=name, level=numbers.LEVEL)
    figure = Figure(
        figure_ref(key).key, caption, table.sql, table.rows, "answers", alt, (charts.bars(rows, tips, source.note),)
    )
    return [figure, table]
