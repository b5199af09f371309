"""One group of libraries against the rest: Welch's test and effect sizes with intervals."""

from math import sqrt

import numpy as np
from scipy import stats

from calm_pipeline.statistics.estimate import SMALL, Estimate, Floats, Z


def welch(x: Floats, y: Floats) -> float | None:
    """Two-sided p-value of equal means without equal variances; Welch (1947), Biometrika 34, 28-35.

    None where two libraries that happen to agree are a side: their variance is no estimate, and p would be tiny.
    """
    if not _pooled(x, y):
        return None
    (mean, sd), (rest_mean, rest_sd) = ((float(np.mean(side)), float(np.std(side, ddof=1))) for side in (x, y))
    if any(len(side) == 2 and not spread for side, spread in ((x, sd), (y, rest_sd))):
        return None
    found = stats.ttest_ind_from_stats(mean, sd, len(x), rest_mean, rest_sd, len(y), equal_var=False)
    return float(found.pvalue)


def hedges_g(x: Floats, y: Floats) -> Estimate:
    """Difference of means in pooled standard deviations, corrected for small samples, with a normal interval.

    Hedges (1981), J. Educ. Stat. 6, 107-128; variance N / (n1 n2) + g^2 / (2 (N - 3.94)), as Review Manager has it:
    Deeks and Higgins (2010), Statistical algorithms in Review Manager 5.
    """
    from statsmodels.stats.meta_analysis import effectsize_smd

    spread = _pooled(x, y)
    if not spread:
        return Estimate(None)
    g, variance = effectsize_smd(np.mean(x), spread, len(x), np.mean(y), spread, len(y))
    return Estimate(float(g), float(g - Z * sqrt(variance)), float(g + Z * sqrt(variance)))


def _pooled(x: Floats, y: Floats) -> float:
    """The pooled standard deviation; 0 if neither side varies, but for rounding, or one has fewer than two."""
    if min(len(x), len(y)) < 2:
        return 0.0
    both = np.concatenate([x, y])
    square = float((np.sum((x - np.mean(x)) ** 2) + np.sum((y - np.mean(y)) ** 2)) / (len(both) - 2))
    return sqrt(square) if sqrt(square) > SMALL * float(np.abs(both).max()) else 0.0


def cliffs_delta(x: Floats, y: Floats) -> Estimate:
    """P(X > Y) - P(X < Y) with an asymmetric interval that stays within -1 and 1.

    Cliff (1993), Psychol. Bull. 114, 494-509; interval by Feng and Cliff (2004), J. Mod. Appl. Stat. Methods 3,
    322-332. None for an empty side; no interval for fewer than two on a side.
    """
    if min(len(x), len(y)) == 0:
        return Estimate(None)
    n, m = len(x), len(y)
    (above, below), (over, under) = _beside(x, y), _beside(y, x)
    delta = float((above - below).sum()) / (n * m)
    if min(n, m) < 2:
        return Estimate(delta)
    rows, columns = (above - below) / m - delta, (under - over) / n - delta
    cells = float((above + below).sum()) - n * m * delta * delta
    unbiased = (m * m * float(rows @ rows) + n * n * float(columns @ columns) - cells) / (n * m * (n - 1) * (m - 1))
    variance = max(unbiased, (1 - delta * delta) / (n * m - 1))
    low, high = _asymmetric(delta, variance, min(n, m))
    return Estimate(delta, min(low, delta), max(high, delta))


def _beside(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Of how many of `y` each of `x` is above, and of how many below; no two of them are put side by side for it."""
    ordered = np.sort(y)
    lower, not_higher = (np.searchsorted(ordered, x, side).astype(float) for side in ("left", "right"))
    return lower, len(y) - not_higher


def _asymmetric(delta: float, variance: float, n: int) -> tuple[float, float]:
    if abs(delta) > 1 - SMALL:
        bound = (n - Z * Z) / (n + Z * Z)
        return (bound, 1.0) if delta > 0 else (-1.0, -bound)
    middle = delta - delta**3
    reach = Z * sqrt(variance) * sqrt((1 - delta * delta) ** 2 + Z * Z * variance)
    whole = 1 - delta * delta + Z * Z * variance
    return max((middle - reach) / whole, -1.0), min((middle + reach) / whole, 1.0)


def superiority(delta: float | None) -> float | None:
    """P(X > Y) + P(X = Y) / 2 from Cliff's delta; Vargha and Delaney (2000), J. Educ. Behav. Stat. 25, 101-132."""
    return None if delta is None else (delta + 1) / 2
