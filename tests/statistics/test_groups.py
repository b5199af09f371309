"""Effect sizes and Welch's test: by their formulas, against other libraries, and on groups that have none."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from calm_pipeline.statistics import Estimate, cliffs_delta, hedges_g, superiority, welch
from calm_pipeline.statistics.groups import _asymmetric
from tests.statistics.strategies import scores

X, Y = np.array([5.0, 7, 8, 9, 11]), np.array([2.0, 4, 4, 5, 6, 8])
NOTHING = Estimate(None)


def test_hedges_g_by_its_formula() -> None:
    n, m = len(X), len(Y)
    pooled = sqrt(((n - 1) * np.var(X, ddof=1) + (m - 1) * np.var(Y, ddof=1)) / (n + m - 2))
    g = (np.mean(X) - np.mean(Y)) / pooled * (1 - 3 / (4 * (n + m) - 9))
    found = hedges_g(X, Y)
    assert found.value == pytest.approx(g)
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * sqrt((n + m) / (n * m) + g * g / (2 * (n + m))), rel=0.1)


def test_hedges_g_as_pingouin_has_it() -> None:
    pingouin = pytest.importorskip("pingouin")
    assert hedges_g(X, Y).value == pytest.approx(pingouin.compute_effsize(X, Y, eftype="hedges"))


def test_welch_as_scipy_has_it() -> None:
    assert welch(X, Y) == pytest.approx(stats.ttest_ind(X, Y, equal_var=False).pvalue)


def test_cliffs_delta_counts_pairs() -> None:
    above = sum(x > y for x in X for y in Y)
    below = sum(x < y for x in X for y in Y)
    found = cliffs_delta(X, Y)
    assert found.value == pytest.approx((above - below) / 30)
    mann_whitney = stats.mannwhitneyu(X, Y).statistic / 30
    assert superiority(found.value) == pytest.approx(mann_whitney)


@given(scores, scores)
def test_cliffs_delta_is_that_of_all_pairs_side_by_side(x: np.ndarray, y: np.ndarray) -> None:
    """With the variance of Feng and Cliff's formula from the matrix of dominances."""
    n, m = len(x), len(y)
    if min(n, m) < 2:
        return
    dominance = np.sign(x[:, None] - y[None, :])
    delta = dominance.mean()
    rows, columns = dominance.mean(axis=1) - delta, dominance.mean(axis=0) - delta
    cells = ((dominance - delta) ** 2).sum()
    unbiased = (m * m * rows @ rows + n * n * columns @ columns - cells) / (n * m * (n - 1) * (m - 1))
    low, high = _asymmetric(delta, max(unbiased, (1 - delta * delta) / (n * m - 1)), min(n, m))
    expected = (delta, min(low, delta), max(high, delta))
    found = cliffs_delta(x, y)
    assert (found.value, found.low, found.high) == pytest.approx(expected)


@pytest.mark.parametrize("sides", [([], []), ([1], []), ([1], [2]), ([3, 3], [3, 3, 3]), ([0.1] * 3, [0.1, 0.1])])
def test_groups_without_an_effect_size(sides: tuple[list[float], list[float]]) -> None:
    x, y = (np.array(side, dtype=float) for side in sides)
    assert welch(x, y) is None
    assert hedges_g(x, y) == NOTHING
    assert superiority(None) is None


@pytest.mark.parametrize("up", [1, -1])
def test_complete_separation_keeps_an_interval(up: int) -> None:
    found = cliffs_delta(up * np.arange(10, 22.0), up * np.arange(5.0))
    assert found.value == up
    assert (found.low if up > 0 else found.high) == pytest.approx(up * (5 - 3.8415) / (5 + 3.8415), abs=1e-4)


@given(scores, scores)
def test_bounds_and_symmetry(x: np.ndarray, y: np.ndarray) -> None:
    delta, swapped = cliffs_delta(x, y), cliffs_delta(y, x)
    assert (delta.value is None) == (min(len(x), len(y)) == 0)
    if delta.value is not None and swapped.value is not None:
        assert delta.value == pytest.approx(-swapped.value)
    if delta.low is not None and delta.high is not None and delta.value is not None and swapped.high is not None:
        assert -1 <= delta.low <= delta.value <= delta.high <= 1
        assert delta.low == pytest.approx(-swapped.high)
    g, back = hedges_g(x, y), hedges_g(y, x)
    if g.value is not None and back.value is not None:
        assert np.isfinite([g.value, g.low, g.high]).all()
        assert g.value == pytest.approx(-back.value)
        assert hedges_g(2 * x + 1, 2 * y + 1).value == pytest.approx(g.value)
    p = welch(x, y)
    assert p is None or 0 <= p <= 1


def test_intervals_cover() -> None:
    """Of 400 pairs of groups as small as the twelve, about 95% of intervals hold the true value."""
    random = np.random.RandomState(7)
    inside = {"g": 0, "delta": 0}
    truth = 2 * stats.norm.cdf(0.8 / sqrt(2)) - 1
    for _ in range(400):
        x, y = random.normal(0.8, 1, 12), random.normal(0, 1, 110)
        g, delta = hedges_g(x, y), cliffs_delta(x, y)
        inside["g"] += (g.low or 0) <= 0.8 <= (g.high or 0)
        inside["delta"] += (delta.low or 0) <= truth <= (delta.high or 0)
    assert all(366 <= count <= 394 for count in inside.values()), inside
