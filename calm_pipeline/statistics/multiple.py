"""Many tests at once: p-values of a family, adjusted."""

from collections.abc import Sequence

import numpy as np


def holm(family: Sequence[float | None]) -> list[float | None]:
    """p-values adjusted so that 5% of such families err anywhere; tests that do not exist stay None and do not count.

    Holm (1979), Scand. J. Statist. 6, 65-70. Not statsmodels' own: it collects garbage at each call, for half a second.
    """
    there = np.array([p for p in family if p is not None])
    order = np.argsort(there, kind="stable")
    adjusted = np.empty_like(there)
    adjusted[order] = np.minimum(np.maximum.accumulate(there[order] * np.arange(len(there), 0, -1)), 1)
    values = iter(adjusted)
    return [None if p is None else float(next(values)) for p in family]
