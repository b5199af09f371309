"""The rule frame: every rule's verdict on every submission."""

from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from calm_pipeline.rules.rule import Rule


def verdicts(clean: ir.Table, rules: list[Rule]) -> ir.Table:
    """Evaluate the rules.

    Returns:
        One row a submission that is not a test: submission_id and one boolean column a rule, true where it holds.
    """
    judged = clean.filter(~clean.not_counted)
    masks = {rule.id: rule.holds(judged).fill_null(True) for rule in rules if rule.holds}
    alone = judged.select("submission_id", "library_id", "content", **masks)
    valid = reduce(and_, (alone[rule.id] for rule in rules if rule.holds and rule.severity == "error"))
    across = _agreeing(alone.mutate(said=ibis.ifelse(valid, alone.content, ibis.null(str))))
    return across.select(
        "submission_id", **{rule.id: across[rule.id] if rule.holds else across.agreeing for rule in rules}
    )


def _agreeing(frame: ir.Table) -> ir.Table:
    """Whether a valid submission says the same as the other valid submissions of its library."""
    versions = frame.group_by("library_id").agg(versions=frame.said.nunique())
    joined = frame.left_join(versions, "library_id")
    return joined.mutate(agreeing=(joined.said.isnull() | (joined.versions <= 1)).fill_null(True))
