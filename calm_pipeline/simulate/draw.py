"""From the pool to batches of any size: who stands in which row, and with whose answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from calm_pipeline.simulate.pool import Pool

Places: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
BATCH = 50_000
NEAR = 32
"""How far apart in the order of their ticks two respondents may stand whose answers are mixed. Less would tie indices
together more than they are, since chance within an index averages out, and more would tear them apart: with this the
correlations come out within .02 of the reconstruction's."""


@dataclass(frozen=True)
class Batch:
    """Rows `first` to `first` + `size` - 1 of the simulation, counted from 0.

    `libraries` is the number of the library that answers in each row, `blocks[block]` the submission of the pool whose
    answers stand in that block of questions; `kinds` are those of rows that are no plain valid submission.
    """

    first: int
    libraries: Places
    blocks: Places
    kinds: dict[int, str]

    @property
    def size(self) -> int:
        return len(self.libraries)


def batches(pool: Pool, submissions: int, malformed: float, seed: int) -> Iterator[Batch]:
    """All batches of a simulation of `submissions` rows, of which about the share `malformed` must not count.

    The same numbers give the same batches.
    """
    for first in range(0, submissions, BATCH):
        size = min(BATCH, submissions - first)
        yield _batch(pool, first, size, malformed, np.random.default_rng([seed, first]))


def _batch(pool: Pool, first: int, size: int, malformed: float, chance: np.random.Generator) -> Batch:
    blocks = _mixed(pool, size, chance)
    libraries = np.arange(first, first + size)
    kinds: dict[int, str] = {}
    for row in _apart(np.flatnonzero(chance.random(size) < malformed), size):
        kind, places = pool.spoilt[int(chance.integers(len(pool.spoilt)))]
        for at, place in enumerate(places):
            blocks[:, row + at], libraries[row + at] = place, first + row
            kinds[first + row + at] = kind
    return Batch(first, libraries, blocks, kinds)


def _apart(rows: Places, size: int) -> list[int]:
    """The rows that leave room for a second row of the same library, before the next one and the end."""
    chosen = [int(row) for row in rows if row + 1 < size]
    return [row for row, before in zip(chosen, [-2, *chosen], strict=False) if row - before > 1]


def _mixed(pool: Pool, size: int, chance: np.random.Generator) -> Places:
    """For each block and row someone near to the row's respondent.

    Steps are as likely up as down and turn back at both ends, so everybody is drawn equally often and the shares of
    the reconstruction stay what they are.
    """
    last, count = len(pool.valid) - 1, max(pool.blocks.values()) + 1
    near = chance.integers(last + 1, size=size) + chance.integers(-NEAR, NEAR + 1, size=(count, size))
    near = np.where(near < 0, -1 - near, near)
    near = np.where(near > last, 2 * last + 1 - near, near)
    mixed: Places = pool.valid[near]
    return mixed
