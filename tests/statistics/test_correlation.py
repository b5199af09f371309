"""Correlations against the printed worked figures, other libraries and what must hold of any."""

from itertools import combinations
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from calm_pipeline.statistics import (
    Estimate,
    first_component,
    fisher,
    holm,
    partial,
    partial_of,
    pearson,
    spearman,
)
from tests.statistics.strategies import pairs

MATRIX = np.array([[1, 0.79, 0.73], [0.79, 1, 0.75], [0.73, 0.75, 1]])
NOTHING = Estimate(None)


@pytest.mark.parametrize(
    ("r", "low", "high"), [(0.79, 0.712, 0.849), (0.73, 0.635, 0.803), (0.75, 0.660, 0.819), (0.0, -0.178, 0.178)]
)
def test_fisher_by_hand(r: float, low: float, high: float) -> None:
    found = fisher(r, 122)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-4)
    ends = [0.5 * log((1 + r) / (1 - r)) + sign * 1.959963984540054 / sqrt(119) for sign in (-1, 1)]
    assert (found.low, found.high) == pytest.approx([(exp(2 * z) - 1) / (exp(2 * z) + 1) for z in ends])


@pytest.mark.parametrize(
    ("one", "other", "r", "low", "high"),
    [(0, 1, 0.54, 0.40, 0.65), (0, 2, 0.34, 0.17, 0.49), (1, 2, 0.41, 0.25, 0.55)],
)
def test_partial_correlations_of_a_printed_matrix(one: int, other: int, r: float, low: float, high: float) -> None:
    found = partial_of(MATRIX, 122, one, other)
    assert (found.value, found.low, found.high) == pytest.approx((r, low, high), abs=5e-3)
    (third,) = {0, 1, 2} - {one, other}
    a, b, c = MATRIX[one, other], MATRIX[one, third], MATRIX[other, third]
    assert found.value == pytest.approx((a - b * c) / sqrt((1 - b * b) * (1 - c * c)))


def test_the_first_component() -> None:
    assert round(first_component(MATRIX), 2) == 0.84
    assert first_component(np.eye(4)) == 0.25
    assert first_component(np.ones((3, 3))) == pytest.approx(1)


@given(pairs)
def test_as_scipy_has_it(pair: np.ndarray) -> None:
    x, y = pair
    found, ranks = pearson(x, y), spearman(x, y)
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        assert (found, ranks) == (NOTHING, NOTHING)
        return
    assert found.value == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-12)
    assert ranks.value == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)
    for one, swapped in ((found, pearson(y, x)), (ranks, spearman(y, x))):
        assert one.value == pytest.approx(swapped.value, abs=1e-12)
        if one.low is not None and one.value is not None and one.high is not None:
            assert -1 <= one.low <= one.value <= one.high <= 1
    if found.p is not None:
        assert found.p == pytest.approx(stats.pearsonr(x, y).pvalue, abs=1e-9)


@given(pairs)
def test_units_do_not_matter(pair: np.ndarray) -> None:
    x, y = pair
    one, other = pearson(x, y).value, pearson(3 * x - 7, -y).value
    assert (one is None) == (other is None)
    if one is not None:
        assert other == pytest.approx(-one, abs=1e-12)


def test_spearman_interval_by_hand() -> None:
    random = np.random.RandomState(3)
    x = random.normal(size=50)
    found = spearman(x, x + random.normal(size=50))
    assert found.value is not None
    z = 0.5 * log((1 + found.value) / (1 - found.value))
    reach = 1.959963984540054 * sqrt((1 + found.value**2 / 2) / 47)
    assert (found.low, found.high) == pytest.approx((np.tanh(z - reach), np.tanh(z + reach)))


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few(n: int) -> None:
    x = np.arange(n, dtype=float)
    assert pearson(x, x) == spearman(x, x) == partial(np.column_stack([x, x, x]), 0, 1) == NOTHING


def test_what_cannot_have_an_interval_has_none() -> None:
    x = np.arange(9.0)
    assert pearson(x, x).low is None
    assert fisher(0.5, 3) == Estimate(0.5)
    assert partial(np.column_stack([x, 2 * x, x**2]), 0, 1) == NOTHING
    assert pearson(np.full(5, 1e15), x[:5]) == NOTHING
    assert pearson(np.full(9, 0.1) + np.arange(9) * 1e-17, x) == NOTHING


def test_a_partial_correlation_is_that_of_residuals() -> None:
    random = np.random.RandomState(11)
    scores = random.normal(size=(80, 3)) @ random.normal(size=(3, 3))
    for one, other in combinations(range(3), 2):
        (third,) = {0, 1, 2} - {one, other}
        design = np.column_stack([np.ones(80), scores[:, third]])
        rest = [scores[:, k] - design @ np.linalg.lstsq(design, scores[:, k])[0] for k in (one, other)]
        assert partial(scores, one, other).value == pytest.approx(np.corrcoef(*rest)[0, 1])


def test_holm_by_hand_and_as_statsmodels_has_it() -> None:
    from statsmodels.stats.multitest import multipletests

    assert holm([0.01, None, 0.04, 0.03]) == pytest.approx([0.03, None, 0.06, 0.06])
    assert holm([]) == []
    assert holm([None, None]) == [None, None]
    family = list(np.random.RandomState(5).uniform(size=12) ** 3)
    assert holm(family) == pytest.approx(list(multipletests(family, method="holm")[1]))
