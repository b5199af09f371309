"""Random small tables as systems, and every table of whole numbers that fits what is shown of one."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from hypothesis import strategies as st

from calm_pipeline.disclosure import Relations, System

THRESHOLD = 3


def small(values: list[int], sizes: list[int]) -> list[bool]:
    return [min(value, size - value) < THRESHOLD for value, size in zip(values, sizes, strict=True)]


@st.composite
def ticks(draw: st.DrawFn) -> tuple[System, np.ndarray]:
    """Options ticked in two or three groups: totals, an option that excludes the others, nobody without a tick."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=3))
    options = draw(st.integers(1, 2 if len(sizes) == 3 else 3))
    exclusive = draw(st.booleans()) and options > 1
    relations, flags, cells = Relations(), [], []
    for size in sizes:
        alone = draw(st.integers(0, size)) if exclusive else 0
        counts = [alone] if exclusive else []
        counts += [draw(st.integers(0, size - alone)) for _ in range(options - len(counts))]
        counts[-1] = max(counts[-1], size - sum(counts[:-1])) if options > 1 else counts[-1]
        numbers = [relations.cell(count, 0, size) for count in counts]
        if exclusive:
            for number in numbers[1:]:
                relations.relate([numbers[0], number], [], 0, size)
        if options > 1:
            relations.relate(numbers, [], size, np.inf)
        cells.append(numbers)
        flags += small(counts, [size] * options)
    for column in zip(*cells, strict=True):
        total = sum(relations.cells[cell][0] for cell in column)
        relations.relate(column, [], total, total)
    return relations.system(), np.array(flags)


@st.composite
def choices(draw: st.DrawFn) -> tuple[System, np.ndarray]:
    """One option chosen by each library of two or three groups: rows and columns add up, as in any two-way table."""
    shape = draw(st.sampled_from([(2, 2), (2, 3), (3, 2)]))
    counts = np.array([[draw(st.integers(0, 4)) for _ in range(shape[1])] for _ in range(shape[0])])
    relations, flags = Relations(), []
    cells = np.array([[relations.cell(int(n), 0, int(row.sum())) for n in row] for row in counts])
    for row, numbers in zip(counts, cells, strict=True):
        relations.relate(numbers.tolist(), [], int(row.sum()), int(row.sum()))
        flags += small(row.tolist(), [int(row.sum())] * len(row))
    for column, numbers in zip(counts.T, cells.T, strict=True):
        relations.relate(numbers.tolist(), [], int(column.sum()), int(column.sum()))
    return relations.system(), np.array(flags)


def possible(system: System, hidden: np.ndarray) -> np.ndarray:
    """Every table that agrees with what is shown and with the relations, tried one by one."""
    values = [
        range(low, high + 1) if open_ else (value,)
        for low, high, value, open_ in zip(system.lower, system.upper, system.values, hidden, strict=True)
    ]
    tables = np.array(list(product(*values)))
    sums = tables @ system.relations.toarray().T
    return tables[((sums >= system.at_least) & (sums <= system.at_most)).all(axis=1)]


def spans(system: System, hidden: np.ndarray) -> Iterator[int]:
    """How far the values of each cell are apart over all possible tables."""
    tables = possible(system, hidden)
    yield from (tables.max(axis=0) - tables.min(axis=0)).tolist()
