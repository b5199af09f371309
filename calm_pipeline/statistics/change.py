"""Formulas for what changed from one year to the next: of shares and means, for independent samples and for pairs.

Every difference is the later less the earlier; intervals are of 95%. What does not exist is None: an interval of a mean
that rests on one observation, or on none that differ.
"""

from dataclasses import replace
from math import sqrt

import numpy as np
from scipy import stats

from calm_pipeline.statistics.estimate import Estimate, Floats
from calm_pipeline.statistics.shares import wilson

CONFIDENCE = 0.95


def of_shares(count: int, n: int, count_before: int, n_before: int) -> Estimate:
    """Difference of two independent proportions, later less earlier; nothing if either n is 0.

    Hybrid score interval: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    if not n or not n_before:
        return Estimate(None)
    return _square_and_add(count / n - count_before / n_before, (count, n), (count_before, n_before), 0.0)


def of_paired_shares(kept: int, gained: int, lost: int, n: int) -> Estimate:
    """Difference of two proportions among the same n, of whom `kept` say yes both times; nothing if n is 0.

    Interval: Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10, which is the hybrid score interval with
    the correlation of the pairs. p: McNemar (1947), Psychometrika 12, 153-157, in its exact binomial form; 1 if nobody
    changed.
    """
    if not n:
        return Estimate(None)
    phi = _correlation(kept, gained, lost, n - kept - gained - lost)
    p = float(stats.binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0
    return replace(_square_and_add((gained - lost) / n, (kept + gained, n), (kept + lost, n), phi), p=p)


def of_means(later: Floats, earlier: Floats) -> Estimate:
    """Difference of the means of two independent samples of unequal variance; nothing if either is empty.

    Welch (1947), Biometrika 34, 28-35; no interval for fewer than two in either, or if neither sample varies.
    """
    if not len(later) or not len(earlier):
        return Estimate(None)
    value = float(later.mean() - earlier.mean())
    if min(len(later), len(earlier)) < 2 or not (np.ptp(later) or np.ptp(earlier)):
        return Estimate(value)
    parts = [float(np.var(sample, ddof=1)) / len(sample) for sample in (later, earlier)]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(sample) - 1) for part, sample in zip(parts, (later, earlier), strict=True)
    )
    return _student(value, sqrt(sum(parts)), freedom)


def of_paired_means(changes: Floats) -> Estimate:
    """Mean of changes with the paired t interval (Student 1908, Biometrika 6, 1-25); nothing if there are none.

    No interval for fewer than two, or if all changed alike.
    """
    if not len(changes):
        return Estimate(None)
    value = float(changes.mean())
    if len(changes) < 2 or not np.ptp(changes):
        return Estimate(value)
    return _student(value, float(changes.std(ddof=1)) / sqrt(len(changes)), len(changes) - 1)


def _square_and_add(value: float, later: tuple[int, int], earlier: tuple[int, int], phi: float) -> Estimate:
    """Newcombe's interval from the Wilson limits of both proportions (count and n) and their correlation."""
    share, before = later[0] / later[1], earlier[0] / earlier[1]
    low, high = wilson(*later) or (share, share)
    low_before, high_before = wilson(*earlier) or (before, before)
    return Estimate(
        value,
        max(value - _reach(share - low, high_before - before, phi), -1.0),
        min(value + _reach(high - share, before - low_before, phi), 1.0),
    )


def _reach(one: float, other: float, phi: float) -> float:
    return sqrt(max(one * one - 2 * phi * one * other + other * other, 0.0))


def _correlation(kept: int, gained: int, lost: int, never: int) -> float:
    """Phi of the two by two table, taken towards 0 by Newcombe's continuity correction."""
    margins = (kept + gained) * (lost + never) * (kept + lost) * (gained + never)
    excess = kept * never - gained * lost
    if not margins:
        return 0.0
    n = kept + gained + lost + never
    return (max(excess - n / 2, 0.0) if excess > 0 else float(excess)) / sqrt(margins)


def _student(value: float, error: float, freedom: float) -> Estimate:
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    return Estimate(value, value - reach, value + reach, float(2 * stats.t.sf(abs(value) / error, freedom)))
