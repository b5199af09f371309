"""Alpha, KR-20, omega, items, attenuation: by hand, against pingouin, on data of known reliability."""

import numpy as np
import pytest
from hypothesis import given

from calm_pipeline.statistics import Estimate, Scale, alpha, alpha_interval, disattenuated, item_rest, omega
from tests.statistics.strategies import items as drawn

WORKED = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]], dtype=float)
"""Six people, four items: p = 5/6, 4/6, 3/6, 2/6."""


def one_factor(n: int, k: int, loading: float, seed: int = 1) -> np.ndarray:
    random = np.random.RandomState(seed)
    return loading * random.normal(size=(n, 1)) + np.sqrt(1 - loading**2) * random.normal(size=(n, k))


def test_kr20_by_hand() -> None:
    pq = 5 / 36 + 8 / 36 + 9 / 36 + 8 / 36
    totals = [4, 3, 2, 1, 0, 4]
    variance = sum((total - 14 / 6) ** 2 for total in totals) / 6
    assert alpha(WORKED) == pytest.approx(4 / 3 * (1 - pq / variance))


def test_alpha_and_its_interval_as_pingouin_has_them() -> None:
    pingouin = pytest.importorskip("pingouin")
    import pandas as pd

    items = one_factor(60, 7, 0.6)
    value, interval = pingouin.cronbach_alpha(pd.DataFrame(items))
    assert alpha(items) == pytest.approx(value)
    assert alpha_interval(alpha(items), 60, 7) == pytest.approx(list(interval), abs=2e-3)


@pytest.mark.parametrize("loading", [0.4, 0.6, 0.8])
def test_omega_finds_the_reliability_that_was_put_in(loading: float) -> None:
    k = 8
    true = k * loading**2 / (k * loading**2 + 1 - loading**2)
    items = one_factor(4000, k, loading)
    assert omega(items) == pytest.approx(true, abs=0.02)
    assert alpha(items) == pytest.approx(true, abs=0.02)


def test_omega_exceeds_alpha_where_loadings_differ() -> None:
    random = np.random.RandomState(2)
    loadings = np.array([0.9, 0.8, 0.3, 0.2, 0.2])
    items = loadings * random.normal(size=(3000, 1)) + np.sqrt(1 - loadings**2) * random.normal(size=(3000, 5))
    found, lower = omega(items), alpha(items)
    assert found is not None
    assert lower is not None
    assert found > lower + 0.03


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_people(n: int) -> None:
    items = np.ones((n, 4))
    assert alpha(items) is omega(items) is None
    assert alpha_interval(None, n, 4) is None
    assert [(item.rest, item.alpha_without) for item in item_rest(items)] == [(None, None)] * 4


def test_items_that_do_not_vary_have_no_correlation_and_leave_omega_alone() -> None:
    items = one_factor(200, 5, 0.7)
    padded = np.column_stack([items, np.ones(200), np.zeros(200)])
    assert omega(padded) == pytest.approx(omega(items))
    assert [item.rest for item in item_rest(padded)][-2:] == [None, None]


def test_item_rest_by_hand() -> None:
    for place, item in enumerate(item_rest(WORKED)):
        others = np.delete(WORKED, place, axis=1)
        assert item.rest == pytest.approx(np.corrcoef(WORKED[:, place], others.sum(axis=1))[0, 1])
        assert item.alpha_without == pytest.approx(alpha(others))


@given(drawn)
def test_never_nan(items: np.ndarray) -> None:
    found = [alpha(items), omega(items), *(one for item in item_rest(items) for one in (item.rest, item.alpha_without))]
    assert all(one is None or np.isfinite(one) for one in found)
    assert alpha(items) is None or alpha(items) == pytest.approx(alpha(items[:, ::-1]))
    share = omega(items)
    assert share is None or 0 <= share <= 1


def two_scales(between: float) -> tuple[Scale, Scale]:
    random = np.random.RandomState(4)
    one, noise = random.normal(size=(2, 400, 1))
    other = between * one + np.sqrt(1 - between**2) * noise
    return tuple(Scale(0.6 * trait + 0.8 * random.normal(size=(400, 10))) for trait in (one, other))  # type: ignore[return-value]


@pytest.mark.parametrize("between", [0.3, 0.7, 1.0])
def test_correction_for_attenuation_finds_the_true_correlation(between: float) -> None:
    found = disattenuated(*two_scales(between))
    assert found.value == pytest.approx(between, abs=0.1)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= between <= found.high
    assert (found.high < 1) == (between < 1)


def test_the_correction_by_its_formula() -> None:
    one, other = two_scales(0.5)
    r = np.corrcoef(one.items.sum(axis=1), other.items.sum(axis=1))[0, 1]
    product = (alpha(one.items) or 0) * (alpha(other.items) or 0)
    assert disattenuated(one, other).value == pytest.approx(r / np.sqrt(product))
    assert disattenuated(other, one).value == pytest.approx(disattenuated(one, other).value)


def test_no_correction_without_reliability() -> None:
    one, _ = two_scales(0.5)
    for items in (np.ones((400, 3)), np.tile([[1.0, 0.0], [0.0, 1.1]], (200, 1)), one.items[:, :1]):
        assert disattenuated(one, Scale(items)) == Estimate(None)
    assert disattenuated(Scale(np.empty((0, 3))), Scale(np.empty((0, 3)))) == Estimate(None)
