"""The published report against the warehouse, by verdict."""

from collections.abc import Iterator

from calm_pipeline.report import words
from calm_pipeline.report.model import Block, Paragraph, Section, say
from calm_pipeline.report.source import Source, quantity, table_ref, wording

KINDS_SQL = """
SELECT kind, count(*) AS figures, count(*) FILTER (WHERE verdict = 'reproduced') AS reproduced,
       count(*) FILTER (WHERE verdict = 'differs') AS differs,
       count(*) FILTER (WHERE verdict = 'not derivable') AS not_derivable
FROM reconciliation
WHERE {here}
GROUP BY kind
ORDER BY figures DESC, kind
"""
OTHERS_SQL = """
SELECT line, says_{lang} AS says, published, computed, verdict
FROM reconciliation
WHERE {here} AND verdict <> 'reproduced'
ORDER BY line, figure
"""


def reconciliation(source: Source) -> Iterator[Section]:
    """The section; none if nothing was published."""
    if not source.has("reconciliation"):
        return
    columns = [
        wording(words.KIND, "kind", source.coded(words.KINDS)),
        quantity(words.FIGURES, "figures"),
        quantity(words.RECONCILED_AS["reproduced"], "reproduced"),
        quantity(words.RECONCILED_AS["differs"], "differs"),
        quantity(words.RECONCILED_AS["not derivable"], "not_derivable"),
    ]
    kinds = source.table("reconciliation", say(words.RECONCILIATION_TABLE), KINDS_SQL, columns)
    listed = [
        quantity(words.LINE, "line"),
        wording(words.SAYS, "says"),
        wording(words.PUBLISHED, "published"),
        wording(words.COMPUTED, "computed"),
        wording(words.VERDICT, "verdict", source.coded(words.RECONCILED_AS)),
    ]
    others = source.table("not-reproduced", say(words.NOT_REPRODUCED), OTHERS_SQL, listed)
    sentence = say(words.RECONCILIATION_SAYS, table=table_ref("reconciliation"))
    blocks: list[Block] = [Paragraph((sentence,)), kinds]
    if others.rows:
        blocks += [Paragraph((say(words.NOT_REPRODUCED_SAYS, table=table_ref("not-reproduced")),)), others]
    else:
        blocks.append(Paragraph((say(words.ALL_REPRODUCED),)))
    yield Section("reconciliation", say(words.RECONCILIATION), tuple(blocks))
