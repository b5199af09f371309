"""Whether two years may be compared, and what stands against it: said once where it is so for a table or a group."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from calm_pipeline.report import words
from calm_pipeline.report.model import Block, Column, Paragraph, Row, Table, say
from calm_pipeline.report.source import GAPS, Source, table_ref

SENTENCE = re.compile(r"\S[^.。]*[.。]")


def comparable(source: Source) -> Column:
    """Whether the years may be compared; below, what stands against it in this row alone."""

    def shown(change: str, answer: str, reason: str) -> str:
        said = source.coded(words.COMPARABLES)(answer)
        if change in words.IN_ONE_ONLY:
            said = source.said(words.NOT_IN_BOTH, answer=said, series=source.word(words.IN_ONE_ONLY[change]))
        return f"{said}\n{reason}".strip()

    return Column(("change", "comparable", "of_row"), say(words.COMPARABLE), shown, numeric=False)


def with_reasons(source: Source, key: str, table: Table) -> Iterator[Block]:
    """What stands against every comparison of the table, then the table with the rest in its groups and rows."""
    found = [SENTENCE.findall(row["reason"] or "") for row in table.rows]
    groups: dict[str, list[list[str]]] = {}
    for row, reasons in zip(table.rows, found, strict=True):
        groups.setdefault(row[str(table.group)], []).append(reasons)
    everywhere, of_group = _shared(found), {name: _shared(reasons) for name, reasons in groups.items()}
    if everywhere:
        yield Paragraph((say(words.TREND_EVERYWHERE, table=table_ref(key), reason=_joined(source, everywhere)),))

    def parted(row: Row, reasons: Sequence[str]) -> Row:
        group = of_group[row[str(table.group)]]
        rest = {"of_group": _without(group, everywhere), "of_row": _without(reasons, group)}
        return {**row, **{name: _joined(source, left) for name, left in rest.items()}}

    rows = [parted(row, reasons) for row, reasons in zip(table.rows, found, strict=True)]
    yield replace(table, rows=rows, about="of_group")


def _shared(found: Sequence[Sequence[str]]) -> list[str]:
    return [reason for reason in found[0] if all(reason in others for others in found)] if found else []


def _without(reasons: Sequence[str], said: Sequence[str]) -> list[str]:
    return [reason for reason in reasons if reason not in said]


def _joined(source: Source, reasons: Sequence[str]) -> str:
    return GAPS[source.lang].join(reasons)
