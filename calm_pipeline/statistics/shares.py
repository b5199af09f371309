"""Shares: their intervals, the finite population, and respondents against those who did not answer."""

from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np
from scipy import stats

from calm_pipeline.statistics.estimate import Floats, Z


@dataclass(frozen=True)
class Fit:
    """A chi-square of a table of counts, and the smallest count expected in it."""

    chi_square: float | None = None
    freedom: int | None = None
    p: float | None = None
    smallest_expected: float | None = None


@cache
def wilson(count: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Score interval of a proportion `count / n`; None for n = 0. Wilson (1927), JASA 22, 209-212."""
    if n == 0:
        return None
    interval = stats.binomtest(count, n).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def finite_population_correction(n: int, population: int) -> float | None:
    """Factor by which the standard error of `n` drawn from `population` shrinks: sqrt((N - n) / (N - 1)).

    Cochran (1977), Sampling Techniques, 2.6. None if there is nobody, or more in the sample than in the population.
    """
    if population < 1 or not 0 < n <= population:
        return None
    return sqrt((population - n) / (population - 1)) if population > 1 else 0.0


def wilson_finite(count: int, n: int, factor: float | None) -> tuple[float, float] | None:
    """Wilson's interval with its standard error multiplied by `factor`, the finite population correction.

    The score equation is solved with the variance p (1 - p) f^2 / n, which is Wilson's with n / f^2 observations:
    Rao and Scott (1981), JASA 76, 221-230, effective sample size. A census has an interval of no width.
    """
    if n == 0 or factor is None:
        return None
    share, shrink = count / n, (Z * factor) ** 2 / n
    centre = (share + shrink / 2) / (1 + shrink)
    reach = sqrt(shrink * share * (1 - share) + shrink * shrink / 4) / (1 + shrink)
    return min(max(centre - reach, 0.0), share), max(min(centre + reach, 1.0), share)


def fit(counts: Floats) -> Fit:
    """Pearson's chi-square of independence of a table of counts (rows x columns), rows and columns of zeros left out.

    Pearson (1900), Phil. Mag. 50, 157-175. None where fewer than two rows or columns are left.
    """
    kept = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(kept.shape) < 2:
        return Fit()
    found = stats.chi2_contingency(kept, correction=False)
    smallest = float(np.min(found.expected_freq))
    return Fit(float(found.statistic), int(found.dof), float(found.pvalue), smallest)
