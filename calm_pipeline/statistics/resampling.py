"""Bootstrap: resamples that are the same on every machine, and what is estimated from them.

A resample is how often each row was drawn, so moments of all resamples are one matrix product. Of many rows only some
resamples are in memory at a time; they are drawn again for each product. Of still more, groups of rows are drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod, sqrt

import numpy as np
from scipy import stats

from calm_pipeline.statistics.estimate import SMALL, Estimate, Floats, varies
from calm_pipeline.statistics.reliability import alpha

TIMES = 2000
SEED = 20231122
DECIMALS = 12
"""Beyond these, sums depend on the order in which a machine adds."""


AT_ONCE = 5_000_000
"""How often a row was drawn is held so many times: some resamples of many rows, all of few."""
GROUPS = 10_000
"""More rows are put into so many groups by lot: a variance is then off by sqrt(2 / GROUPS), 1.4%, at one sigma."""


def resampled(columns: Floats) -> Floats:
    """The means of the columns (n x k) in each resample (TIMES x k)."""
    n = len(columns)
    if n > GROUPS:
        return _of_groups(columns)
    if TIMES * n <= AT_ONCE:
        means: Floats = _all_weights(n) @ columns
        return means
    return np.concatenate([some @ columns for some in _weights(n, max(AT_ONCE // n, 1))])


def _of_groups(columns: Floats) -> Floats:
    """The means in resamples of random groups: Wolter (2007), Introduction to Variance Estimation, ch. 2."""
    groups = _groups(len(columns), GROUPS)
    sums = [np.bincount(groups, weights=column) for column in (*columns.T, np.ones(len(columns)))]
    drawn = resampled(np.column_stack(sums))
    means: Floats = drawn[:, :-1] / drawn[:, -1:]
    return means


@lru_cache(maxsize=1)
def _groups(n: int, many: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The group of each row; the sizes of groups differ by one at most.

    Not from the stream that groups are drawn from afterwards: lots and draws would go together.
    """
    return np.random.RandomState(SEED + 1).permutation(n) % many


@lru_cache(maxsize=1)
def _all_weights(n: int) -> Floats:
    return next(_weights(n, TIMES))


def _weights(n: int, at_once: int) -> Iterator[Floats]:
    """How often each of `n` rows stands in each resample, over n; so many resamples at once.

    RandomState, because NumPy promises that its stream never changes (NEP 19); that of a Generator may.
    """
    state = np.random.RandomState(SEED)
    for first in range(0, TIMES, at_once):
        times = min(at_once, TIMES - first)
        places = state.randint(0, n, (times, n)) + n * np.arange(times)[:, None]
        yield np.bincount(places.ravel(), minlength=times * n).reshape(times, n) / n


def bootstrap_pearson(x: Floats, y: Floats) -> tuple[float, float] | None:
    """95% interval of Pearson's r, bias-corrected and accelerated. Efron (1987), JASA 82, 171-185.

    Acceleration from the influence values of r (Devlin, Gnanadesikan and Kettenring 1975, Biometrika 62, 531-545).
    None for fewer than five rows, without variation, at r = 1, or where most resamples do not vary.
    """
    if len(x) < 5 or not varies(x, y):
        return None
    zx, zy = stats.zscore(x), stats.zscore(y)
    r = float(np.mean(zx * zy))
    replicates = _correlations(zx, zy)
    influence = zx * zy - r * (zx**2 + zy**2) / 2
    spread = float(np.sum(influence**2)) ** 1.5
    if abs(r) > 1 - 1e-9 or spread < 1e-12 or len(replicates) < TIMES / 2:
        return None
    return _bca(replicates, r, float(np.sum(influence**3)) / (6 * spread))


def _correlations(x: Floats, y: Floats) -> Floats:
    mean_x, mean_y, square_x, square_y, product = resampled(np.column_stack([x, y, x * x, y * y, x * y])).T
    spreads = np.stack([square_x - mean_x**2, square_y - mean_y**2])
    there = (spreads > 1e-9).all(axis=0)
    r: Floats = (product - mean_x * mean_y)[there] / np.sqrt(spreads[:, there].prod(axis=0))
    return r.clip(-1, 1)


def _bca(replicates: Floats, value: float, acceleration: float) -> tuple[float, float]:
    sides = np.sign(np.round(replicates - value, DECIMALS))
    below = float(np.clip(np.mean(sides < 0) + np.mean(sides == 0) / 2, 1 / TIMES, 1 - 1 / TIMES))
    bias = float(stats.norm.ppf(below))
    shifted = bias + stats.norm.ppf([0.025, 0.975])
    ends = stats.norm.cdf(bias + shifted / (1 - acceleration * shifted))
    low, high = np.round(np.quantile(replicates, ends), DECIMALS)
    return float(low), float(high)


@dataclass(frozen=True)
class Scale:
    """A score as the sum of what its items contribute (n x k), with its resamples computed once."""

    items: Floats

    @cached_property
    def total(self) -> Floats:
        """The score less its mean."""
        sums: Floats = self.items.sum(axis=1)
        return sums - sums.mean() if len(sums) else sums

    @cached_property
    def reliability(self) -> float | None:
        """Coefficient alpha."""
        return alpha(self.items)

    @cached_property
    def true_variance(self) -> Floats:
        """Alpha times the variance of the score in each resample, measured in the score's variance."""
        centred = self.items - self.items.mean(axis=0)
        found = resampled(np.column_stack([(centred**2).sum(axis=1), self.total**2, self.total, centred]))
        of_items, of_score = found[:, 0] - (found[:, 3:] ** 2).sum(axis=1), found[:, 1] - found[:, 2] ** 2
        k = self.items.shape[1]
        true: Floats = k / (k - 1) * (of_score - of_items) / self.total.var()
        return true


def disattenuated(one: Scale, other: Scale) -> Estimate:
    """Correlation of two scores as if both were measured without error, with a percentile bootstrap interval.

    Spearman (1904), Am. J. Psychol. 15, 72-101: r / sqrt(reliability x reliability), which can exceed 1. Interval:
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 13. Alpha is a lower bound of reliability, so the
    result is rather too large. None if a reliability is not positive; no interval if it seldom is in the resamples.
    """
    reliabilities = (one.reliability, other.reliability)
    if any(found is None or found < SMALL for found in reliabilities):
        return Estimate(None)
    x, y = (scale.total / scale.total.std() for scale in (one, other))
    value = float(np.mean(x * y)) / sqrt(prod(found for found in reliabilities if found is not None))
    product, mean_x, mean_y = resampled(np.column_stack([x * y, x, y])).T
    covariance = product - mean_x * mean_y
    true = np.stack([one.true_variance, other.true_variance])
    there = (true > SMALL).all(axis=0)
    if there.mean() < 0.5:
        return Estimate(value)
    replicates = covariance[there] / np.sqrt(true[:, there].prod(axis=0))
    low, high = np.round(np.quantile(replicates, [0.025, 0.975]), DECIMALS)
    return Estimate(value, float(low), float(high))
