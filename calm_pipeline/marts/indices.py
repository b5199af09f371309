"""The composite indices of each accepted submission, under every definition."""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from calm_pipeline.survey import Survey

DEFINITIONS = ("sum", "mean_share", "mean_z")
UNIT = 10**12
"""Parts of one. Equal scores must tie in ranks, in whatever order an engine adds: so it adds whole numbers of them."""


def index_ticks(selections: ir.Table, survey: Survey) -> ir.Table:
    """How many substantive options each accepted submission ticked of each question of an index.

    Returns:
        edition, submission_id, index_name, question, then `ticked` of `size` options, and whether it was `asked`.
    """
    members = ibis.memtable(_members(survey))
    ticks = selections.join(members, ["question", "option"])
    return ticks.group_by("edition", "submission_id", "index_name", "question").agg(
        ticked=ticks.selected.sum().fill_null(0),
        size=ticks.count(),
        asked=(ticks.state != "not_asked").any(),
    )


def index_scores(totals: ir.Table) -> ir.Table:
    """Each index of each accepted submission: the sum of ticks, their mean share and their mean z-score.

    Only substantive options count. A question that was not asked counts no ticks in the sum and in the z-score and is
    left out of the mean share. A question on which all submissions agree has no z-score.

    Args:
        totals: what `index_ticks` makes, of all accepted submissions.
    """
    scored = totals.mutate(
        share=ibis.ifelse(totals.asked, totals.ticked / totals["size"], ibis.null(float)), z=_z(totals)
    )
    return scored.group_by("edition", "submission_id", "index_name").agg(
        sum=scored.ticked.sum(), mean_share=_mean(scored.share), mean_z=_mean(scored.z)
    )


def _z(totals: ir.Table) -> ir.FloatingValue:
    """Deviation from the mean of the question by its standard deviation, both times the number of submissions."""
    by_question, ticked = ibis.window(group_by=["index_name", "question"]), totals.ticked
    n, total = ticked.count().over(by_question), ticked.sum().over(by_question)
    spread = n * (ticked * ticked).sum().over(by_question) - total * total
    return ibis.ifelse(spread > 0, (n * ticked - total) / spread.sqrt(), ibis.null(float))


def _mean(values: ir.FloatingColumn) -> ir.FloatingValue:
    whole = (values * UNIT + 0.5).floor().cast(float)
    return (whole.mean() + 0.5).floor() / UNIT


def _members(survey: Survey) -> pa.Table:
    """Which options count in which index."""
    rows = [
        {"index_name": name, "question": key, "option": option}
        for name, index in survey.indices.items()
        for key in index.questions
        for option in survey.questions[key].substantive
    ]
    names = ("index_name", "question", "option")
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in names]))
