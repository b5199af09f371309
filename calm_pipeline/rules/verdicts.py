"""The rule frame: every rule's verdict on every submission."""

from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.rules.rule import Rule


def verdicts(clean: ir.Table, rules: list[Rule], last: ir.Table | None = None) -> ir.Table:
    """Evaluate the rules.

    Args:
        clean: the clean frame.
        rules: the rules of its edition.
        last: what libraries said in the edition before: library_id, and the numbers that both editions ask for. It
            may have no rows, but must be there if rules compare with it.

    Returns:
        One row a submission that is not a test, in the order of their names: submission_id and one boolean column a
        rule, true where it holds.
    """
    judged = _beside(clean.filter(~clean.not_counted), last)
    masks = {rule.id: rule.holds(judged) for rule in rules if rule.forbids}
    alone = judged.select("submission_id", "library_id", "content", **masks)
    valid = reduce(and_, (alone[rule.id] for rule in rules if rule.forbids and rule.severity == "error"))
    across = _agreeing(alone.mutate(said=ibis.ifelse(valid, alone.content, ibis.null(str))))
    masks = {rule.id: across[rule.id] if rule.forbids else across.agreeing for rule in rules}
    return across.select("submission_id", **masks).order_by("submission_id")


def _beside(judged: ir.Table, last: ir.Table | None) -> ir.Table:
    """Each submission beside what its library said last; one submission a library was accepted then."""
    if last is None:
        return judged
    named = last.rename({columns.last(name): name for name in last.columns if name != "library_id"})
    return judged.left_join(named, "library_id").drop("library_id_right")


def _agreeing(frame: ir.Table) -> ir.Table:
    """Whether a valid submission says the same as the other valid submissions of its library."""
    versions = frame.group_by("library_id").agg(versions=frame.said.nunique())
    joined = frame.left_join(versions, "library_id")
    return joined.mutate(agreeing=(joined.said.isnull() | (joined.versions <= 1)).fill_null(True))
