"""What must hold between stages, as findings: a verdict, a sentence and figures, never a value of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir
import pandera.pandas as pandera
from pandera.errors import SchemaErrors

from calm_pipeline.engine import collect, value
from calm_pipeline.rules import Rule
from calm_pipeline.store import breaches
from calm_pipeline.tables import Contract


@dataclass(frozen=True)
class Finding:
    """Whether something holds, in a sentence, with the figures behind it."""

    holds: bool
    sentence: str
    figures: Mapping[str, int] = field(default_factory=dict)


def contract(table: ir.Table, promised: Contract) -> Finding:
    """The stored table keeps its contract."""
    found = breaches(table, promised)
    return Finding(not found, "; ".join(map(str, found)) or "the contract holds", {"breaches": len(found)})


def every_file_read(files: ir.Table) -> Finding:
    """No export was refused, and there is at least one."""
    rows = collect(files)
    refused = rows[rows["verdict"] == "refused"]
    reasons = [reason for pair in zip(refused["reason_en"], refused["reason_zh"], strict=True) for reason in pair]
    nothing = "there is no export for this edition in data/raw\ndata/raw 中没有该年度的导出文件"
    sentence = "\n".join(dict.fromkeys(reasons)) if len(rows) else nothing
    return Finding(
        len(rows) > 0 and refused.empty,
        sentence or "every export was read",
        {"files": len(rows), "refused": len(refused)},
    )


def conservation(files: ir.Table, raw: ir.Table, submissions: ir.Table) -> Finding:
    """received = accepted + quarantined + duplicate + dropped + rejected, and no submission was made up or doubled.

    Received are the submissions read and those of refused files; rejected are the latter.
    """
    by_status = collect(submissions.group_by("status").agg(n=submissions.count()))
    found = dict.fromkeys(("accepted", "quarantined", "duplicate", "dropped"), 0)
    found |= dict(zip(by_status["status"], map(int, by_status["n"]), strict=True))
    refused = files.filter(files.verdict == "refused")
    found["rejected"] = int(value(refused.rows.sum()) or 0)
    received = int(value(raw.count())) + found["rejected"]
    strangers = int(value(submissions.anti_join(raw, "submission_id").count()))
    holds = received == sum(found.values()) and strangers == 0
    terms = " + ".join(f"{n} {status}" for status, n in found.items())
    return Finding(holds, f"{received} received {'=' if holds else '≠'} {terms}", {"received": received, **found})


def keep_every_rule(accepted: ir.Table, verdicts: ir.Table, rules: list[Rule]) -> Finding:
    """Every rule of severity error holds for every accepted submission; Pandera looks at the rule frame, summed up."""
    errors = [rule.id for rule in rules if rule.severity == "error"]
    frame = verdicts.semi_join(accepted, "submission_id")
    held = collect(frame.agg(**{rule: frame[rule].all().fill_null(True) for rule in errors}))
    try:
        pandera.DataFrameSchema({rule: pandera.Column(bool, pandera.Check.eq(True)) for rule in errors}).validate(
            held, lazy=True
        )
    except SchemaErrors as found:
        broken = sorted({str(error.schema.name) for error in found.schema_errors})
        return Finding(False, f"accepted although broken: {', '.join(broken)}", {"rules": len(errors)})
    return Finding(True, "every accepted submission keeps every rule", {"rules": len(errors)})


def reproduces_the_report(reconciliation: ir.Table) -> Finding:
    """No published figure differs from the computed one."""
    verdicts = collect(reconciliation)["verdict"].value_counts()
    figures = {name: int(verdicts.get(name, 0)) for name in ("reproduced", "differs", "not derivable")}
    sentence = ", ".join(f"{n} {name}" for name, n in figures.items())
    return Finding(figures["differs"] == 0, sentence, {name.replace(" ", "_"): n for name, n in figures.items()})
