"""Shares: Wilson, the finite population, and chi-square, by hand and against scipy."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calm_pipeline.statistics import Fit, finite_population_correction, fit, wilson, wilson_finite


def test_the_printed_example() -> None:
    assert wilson(12, 122) == pytest.approx((0.057, 0.164), abs=5e-4)
    assert wilson(0, 0) is None


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_without_correction_it_is_wilsons(of: tuple[int, int]) -> None:
    count, n = of
    assert wilson_finite(count, n, 1.0) == pytest.approx(wilson(count, n), abs=1e-12)
    low, high = wilson_finite(count, n, 0.5) or (0, 0)
    wide = wilson(count, n) or (0, 0)
    assert wide[0] - 1e-12 <= low <= count / n <= high <= wide[1] + 1e-12


@pytest.mark.parametrize(
    ("n", "population", "factor"),
    [(122, 274, sqrt(152 / 273)), (5, 5, 0.0), (1, 1, 0.0), (0, 10, None), (3, 2, None), (0, 0, None)],
)
def test_the_factor(n: int, population: int, factor: float | None) -> None:
    found = finite_population_correction(n, population)
    assert found == (None if factor is None else pytest.approx(factor))


def test_a_census_has_no_width() -> None:
    assert wilson_finite(3, 8, 0.0) == (0.375, 0.375)
    assert wilson_finite(0, 0, 0.5) is wilson_finite(3, 8, None) is None


def test_the_corrected_interval_covers_draws_without_replacement() -> None:
    random = np.random.RandomState(9)
    ends = [wilson_finite(int(k), 122, sqrt(152 / 273)) for k in random.hypergeometric(82, 192, 122, 500)]
    inside = sum(end is not None and end[0] <= 82 / 274 <= end[1] for end in ends)
    assert 460 <= inside <= 492


def test_chi_square_by_hand() -> None:
    found = fit(np.array([[10.0, 20], [20, 10]]))
    assert found.chi_square == pytest.approx(4 * 25 / 15)
    assert (found.freedom, found.smallest_expected) == (1, 15)
    assert found.p == pytest.approx(0.00982, abs=1e-5)


@pytest.mark.parametrize(
    "counts", [np.empty((0, 2)), np.array([[3.0, 4]]), np.array([[3.0, 0], [4, 0]]), np.zeros((2, 2))]
)
def test_nothing_to_compare(counts: np.ndarray) -> None:
    assert fit(counts) == Fit()


def test_empty_groups_are_left_out() -> None:
    assert fit(np.array([[10.0, 20], [0, 0], [20, 10]])) == fit(np.array([[10.0, 20], [20, 10]]))
