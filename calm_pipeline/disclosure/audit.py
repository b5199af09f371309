"""The attack: how far each hidden cell can be narrowed down by who solves the equations of all that is published."""

from typing import NamedTuple

import numpy as np
from scipy import optimize, sparse

from calm_pipeline.disclosure.relations import Floats, Integers, Mask, System

NEARLY = 1e-6
SHAKES = 4


class Range(NamedTuple):
    """The smallest and largest value that each cell was found able to have."""

    low: Integers
    high: Integers

    @property
    def width(self) -> Integers:
        return self.high - self.low

    def with_table(self, table: Integers) -> "Range":
        """The range with one more possible table."""
        return Range(np.minimum(self.low, table), np.maximum(self.high, table))


def reach(system: System, hidden: Mask, wanted: Integers, known: Range | None = None) -> Range:
    """How far each cell can be from what it is, given the relations and every cell that is not hidden.

    A cell that is found to span `wanted` is not followed further, so its range is at least that wide; the range of
    every other hidden cell is exact. `known` are ranges found when less was hidden, which hold still.

    Cells are whole numbers: a relaxation that allows fractions finds ranges too wide. Parts of the system that share no
    relation are solved in one program, each for a cell of its own. Every solution is one more table that is possible,
    so that few cells need a program of their own; the first ones push all cells about at random for that reason.
    """
    problem = _Problem(system, hidden)
    found = known or Range(system.values, system.values)
    chance = np.random.default_rng(0)
    for _ in range(SHAKES):
        aim = chance.choice([-1, 1], len(hidden)) * (hidden & (found.width < wanted))
        for sign in (1, -1):
            found = found.with_table(problem.best(sign * aim))
    for sign in (1, -1):
        left = hidden & (found.width < wanted)
        while left.any():
            aim = problem.one_a_part(left)
            found = found.with_table(problem.best(sign * aim))
            left &= (aim == 0) & (found.width < wanted)
    return found


class _Problem:
    """The relations with the cells that are shown put in; `part` numbers the parts that share no relation."""

    def __init__(self, system: System, hidden: Mask) -> None:
        self.values, self.cells = system.values, np.flatnonzero(hidden)
        self.lower, self.upper = system.lower[hidden].astype(float), system.upper[hidden].astype(float)
        shown = system.relations[:, np.flatnonzero(~hidden)] @ system.values[~hidden].astype(float)
        rows, least, most = system.relations[:, self.cells], system.at_least - shown, system.at_most - shown
        useful = _binding(rows, self.lower, self.upper, least, most)
        self.rows, self.least, self.most = rows[useful], least[useful], most[useful]
        together = abs(self.rows)
        _, self.part = sparse.csgraph.connected_components(together.T @ together, directed=False)

    def one_a_part(self, wanted: Mask) -> Integers:
        """A weight of 1 for the first of the wanted cells in each part."""
        cells = np.flatnonzero(wanted[self.cells])
        _, first = np.unique(self.part[cells], return_index=True)
        aim = np.zeros(len(wanted), np.int64)
        aim[self.cells[cells[first]]] = 1
        return aim

    def best(self, aim: Integers) -> Integers:
        """A possible table in which the cells, times the weights of `aim`, add up to the most they can."""
        weights, table = aim[self.cells], self.values.copy()
        moved = np.flatnonzero(np.isin(self.part, self.part[weights != 0]))
        if len(moved):
            rows = self.rows[:, moved]
            some = np.flatnonzero(np.diff(rows.indptr))
            bounds = optimize.Bounds(self.lower[moved], self.upper[moved])
            table[self.cells[moved]] = _whole(-weights[moved], bounds, rows[some], self.least[some], self.most[some])
        return table


def _whole(aim: Integers, bounds: optimize.Bounds, rows: sparse.csr_array, least: Floats, most: Floats) -> Integers:
    """The whole numbers within the bounds and relations that make `aim` smallest.

    Where fractions are allowed the best corner is whole already as a rule, and is then the best of the whole ones.
    HiGHS must not presolve the integer program: it has called tables impossible that are not.
    """
    for integrality, presolve in ((0, True), (1, False)):
        found = optimize.milp(
            aim,
            integrality=np.full(len(aim), integrality),
            bounds=bounds,
            constraints=optimize.LinearConstraint(rows, least, most),
            options={"mip_rel_gap": 0.0, "presolve": presolve},
        )
        assert found.x is not None, "the true table is possible"  # noqa: S101
        whole: Integers = np.rint(found.x).astype(np.int64)
        if np.abs(found.x - whole).max() < NEARLY:
            break
    sums = rows @ whole
    assert ((sums >= least) & (sums <= most)).all(), "a solution keeps every relation"  # noqa: S101
    return whole


def _binding(rows: sparse.csr_array, lower: Floats, upper: Floats, least: Floats, most: Floats) -> Mask:
    """Which relations say more about the hidden cells than their bounds do."""
    positive, negative = rows.maximum(0), rows.minimum(0)
    smallest = positive @ lower + negative @ upper
    largest = positive @ upper + negative @ lower
    binding: Mask = (np.diff(rows.indptr) > 0) & ((smallest < least) | (largest > most))
    return binding
