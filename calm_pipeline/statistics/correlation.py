"""Correlations: Pearson, Spearman, partial, and the first component, from arrays or from coefficients alone."""

from math import atanh, sqrt, tanh

import numpy as np
from scipy import stats

from calm_pipeline.statistics.estimate import Estimate, Floats, Z, varies


def pearson(x: Floats, y: Floats) -> Estimate:
    """Product-moment correlation with Fisher's z interval (Fisher 1921, Metron 1, 3-32) and t test."""
    if not varies(x, y):
        return Estimate(None)
    return fisher(float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1)), len(x))


def fisher(r: float, n: int, given: int = 0) -> Estimate:
    """Interval and t test of a correlation `r` of `n` pairs, `given` other variables held constant.

    Fisher (1921), Metron 1, 3-32, and (1924), Metron 3, 329-332: each variable held constant costs one observation. At
    r = 1 and for too few observations there is neither interval nor p.
    """
    freedom = n - 2 - given
    if freedom < 2 or abs(r) >= 1:
        return Estimate(r)
    reach = Z / sqrt(n - 3 - given)
    t = r * sqrt(freedom / (1 - r * r))
    low, high = tanh(atanh(r) - reach), tanh(atanh(r) + reach)
    return Estimate(r, min(low, r), max(high, r), float(2 * stats.t.sf(abs(t), freedom)))


def spearman(x: Floats, y: Floats) -> Estimate:
    """Rank correlation with average ranks for ties (Spearman 1904, Am. J. Psychol. 15, 72-101) and t test.

    Interval by Fisher's z with variance (1 + rho^2 / 2) / (n - 3): Bonett and Wright (2000), Psychometrika 65, 23-28.
    """
    if not varies(x, y):
        return Estimate(None)
    found = pearson(stats.rankdata(x), stats.rankdata(y))
    rho, n = found.value, len(x)
    if rho is None or found.p is None:
        return found
    reach = Z * sqrt((1 + rho * rho / 2) / (n - 3))
    return Estimate(rho, tanh(atanh(rho) - reach), tanh(atanh(rho) + reach), found.p)


def partial(scores: Floats, one: int, other: int) -> Estimate:
    """Correlation of two columns of `scores` (n x k) given all the others; see `partial_of`."""
    if not varies(*scores.T):
        return Estimate(None)
    return partial_of(np.atleast_2d(np.corrcoef(scores.T)), len(scores), one, other)


def partial_of(matrix: Floats, n: int, one: int, other: int) -> Estimate:
    """Partial correlation from a correlation matrix (k x k) of `n` observations, by its inverse.

    Whittaker (1990), Graphical Models, 5.7; interval by Fisher's z with n - 3 - (k - 2). None for a singular matrix.
    """
    if np.linalg.cond(matrix) > 1e12:
        return Estimate(None)
    inverse = np.linalg.inv(matrix)
    r = float(-inverse[one, other] / sqrt(inverse[one, one] * inverse[other, other]))
    return fisher(min(max(r, -1.0), 1.0), n, given=len(matrix) - 2)


def first_component(matrix: Floats) -> float:
    """Share of variance of the first principal component of a correlation matrix.

    Hotelling (1933), J. Educ. Psychol. 24, 417-441: its largest eigenvalue over the number of variables.
    """
    return float(np.linalg.eigvalsh(matrix)[-1] / len(matrix))
