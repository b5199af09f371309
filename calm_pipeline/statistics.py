"""Formulas, each with its source; arrays in, numbers out, null (None) where a statistic does not exist.

Not here: which figures are computed from what; that is `marts`.
"""

from dataclasses import dataclass
from math import atanh, sqrt, tanh

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A coefficient between -1 and 1 with its 95% interval and two-sided p-value."""

    value: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None


def wilson(count: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Score interval of a proportion `count / n`; None for n = 0. Wilson (1927), JASA 22, 209-212."""
    if n == 0:
        return None
    interval = stats.binomtest(count, n).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def pearson(x: Floats, y: Floats) -> Estimate:
    """Product-moment correlation with Fisher's z interval (Fisher 1921, Metron 1, 3-32) and t test."""
    if not _varies(x, y):
        return Estimate(None)
    r = float(stats.pearsonr(x, y).statistic)
    return _with_interval(r, len(x), given=0)


def spearman(x: Floats, y: Floats) -> Estimate:
    """Rank correlation with average ranks for ties (Spearman 1904, Am. J. Psychol. 15, 72-101) and t test."""
    if not _varies(x, y):
        return Estimate(None)
    result = stats.spearmanr(x, y)
    return Estimate(float(result.statistic), p=float(result.pvalue))


def partial(scores: Floats, one: int, other: int) -> Estimate:
    """Correlation of two columns of `scores` (n x k) given all the others, from the inverse correlation matrix.

    Whittaker (1990), Graphical Models, 5.7; interval by Fisher's z with n - 3 - (k - 2).
    """
    if not _varies(*scores.T):
        return Estimate(None)
    matrix = np.corrcoef(scores.T)
    if np.linalg.cond(matrix) > 1e12:
        return Estimate(None)
    inverse = np.linalg.inv(matrix)
    r = float(-inverse[one, other] / sqrt(inverse[one, one] * inverse[other, other]))
    return _with_interval(r, len(scores), given=scores.shape[1] - 2)


def _with_interval(r: float, n: int, given: int) -> Estimate:
    freedom = n - 2 - given
    if freedom < 2 or abs(r) >= 1:
        return Estimate(r)
    reach = float(stats.norm.ppf(0.975)) / sqrt(n - 3 - given)
    t = r * sqrt(freedom / (1 - r * r))
    return Estimate(r, tanh(atanh(r) - reach), tanh(atanh(r) + reach), float(2 * stats.t.sf(abs(t), freedom)))


def _varies(*columns: Floats) -> bool:
    return len(columns[0]) > 2 and all(float(np.ptp(column)) > 0 for column in columns)
