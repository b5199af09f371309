"""The bootstrap: the same on every machine, near what scipy finds, and covering as often as it says."""

from hashlib import sha256
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from calm_pipeline.statistics import bootstrap_pearson, resampling
from calm_pipeline.statistics.resampling import TIMES, _groups, resampled
from tests.statistics.strategies import pairs

DRAWN = "302f140c5b82e8fa30fa045dc7e9f755afceabfadb0659440aff9b98c9259832"


def sample(n: int, r: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.RandomState(seed)
    x, noise = random.normal(size=(2, n))
    return x, r * x + np.sqrt(1 - r * r) * noise


def test_resamples_are_those_of_every_machine() -> None:
    drawn = np.round(resampled(np.eye(7)) * 7).astype("<i8")
    assert drawn.shape == (TIMES, 7)
    assert (drawn.sum(axis=1) == 7).all()
    assert sha256(drawn.tobytes()).hexdigest() == DRAWN


@pytest.mark.parametrize("at_once", [1, 7, 700, 13_999])
def test_resamples_of_which_only_some_are_in_memory_are_the_same(at_once: int) -> None:
    all_ = resampled(np.eye(7))
    with mock.patch.object(resampling, "AT_ONCE", at_once):
        np.testing.assert_array_equal(resampled(np.eye(7)), all_)


@pytest.mark.parametrize("n", [4000, 4019])
def test_of_many_rows_groups_are_drawn_whose_means_vary_as_much(n: int) -> None:
    """Also where rows are in some order, as of submissions that grow larger with time."""
    noise = np.random.default_rng(1).exponential(size=n)
    columns = np.column_stack([noise, np.arange(n) / n, np.ones(n)])
    with mock.patch.object(resampling, "GROUPS", 2000):
        drawn = resampled(columns)
        apart = [resampled(column[:, None])[:, 0] for column in columns.T]
    np.testing.assert_allclose(drawn.mean(axis=0), columns.mean(axis=0), rtol=0.01)
    np.testing.assert_allclose(drawn.std(axis=0), columns.std(axis=0) / np.sqrt(n), rtol=0.06, atol=1e-12)
    np.testing.assert_allclose(drawn, np.column_stack(apart), rtol=1e-12)


def test_groups_are_those_of_every_machine() -> None:
    assert _groups(10, 3).tolist() == [1, 0, 2, 0, 0, 0, 2, 1, 1, 2]


def test_twice_the_same() -> None:
    x, y = sample(80, 0.7, 1)
    assert bootstrap_pearson(x, y) == bootstrap_pearson(x.copy(), y.copy())


def test_near_what_scipy_finds() -> None:
    x, y = sample(122, 0.79, 2)
    theirs = stats.bootstrap(
        (x, y),
        lambda a, b, axis: stats.pearsonr(a, b, axis=axis).statistic,
        paired=True,
        n_resamples=4000,
        rng=np.random.default_rng(1),
    ).confidence_interval
    assert bootstrap_pearson(x, y) == pytest.approx((theirs.low, theirs.high), abs=0.02)


def test_it_covers() -> None:
    """Of 200 samples of 122, about 95% of intervals hold the true correlation."""
    found = [bootstrap_pearson(*sample(122, 0.75, seed)) for seed in range(200)]
    inside = sum(interval is not None and interval[0] <= 0.75 <= interval[1] for interval in found)
    assert 180 <= inside <= 199


@given(pairs)
def test_bounds(pair: np.ndarray) -> None:
    found = bootstrap_pearson(*pair)
    assert found is None or -1 <= found[0] <= found[1] <= 1


@pytest.mark.parametrize("n", [0, 1, 2, 4])
def test_too_few(n: int) -> None:
    assert bootstrap_pearson(np.arange(n, dtype=float), np.arange(n, dtype=float)) is None


def test_one_outlier_alone_varies_in_too_few_resamples() -> None:
    x = np.zeros(60)
    x[0] = 1
    assert (
        bootstrap_pearson(x, np.arange(60.0)) is None or np.isfinite(bootstrap_pearson(x, np.arange(60.0)) or 0).all()
    )
    assert bootstrap_pearson(np.arange(30.0), np.arange(30.0)) is None
