"""Formulas, each with its source; arrays in, numbers out, null (None) where a statistic does not exist, never NaN.

Not here: which figures are computed from what; that is `marts`.
"""

from calm_pipeline.statistics.correlation import (
    first_component,
    fisher,
    partial,
    partial_of,
    pearson,
    spearman,
)
from calm_pipeline.statistics.estimate import Estimate, Floats, varies
from calm_pipeline.statistics.groups import cliffs_delta, hedges_g, superiority, welch
from calm_pipeline.statistics.multiple import holm
from calm_pipeline.statistics.reliability import alpha, alpha_interval, item_rest, omega
from calm_pipeline.statistics.resampling import Scale, bootstrap_pearson, disattenuated
from calm_pipeline.statistics.shares import Fit, finite_population_correction, fit, wilson, wilson_finite

__all__ = [
    "Estimate",
    "Fit",
    "Floats",
    "Scale",
    "alpha",
    "alpha_interval",
    "bootstrap_pearson",
    "cliffs_delta",
    "disattenuated",
    "finite_population_correction",
    "first_component",
    "fisher",
    "fit",
    "hedges_g",
    "holm",
    "item_rest",
    "omega",
    "partial",
    "partial_of",
    "pearson",
    "spearman",
    "superiority",
    "varies",
    "welch",
    "wilson",
    "wilson_finite",
]
