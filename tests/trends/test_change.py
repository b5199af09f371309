"""The formulas of change: published examples, kept libraries, and what holds whatever the figures are."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nst
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from calm_pipeline.statistics import Estimate
from calm_pipeline.statistics.change import of_means, of_paired_means, of_paired_shares, of_shares

proportions = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
tables = st.tuples(*[st.integers(0, 80)] * 4).filter(lambda cells: sum(cells) > 0)
scores = nst.arrays(np.float64, st.integers(2, 40), elements=st.integers(0, 20).map(float))


def same(one: Estimate, other: Estimate) -> None:
    for a, b in zip((one.value, one.low, one.high, one.p), (other.value, other.low, other.high, other.p), strict=True):
        assert (a is None) == (b is None)
        assert a is None or b is None or a == pytest.approx(b, abs=1e-9)


def turned(change: Estimate) -> Estimate:
    """The same change, looked at from the other end."""
    value, low, high = (None if it is None else -it for it in (change.value, change.high, change.low))
    return Estimate(value, low, high, change.p)


def contains(change: Estimate) -> bool:
    return change.value is not None and change.low is not None and change.low <= change.value <= (change.high or 0)


def test_the_examples_of_the_papers() -> None:
    independent, paired = of_shares(56, 70, 48, 80), of_paired_shares(36, 12, 2, 50)
    assert (independent.low, independent.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (paired.low, paired.high) == pytest.approx((0.0569, 0.3404), abs=5e-5)


@given(proportions, proportions)
def test_independent_shares(later: tuple[int, int], earlier: tuple[int, int]) -> None:
    change = of_shares(*later, *earlier)
    assert contains(change)
    expected = confint_proportions_2indep(*later, *earlier, method="newcomb", compare="diff")
    assert (change.low, change.high) == pytest.approx(expected, abs=1e-9)
    same(of_shares(*earlier, *later), turned(change))
    assert of_shares(*later, *later).value == 0


@given(tables)
def test_paired_shares(cells: tuple[int, int, int, int]) -> None:
    kept, gained, lost, never = cells
    change = of_paired_shares(kept, gained, lost, sum(cells))
    assert contains(change)
    assert -1 <= (change.low or 0) <= (change.high or 0) <= 1
    assert change.p == pytest.approx(mcnemar([[kept, lost], [gained, never]], exact=True).pvalue, abs=1e-9)
    same(of_paired_shares(kept, lost, gained, sum(cells)), turned(change))
    same(of_paired_shares(never, lost, gained, sum(cells)), turned(change))


@given(st.integers(0, 60), st.integers(0, 60))
def test_pairs_of_which_none_changed_give_zero(kept: int, never: int) -> None:
    change = of_paired_shares(kept, 0, 0, kept + never)
    assert (change.value, change.p) == ((0, 1) if kept + never else (None, None))


@given(scores, scores)
def test_independent_means(later: np.ndarray, earlier: np.ndarray) -> None:
    change = of_means(later, earlier)
    same(of_means(earlier, later), turned(change))
    assert of_means(later, later).value == 0
    if np.ptp(later) and np.ptp(earlier):
        assert contains(change)
        compared = CompareMeans(DescrStatsW(later), DescrStatsW(earlier))
        assert (change.low, change.high) == pytest.approx(compared.tconfint_diff(usevar="unequal"), abs=1e-9)
        assert change.p == pytest.approx(stats.ttest_ind(later, earlier, equal_var=False).pvalue, abs=1e-9)


@given(scores)
def test_paired_means(changes: np.ndarray) -> None:
    change = of_paired_means(changes)
    same(of_paired_means(-changes), turned(change))
    if np.ptp(changes):
        assert contains(change)
        result = stats.ttest_1samp(changes, 0)
        interval = result.confidence_interval()
        assert (change.low, change.high) == pytest.approx((interval.low, interval.high), abs=1e-9)
        assert change.p == pytest.approx(result.pvalue, abs=1e-9)


def test_what_does_not_exist_is_none() -> None:
    one, none, alike = np.array([3.0]), np.array([]), np.array([2.0, 2.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert of_shares(0, 0, 3, 5) == of_shares(3, 5, 0, 0) == of_paired_shares(0, 0, 0, 0) == Estimate(None)
        assert of_means(none, one) == of_means(one, none) == of_paired_means(none) == Estimate(None)
        assert of_means(one, alike) == Estimate(1.0)
        assert of_means(alike, alike) == Estimate(0.0)
        assert of_paired_means(alike) == Estimate(2.0)
        assert contains(of_means(alike, np.array([1.0, 5.0])))


@pytest.mark.parametrize(("gained", "lost"), [(12, 2), (2, 12), (7, 7)])
def test_pairs_that_agree_narrow_the_interval(gained: int, lost: int) -> None:
    """Why the panel is the better figure: mostly the same libraries answer in the same way."""
    kept, n = 60, 120
    paired = of_paired_shares(kept, gained, lost, n)
    independent = of_shares(kept + gained, n, kept + lost, n)
    assert (paired.high or 0) - (paired.low or 0) < (independent.high or 0) - (independent.low or 0)
