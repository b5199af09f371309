"""The only source of chance: draws that are the same on every machine and every Python."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

UNIFORMS = 12  # the variance of a sum of twelve uniform draws is one


class Chance:
    """Everything is made of `random.random`, whose sequence for a seed is guaranteed; its other methods are not."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed).random  # noqa: S311

    def below(self, end: int) -> int:
        """A whole number from 0 to `end` - 1."""
        return int(self._draw() * end)

    def happens(self, share: float) -> bool:
        """True in this share of draws."""
        return self._draw() < share

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All items in any order."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def bell(self) -> float:
        """A draw with mean 0, variance 1 and nearly normal shape, from sums alone."""
        total = -UNIFORMS / 2
        for _ in range(UNIFORMS):
            total += self._draw()
        return total

    def skewed(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, small ones being more frequent."""
        draw = self._draw()
        return low + int((high - low + 1) * draw * draw)
