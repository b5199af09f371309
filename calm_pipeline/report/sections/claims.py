"""The report's claims with their verdicts. What may not be printed as it stands is never printed as a finding."""

from collections.abc import Iterator
from typing import Any

from calm_pipeline.report import numbers, words
from calm_pipeline.report.model import Block, Column, Heading, Paragraph, Section, Verdicts, say
from calm_pipeline.report.source import Source, quantity, table_ref, wording
from calm_pipeline.survey import Words

TESTED_SQL = """
FROM claims c
LEFT JOIN (
    SELECT claim, nullif(count(*) FILTER (WHERE basis = 'printed figures'), 0) AS printed,
           sum(holds::INTEGER) FILTER (WHERE basis = 'printed figures') AS printed_holding,
           nullif(count(*) FILTER (WHERE basis <> 'printed figures'), 0) AS others,
           sum(holds::INTEGER) FILTER (WHERE basis <> 'printed figures') AS others_holding
    FROM claim_variants
    WHERE {here}
    GROUP BY claim
) USING (claim)
WHERE c.{here}
ORDER BY c.position
"""
CLAIMS_SQL = f"""
SELECT c.says_{{lang}} AS says, c.verdict, c.basis, c.printable, c.reason_{{lang}} AS reason, printed, printed_holding,
       others, others_holding
{TESTED_SQL.strip()}
"""
TABLE_SQL = f"""
SELECT c.says_{{lang}} AS says, c.line, c.verdict, printed, printed_holding, others, others_holding
{TESTED_SQL.strip()}
"""
THRESHOLD = "95%"


def claims(source: Source) -> Iterator[Section]:
    """The section; none if no claims are declared."""
    if not source.has("claims"):
        return
    rows = [_item(source, row) for row in source.rows(CLAIMS_SQL)]
    printable = tuple(row for row in rows if row["printable"])
    others = tuple(row for row in rows if not row["printable"])
    blocks: list[Block] = [Paragraph((say(words.CLAIMS_SAY, threshold=THRESHOLD, table=table_ref("claims")),))]
    blocks.append(Heading(say(words.MAY_BE_PRINTED)))
    blocks.append(Verdicts(printable) if printable else Paragraph((say(words.NONE_PRINTABLE),)))
    if others:
        blocks += [Heading(say(words.MAY_NOT)), Verdicts(others)]
    columns = [
        wording(words.CLAIM, "says"),
        quantity(words.LINE, "line"),
        wording(words.VERDICT, "verdict", source.coded(words.VERDICTS)),
        _holding(source, "printed", words.BASES["printed figures"]),
        _holding(source, "others", _answers(source)),
    ]
    blocks.append(source.table("claims", say(words.CLAIM_TABLE), TABLE_SQL, columns, "each"))
    yield Section("claims", say(words.CLAIMS), tuple(blocks))


def _answers(source: Source) -> Words:
    return words.BASES["reconstruction" if source.reconstructed else "answers"]


def _holding(source: Source, name: str, basis: Words) -> Column:
    """How many of the variants that rest on one basis bear the claim; a dash where there are none."""

    def shown(holding: int | None, variants: int | None) -> str:
        return numbers.NOTHING if variants is None else source.said(words.OF, part=holding, whole=variants)

    return Column((f"{name}_holding", name), say(words.HOLD_ON, basis=source.word(basis)), shown)


def _item(source: Source, row: dict[str, Any]) -> dict[str, Any]:
    bases = {"printed": words.BASES["printed figures"], "others": _answers(source)}
    parts = [_part(source, row, name, basis) for name, basis in bases.items() if row[name]]
    verdict = source.coded(words.VERDICTS)(row["verdict"])
    joined = source.word(words.STOP).join(parts or [source.word(words.NO_VARIANT)])
    marks = [basis for basis, name in (("printed", "printed"), ("answers", "others")) if row[name]]
    facts = say(words.VERDICT_OF, verdict=verdict, parts=joined)
    return {**row, "kind": str(row["verdict"]).replace(" ", "-"), "facts": facts, "marks": marks}


def _part(source: Source, row: dict[str, Any], name: str, basis: Words) -> str:
    """What the variants that rest on one basis say."""
    holding, variants = int(row[f"{name}_holding"]), int(row[name])
    if variants == 1:
        return source.said(words.HELD[bool(holding)], basis=source.word(basis))
    return source.said(words.HOLDING, basis=source.word(basis), holding=holding, variants=variants)
