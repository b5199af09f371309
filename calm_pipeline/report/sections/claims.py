"""The report's claims with their verdicts. What may not be printed as it stands is never printed as a finding."""

from collections.abc import Iterator

from calm_pipeline.report import numbers, words
from calm_pipeline.report.model import Block, Heading, Paragraph, Section, Verdicts, say
from calm_pipeline.report.source import Source, quantity, table_ref, wording

CLAIMS_SQL = """
SELECT says_{lang} AS says, line, verdict, basis, variants_basis, variants, variants_holding, share, printable,
       reason_{lang} AS reason
FROM claims
WHERE {here}
ORDER BY position
"""
TABLE_SQL = """
SELECT says_{lang} AS says, line, verdict, variants, variants_holding, variants_basis, basis
FROM claims
WHERE {here}
ORDER BY position
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
        quantity(words.VARIANTS, "variants"),
        quantity(words.HOLDING, "variants_holding"),
        wording(words.VARIANTS_FROM, "variants_basis", source.coded(words.BASES)),
        wording(words.BASIS, "basis", source.coded(words.BASES)),
    ]
    blocks.append(source.table("claims", say(words.CLAIM_TABLE), TABLE_SQL, columns))
    yield Section("claims", say(words.CLAIMS), tuple(blocks))


def _item(source: Source, row: dict[str, object]) -> dict[str, object]:
    facts = {
        "verdict": source.coded(words.VERDICTS)(row["verdict"]),
        "basis": source.coded(words.BASES)(row["basis"]),
        "variants": numbers.whole(row["variants"]),
        "holding": numbers.whole(row["variants_holding"]),
        "share": numbers.share(row["share"]),
    }
    template = words.VERDICT_OF if row["variants"] == 1 else words.VARIANTS_OF
    kind = str(row["verdict"]).replace(" ", "-")
    return {**row, "kind": kind, "facts": say(template, **facts)}
