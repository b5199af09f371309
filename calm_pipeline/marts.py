"""The tables analysts open first: counts, indices, correlations, stages, the report's own tables.

Counting is done in the engine; what is left is hundreds of rows, and pandas finishes it.
"""

from itertools import combinations
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from calm_pipeline import statistics
from calm_pipeline.engine import collect
from calm_pipeline.gates import gate_sentence
from calm_pipeline.survey import Survey, Words

EVERYBODY = Words(en="All accepted submissions", zh="全部接受的答卷")
DEFINITIONS = ("sum", "mean_share", "mean_z")
PAIR = (
    *("n", "pearson", "pearson_low", "pearson_high", "pearson_p", "spearman", "spearman_p"),
    *("partial", "partial_low", "partial_high", "partial_p"),
)
DECIMALS = 12  # equal scores must tie in ranks, in whatever order an engine adds


def option_counts(selections: ir.Table, survey: Survey) -> pd.DataFrame:
    """Asked, answered and ticked, with the 95% Wilson interval of ticked / asked; one row a field and option."""
    counts = selections.group_by("edition", "question", "field", "option").agg(
        accepted=selections.count(),
        asked=(selections.state != "not_asked").sum(),
        answered=(selections.state == "answered").sum(),
        count=selections.selected.sum().fill_null(0),
    )
    frame = _shown(survey).merge(collect(counts), how="left", on=["edition", "question", "field", "option"])
    numbers = ["accepted", "asked", "answered", "count"]
    frame[numbers] = frame[numbers].fillna(0).astype("int64")
    intervals = [statistics.wilson(row["count"], row["asked"]) for row in frame.to_dict("records")]
    frame["share"] = (frame["count"] / frame["asked"]).where(frame["asked"] > 0)
    frame["low"] = [interval[0] if interval else None for interval in intervals]
    frame["high"] = [interval[1] if interval else None for interval in intervals]
    bases = {key: gate_sentence(survey, key) or EVERYBODY for key in survey.questions}
    frame["base_en"] = [bases[key].en for key in frame["question"]]
    frame["base_zh"] = [bases[key].zh for key in frame["question"]]
    return frame


def _shown(survey: Survey) -> pd.DataFrame:
    """Every option of every field, so that none is missing where nobody was asked."""
    rows = [(survey.edition, field.key, field.name, key) for field in survey.choices() for key in field.options]
    return pd.DataFrame(rows, columns=["edition", "question", "field", "option"])


def index_scores(selections: ir.Table, survey: Survey) -> ir.Table:
    """Each index of each accepted submission: the sum of ticks, their mean share and their mean z-score.

    Only substantive options count. A question that was not asked counts no ticks in the sum and in the z-score and is
    left out of the mean share. A question on which all submissions agree has no z-score.
    """
    members = ibis.memtable(_members(survey))
    ticks = selections.join(members, ["question", "option"])
    totals = ticks.group_by("edition", "submission_id", "index_name", "question").agg(
        ticked=ticks.selected.sum().fill_null(0),
        size=ticks.count(),
        asked=(ticks.state != "not_asked").any(),
    )
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


def correlations(scores: ir.Table, survey: Survey) -> pd.DataFrame:
    """Every pair of indices under every definition: Pearson with interval and p, Spearman, partial.

    A pair uses the submissions with both scores; the partial correlation those with all of them.
    """
    frame = collect(scores)
    rows = [
        {"definition": definition, "index_a": a, "index_b": b, **_pair(frame, definition, a, b)}
        for definition in DEFINITIONS
        for a, b in combinations(survey.indices, 2)
    ]
    return pd.DataFrame(rows, columns=["definition", "index_a", "index_b", *PAIR]).assign(edition=survey.edition)


def _pair(frame: pd.DataFrame, definition: str, a: str, b: str) -> dict[str, Any]:
    wide = frame.pivot(index="submission_id", columns="index_name", values=definition).astype(float)
    others = [name for name in wide.columns if name not in (a, b)]
    both, complete = wide.reindex(columns=[a, b]).dropna(), wide.reindex(columns=[a, b, *others]).dropna()
    found = {
        "pearson": statistics.pearson(both[a].to_numpy(), both[b].to_numpy()),
        "spearman": statistics.spearman(both[a].to_numpy(), both[b].to_numpy()),
        "partial": statistics.partial(complete.to_numpy(), 0, 1),
    }
    figures: dict[str, Any] = {"n": len(both)}
    for name, estimate in found.items():
        ends = {} if name == "spearman" else {f"{name}_low": estimate.low, f"{name}_high": estimate.high}
        figures |= {name: estimate.value, **ends, f"{name}_p": estimate.p}
    return figures


def stage_comparison(scores: ir.Table, selections: ir.Table, survey: Survey) -> pd.DataFrame:
    """Each index by stage, with the mean of all submissions at other stages beside it."""
    chosen = selections.filter(selections.question == (survey.stage or ""), selections.selected == 1)
    joined = collect(scores.join(chosen.select("submission_id", stage="option"), "submission_id"))
    groups = list(joined[["index_name", "stage"]].drop_duplicates().itertuples(index=False, name=None))
    rows = [
        {"definition": definition, "index_name": name, "stage": stage, **_stage(joined, definition, name, stage)}
        for definition in DEFINITIONS
        for name, stage in groups
    ]
    return pd.DataFrame(rows).assign(edition=survey.edition)


def _stage(joined: pd.DataFrame, definition: str, name: str, stage: str) -> dict[str, Any]:
    of_index = joined[joined["index_name"] == name]
    values, rest = (of_index[(of_index["stage"] == stage) == here][definition] for here in (True, False))
    return {
        "n": len(values),
        "mean": values.mean(),
        "sd": values.std(ddof=1),
        "median": values.median(),
        "minimum": values.min(),
        "maximum": values.max(),
        "rest_mean": rest.mean(),
        "difference": values.mean() - rest.mean(),
    }
