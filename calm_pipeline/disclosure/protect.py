"""The defence: which further cells are hidden so that none of the small ones can be worked out from the rest.

Complementary suppression after Fischetti and Salazar (2001, Management Science 47, 1008-1027), whose attacker program
stands in `audit`; cells are added one by one where they found the best set.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from calm_pipeline.disclosure.audit import reach
from calm_pipeline.disclosure.relations import Integers, Mask, System


class Protection(NamedTuple):
    """Which cells are hidden, and how many steps each of them must stay open at least."""

    hidden: Mask
    width: Integers


def protect(system: System, small: Mask, threshold: int) -> Protection:
    """Hide the `small` cells and as many others as it takes.

    Of a small cell, the values that remain possible span at least `threshold`; of any other hidden cell, there are at
    least two. Where even hiding everything leaves less open, because totals that are published anyway say more, that is
    all that can be asked for, and a cell which they give away entirely is shown.
    """
    width = _wanted(system, small, threshold)
    hidden = small & (width > 0)
    neighbours = _Neighbours(system)
    found = None
    while True:
        found = reach(system, hidden, width, found)
        narrow = np.flatnonzero(hidden & (found.width < width))
        if not len(narrow):
            return Protection(hidden, np.where(hidden, width, 0))
        allowed = ~hidden & (width > 0)
        hidden[sorted({neighbours.cheapest(cell, hidden, allowed) for cell in narrow.tolist()})] = True


def exposed(system: System, small: Mask, hidden: Mask, threshold: int) -> Mask:
    """Which cells tell more than they may: small ones that are shown or not open enough, others hidden in vain.

    It asks of any set of hidden cells what `protect` promises of its own.
    """
    width = _wanted(system, small, threshold)
    mask: Mask = (small | hidden) & (reach(system, hidden, width).width < width)
    return mask


def _wanted(system: System, small: Mask, threshold: int) -> Integers:
    """How many steps each cell must stay open if it is hidden; none where the totals give it away."""
    width = np.minimum(np.where(small, threshold, 1), system.upper - system.lower)
    wanted: Integers = np.minimum(width, reach(system, np.ones(len(small), bool), width).width)
    return wanted


class _Neighbours:
    """Which cells stand in a relation with which."""

    def __init__(self, system: System) -> None:
        relations = abs(system.relations)
        equations = relations[np.flatnonzero(system.equations)]
        self.ways = [(part.T.tocsr(), part) for part in (equations, relations)]
        self.cost = np.minimum(system.values - system.lower, system.upper - system.values)

    def cheapest(self, cell: int, hidden: Mask, allowed: Mask) -> int:
        """Of the nearest cells that may be hidden, the one closest to being small itself.

        Equations come first: two cells that only an inequality relates seldom hide each other. One is always found, for
        a cell whose whole part of the system is hidden is as wide as it can be.
        """
        for back, relations in self.ways:
            met = np.arange(len(hidden)) == cell
            seen = np.zeros_like(met)
            while (met & ~seen).any():
                seen |= met
                met = _touched(back, _touched(relations, seen & hidden))
                if len(found := np.flatnonzero(met & allowed)):
                    return int(found[np.argmin(self.cost[found])])
        raise AssertionError("a cell that is as wide as it can be needs no other")


def _touched(matrix: sparse.csr_array, mask: Mask) -> Mask:
    touched: Mask = (matrix @ mask.astype(float)) > 0
    return touched
