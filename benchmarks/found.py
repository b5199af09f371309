"""What every contender hands back: how long its steps took, and the figures that must be equal."""

import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DECIMALS = 9
"""Correlations differ beyond that with the order in which an engine adds."""


class Found:
    """Collects seconds a step and figures, and writes them as JSON."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.figures: dict[str, Any] = {}
        self._last = (time.perf_counter(), time.process_time())

    def lap(self, step: str) -> None:
        """The time since the last lap was spent on `step`."""
        now = (time.perf_counter(), time.process_time())
        for spent, end, begin in zip((self.seconds, self.cpu), now, self._last, strict=True):
            spent[step] = round(spent.get(step, 0) + end - begin, 3)
        self._last = now

    def statuses(self, counts: Mapping[str, int]) -> None:
        """How many submissions have each status."""
        self.figures["statuses"] = {status: int(n) for status, n in sorted(counts.items())}

    def options(self, rows: Iterable[tuple[str, str, int, int, int]]) -> None:
        """Question, option, asked, answered, count."""
        self.figures["option_counts"] = sorted([*names, *map(int, counts)] for *names, counts in _split(rows))

    def correlations(self, rows: Iterable[tuple[str, str, str, float]]) -> None:
        """Definition, one index, the other, Pearson's r."""
        self.figures["correlations"] = sorted([*names, round(float(r), DECIMALS)] for *names, r in rows)

    def write(self, out: Path) -> None:
        """One JSON file."""
        told = {"seconds": self.seconds, "cpu": self.cpu, "figures": self.figures}
        out.write_text(json.dumps(told, indent=1), encoding="utf-8")


def _split(rows: Iterable[tuple[str, str, int, int, int]]) -> Iterable[tuple[str, str, tuple[int, int, int]]]:
    return ((question, option, (asked, answered, count)) for question, option, asked, answered, count in rows)
