"""How the indices go together, two by two, under every definition."""

from itertools import combinations
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from calm_pipeline import statistics
from calm_pipeline.engine import collect
from calm_pipeline.marts.indices import DEFINITIONS
from calm_pipeline.marts.ticks import Ticks
from calm_pipeline.marts.variants import Variant, Variants
from calm_pipeline.statistics import Estimate
from calm_pipeline.survey import Survey

KINDS = ("pearson", "spearman", "partial")
COLUMNS = (
    *("edition", "definition", "index_a", "index_b", "n"),
    *(f"{kind}{end}" for kind in KINDS for end in ("", "_low", "_high", "_p", "_holm")),
    *("bootstrap_low", "bootstrap_high", "disattenuated", "disattenuated_low", "disattenuated_high", "distinct"),
)


def correlations(scores: ir.Table, selections: ir.Table, survey: Survey) -> pd.DataFrame:
    """Every pair of indices under every definition: Pearson, Spearman and partial, and whether they are distinct.

    A pair uses the submissions with both scores; the partial correlation those with all of them.
    """
    variants = Variants(survey, Ticks.from_table(selections, survey))
    rows = [row for definition in DEFINITIONS for row in _pairs(scores, variants, definition)]
    return pd.DataFrame(rows, columns=COLUMNS).assign(edition=survey.edition)


def wide_scores(scores: ir.Table, survey: Survey, definition: str) -> pd.DataFrame:
    """The scores under a definition: one row a submission, by id, and one column an index; NaN if there is none."""
    each = {name: scores[definition].max(where=scores.index_name == name) for name in sorted(survey.indices)}
    found = scores.group_by("submission_id").agg(**each).order_by("submission_id").drop("submission_id")
    return collect(found).astype(float)


def _pairs(scores: ir.Table, variants: Variants, definition: str) -> list[dict[str, Any]]:
    wide, rows = wide_scores(scores, variants.survey, definition), []
    for a, b in combinations(variants.survey.indices, 2):
        apart = variants.disattenuated(Variant(definition), a, b)
        rows.append(
            {"definition": definition, "index_a": a, "index_b": b, **_pair(wide, a, b), **_disattenuated(apart)}
        )
    for kind in KINDS:
        adjusted = statistics.holm([row[f"{kind}_p"] for row in rows])
        for row, p in zip(rows, adjusted, strict=True):
            row[f"{kind}_holm"] = p
    return rows


def _pair(wide: pd.DataFrame, a: str, b: str) -> dict[str, Any]:
    others = [name for name in wide.columns if name not in (a, b)]
    both, complete = wide.reindex(columns=[a, b]).dropna(), wide.reindex(columns=[a, b, *others]).dropna()
    x, y = both[a].to_numpy(), both[b].to_numpy()
    low, high = statistics.bootstrap_pearson(x, y) or (None, None)
    found = {
        "pearson": statistics.pearson(x, y),
        "spearman": statistics.spearman(x, y),
        "partial": statistics.partial(complete.to_numpy(), 0, 1),
    }
    figures: dict[str, Any] = {"n": len(both), "bootstrap_low": low, "bootstrap_high": high}
    for name, estimate in found.items():
        figures |= {name: estimate.value, f"{name}_p": estimate.p}
        figures |= {f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    return figures


def _disattenuated(found: Estimate) -> dict[str, Any]:
    return {
        "disattenuated": found.value,
        "disattenuated_low": found.low,
        "disattenuated_high": found.high,
        "distinct": None if found.value is None else found.high is not None and max(found.value, found.high) < 1,
    }
