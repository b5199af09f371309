"""What an estimate is, and when an array varies enough to have one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Z = float(stats.norm.ppf(0.975))
SMALL = 1e-9
"""Values that differ by less, measured against the largest of them, are equal but for rounding."""


@dataclass(frozen=True)
class Estimate:
    """A statistic with its 95% interval and two-sided p-value; None for each that does not exist."""

    value: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None


def varies(*columns: Floats) -> bool:
    """Whether there are at least three values and each column has different ones."""
    return len(columns[0]) > 2 and all(_spread(column) for column in columns)


def _spread(column: Floats) -> bool:
    return float(np.ptp(column)) > SMALL * max(1e-100, float(np.abs(column).max()))
