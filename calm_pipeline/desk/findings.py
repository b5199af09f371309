"""What the desk has to deal with: each broken rule beside what was received, and the answers to review."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from calm_pipeline import columns
from calm_pipeline.rules import Rule
from calm_pipeline.rules.review import Row, smallest_review
from calm_pipeline.survey import Field, Survey

FINDING: dict[str, pa.DataType] = {
    **dict.fromkeys(("edition", "submission_id", "rule", "severity", "fingerprint", "received"), pa.string()),
    "beyond_answers": pa.bool_(),
}
REVIEW: dict[str, pa.DataType] = {
    "edition": pa.string(),
    "submission_id": pa.string(),
    "field": pa.string(),
    "position": pa.int64(),
}
SHORT, UNLIKE = 16, " ≠ "
AT_ONCE = 1000
"""How many rows are Python objects at a time: each has hundreds of cells."""


def findings(raw: ir.Table, violations: ir.Table, rules: Sequence[Rule], survey: Survey) -> pa.Table:
    """One row a broken rule that somebody has to be asked about (severity error or confirm).

    Columns: edition, submission_id, rule, severity, fingerprint (equal as long as submission, rule and what was
    received stay the same), received (masked as in the raw frame), beyond_answers (no change of answers mends it).
    """
    known = {rule.id: rule for rule in rules}
    fields = {field.name: field for field in survey.fields()}
    asked = violations.filter(violations.severity != "warn")
    rows = [
        _finding(row, known[rule], fields, survey.edition)
        for row, broken in _concerned(raw, asked)
        for rule in sorted(broken)
    ]
    return pa.Table.from_pylist(rows, pa.schema(list(FINDING.items())))


def _concerned(table: ir.Table, violations: ir.Table) -> Iterator[tuple[Row, set[str]]]:
    """Each row of a wide table in which rules are broken, one after the other, and which."""
    broken: dict[str, set[str]] = defaultdict(set)
    for one in violations.select("submission_id", "rule").to_pyarrow().to_pylist():
        broken[one["submission_id"]].add(one["rule"])
    found = table.semi_join(violations, "submission_id").order_by("submission_id").to_pyarrow()
    for batch in found.to_batches(AT_ONCE):
        for row in batch.to_pylist():
            yield row, broken[row["submission_id"]]


def _finding(row: Row, rule: Rule, fields: Mapping[str, Field], edition: str) -> dict[str, Any]:
    concerned = [received(row, fields[name]) for name in rule.fields if name in fields]
    if not concerned:
        concerned = [row["submitted_at"] or ""]
    submission = row["submission_id"]
    return {
        "edition": edition,
        "submission_id": submission,
        "rule": rule.id,
        "severity": rule.severity,
        "fingerprint": fingerprint(submission, rule.id, *concerned),
        "received": concerned[0],
        "beyond_answers": rule.beyond_answers,
    }


def fingerprint(*parts: str) -> str:
    """The name of a finding, by which it is known from run to run."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:SHORT]


def received(row: Row, field: Field) -> str:
    """What stands in the exports for a field, in words; both cells where they do not say the same."""
    text, by_number = apart(row, field)
    return text if by_number is None else f"{text}{UNLIKE}{by_number}"


def apart(row: Row, field: Field) -> tuple[str, str | None]:
    """What the exports say for a field, in words; the second is what the one by number says if it is not the same."""
    text, number = row[field.name], row[columns.number(field.name)]
    spoken = None if number is None else _in_words(number, field)
    if text is None or spoken is None:
        return text or spoken or "", None
    differs = bool(field.options or field.type == "integer") and spoken != text and "〖" not in text
    return text, spoken if differs else None


def _in_words(cell: str, field: Field) -> str:
    """A by-number cell with the labels of its options; as it stands where it does not follow the pattern."""
    labels, parts = [option.zh for option in field.options.values()], cell.split("┋")
    if field.type == "multiple" and len(parts) == len(labels) and set(parts) <= {"0", "1"}:
        return "┋".join(label for label, part in zip(labels, parts, strict=True) if part == "1") or "(空)"
    if field.type == "single" and cell.isdecimal() and 0 < int(cell) <= len(labels):
        return labels[int(cell) - 1]
    return {"-3": "(跳过)", "-2": "(空)"}.get(parts[0], cell) if field.options else cell


def reviews(clean: ir.Table, violations: ir.Table, rules: Sequence[Rule], survey: Survey) -> pa.Table:
    """The smallest set of answers to change for each submission with errors: edition, submission_id, field, position.

    A submission that no change of answers mends has no row.
    """
    errors = violations.filter(violations.severity == "error")
    rows = [
        {"edition": survey.edition, "submission_id": row["submission_id"], "field": name, "position": position}
        for row, broken in _concerned(clean, errors)
        for position, name in enumerate(smallest_review(survey, rules, row, broken).fields, 1)
    ]
    return pa.Table.from_pylist(rows, pa.schema(list(REVIEW.items())))
