"""The composite indices of each accepted submission, under every definition."""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from calm_pipeline.survey import Survey

DEFINITIONS = ("sum", "mean_share", "mean_z")
DECIMALS = 12  # equal scores must tie in ranks, in whatever order an engine adds


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
    by_question = ibis.window(group_by=["index_name", "question"])
    centred = totals.mutate(
        share=ibis.ifelse(totals.asked, totals.ticked / totals["size"], ibis.null(float)),
        deviation=totals.ticked - totals.ticked.mean().over(by_question),
        spread=totals.ticked.std(how="pop").over(by_question),
    )
    z = ibis.ifelse(centred.spread > 0, centred.deviation / centred.spread, ibis.null(float))
    return centred.group_by("edition", "submission_id", "index_name").agg(
        sum=centred.ticked.sum(), mean_share=centred.share.mean().round(DECIMALS), mean_z=z.mean().round(DECIMALS)
    )


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
