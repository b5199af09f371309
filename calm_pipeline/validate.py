"""Who counts: violations of the rules, the status of every submission, and the submissions that are accepted.

received = accepted + quarantined + duplicate + dropped, always.
"""

from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from calm_pipeline.rules import Rule
from calm_pipeline.survey import Survey


def violations(verdicts: ir.Table, rules: list[Rule], survey: Survey) -> ir.Table:
    """Every broken rule of every submission: edition, submission_id, rule, severity."""
    touched = verdicts.filter(reduce(or_, (~verdicts[rule.id] for rule in rules), ibis.literal(False)))
    long = touched.pivot_longer([rule.id for rule in rules], names_to="rule", values_to="holds")
    broken = long.filter(~long.holds)
    severities = ((broken.rule == rule.id, rule.severity) for rule in rules if rule.severity != "error")
    return broken.select(
        "submission_id",
        "rule",
        edition=ibis.literal(survey.edition),
        severity=ibis.cases(*severities, else_="error"),
    ).select("edition", "submission_id", "rule", "severity")


def submissions(clean: ir.Table, violations: ir.Table, survey: Survey) -> ir.Table:
    """Every submission received, with its status; in the order of their names, as the engine joins in no order.

    dropped: a test or preview, or withdrawn by the desk. quarantined: breaks a rule of severity error. duplicate:
    valid, but its library sent the same answers again later. accepted: all others.
    """
    counts = violations.group_by("submission_id").agg(
        errors=(violations.severity == "error").sum(), warnings=(violations.severity != "error").sum()
    )
    joined = clean.left_join(counts, "submission_id")
    judged = joined.mutate(errors=joined.errors.fill_null(0), warnings=joined.warnings.fill_null(0))
    valid = (judged.errors == 0) & ~judged.not_counted
    latest = _latest(judged.filter(valid))
    final = judged.left_join(latest, "library_id")
    superseded = valid & (final.latest_id != final.submission_id)
    return final.select(
        "submission_id",
        "sequence",
        "file",
        "row",
        "respondent",
        "submitted_at",
        "duration_seconds",
        "library_id",
        "as_received",
        edition=ibis.literal(survey.edition),
        status=ibis.cases(
            (final.not_counted, "dropped"),
            (final.errors > 0, "quarantined"),
            (superseded, "duplicate"),
            else_="accepted",
        ),
        superseded_by=ibis.ifelse(superseded, final.latest_id, ibis.null(str)),
        errors=final.errors.cast("int64"),
        warnings=final.warnings.cast("int64"),
    ).order_by("submission_id")


def _latest(valid: ir.Table) -> ir.Table:
    """The last valid submission of each library; the platform's own number decides between equal times."""
    place = ibis.row_number().over(
        group_by=valid.library_id, order_by=[valid.submitted_at.desc(), valid.sequence.desc()]
    )
    ranked = valid.mutate(place=place)
    return ranked.filter(ranked.place == 0).select("library_id", latest_id="submission_id")


def accepted(clean: ir.Table, submissions: ir.Table) -> ir.Table:
    """The clean frame of the accepted submissions, in the order of their names."""
    kept = submissions.filter(submissions.status == "accepted")
    return clean.semi_join(kept, "submission_id").order_by("submission_id")
