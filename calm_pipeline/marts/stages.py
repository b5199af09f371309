"""The indices by stage of implementation, each stage against all others; nothing of stages with too few libraries."""

from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from calm_pipeline import statistics
from calm_pipeline.disclosure import gathered
from calm_pipeline.engine import collect
from calm_pipeline.groupings import Groupings
from calm_pipeline.marts.indices import DEFINITIONS
from calm_pipeline.survey import Survey

EXTREMES = ("minimum", "maximum")
KNOWN = ("definition", "index_name", "stage", "n", "rest_n")


def stage_comparison(scores: ir.Table, selections: ir.Table, survey: Survey, groupings: Groupings) -> pd.DataFrame:
    """Each index by stage, with the mean of all submissions at other stages beside it, test and effect sizes.

    Only how many libraries are at it is given of a stage whose scores could be worked out to be those of too few; that
    much is printed with the answers to the question. Smallest and largest scores are given only of larger stages.
    """
    chosen = selections.filter(selections.question == (survey.stage or ""), selections.selected == 1)
    joined = collect(_at_stages(scores, chosen))
    groups = sorted(joined[["index_name", "stage"]].drop_duplicates().itertuples(index=False, name=None))
    rows = [row for definition in DEFINITIONS for row in _stages(joined, definition, groups)]
    sizes = joined.drop_duplicates("submission_id")["stage"].value_counts()
    hidden = gathered({str(stage): (int(n),) for stage, n in sizes.items()}, (groupings.threshold,))
    return pd.DataFrame([_shown(row, hidden, groupings) for row in rows]).assign(edition=survey.edition)


def _at_stages(scores: ir.Table, chosen: ir.Table) -> ir.Table:
    """Scores beside the stage, always in the same order: a mean depends on the order in which it is added up."""
    staged = scores.join(chosen.select("submission_id", stage="option"), "submission_id")
    return staged.order_by("submission_id", "index_name")


def _shown(row: dict[str, Any], hidden: set[str], groupings: Groupings) -> dict[str, Any]:
    """The row without what could tell of single libraries."""
    if row["stage"] not in hidden:
        kept = row.keys() - (EXTREMES if row["n"] < groupings.extremes else ())
        return {name: row[name] if name in kept else None for name in row} | {"protection": "none"}
    return {name: row[name] if name in KNOWN else None for name in row} | {"protection": "suppressed"}


def _stages(joined: pd.DataFrame, definition: str, groups: list[tuple[str, str]]) -> list[dict[str, Any]]:
    rows = [
        {"definition": definition, "index_name": name, "stage": stage, **_stage(joined, definition, name, stage)}
        for name, stage in groups
    ]
    adjusted = statistics.holm([row["welch_p"] for row in rows])
    return [{**row, "welch_holm": p} for row, p in zip(rows, adjusted, strict=True)]


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
        "rest_n": len(rest),
        "difference": values.mean() - rest.mean(),
        **_compared(*(np.asarray(side.dropna(), dtype=float) for side in (values, rest))),
    }


def _compared(values: statistics.Floats, rest: statistics.Floats) -> dict[str, float | None]:
    g, delta = statistics.hedges_g(values, rest), statistics.cliffs_delta(values, rest)
    return {
        "welch_p": statistics.welch(values, rest),
        **{"hedges_g": g.value, "hedges_g_low": g.low, "hedges_g_high": g.high},
        **{"cliffs_delta": delta.value, "cliffs_delta_low": delta.low, "cliffs_delta_high": delta.high},
        "superiority": statistics.superiority(delta.value),
    }
