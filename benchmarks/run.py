"""`make bench`: every contender on the same simulated files, each in a process of its own, and what came of it.

CALM_BENCH says how many submissions, several numbers for several runs; 10000 and 100000 if it says nothing.
CALM_BENCH_TIMES says how often each is measured; three times, once from a million on, if it says nothing.
"""

import json
import os
import platform
import sys
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from benchmarks.contenders import CONTENDERS, CORE
from benchmarks.corrected import correct
from benchmarks.equal import same
from benchmarks.measure import Cost, medians
from benchmarks.results import Results
from benchmarks.simulated import simulated
from benchmarks.start import starts

CHECKOUT = Path(__file__).parents[1]
SMALL, TIMES = 1_000_000, 3


def main() -> None:
    """Measure, compare, write; what was measured is written after each size."""
    sizes = [int(size) for size in os.environ.get("CALM_BENCH", "10000 100000").replace(",", " ").split()]
    results = Results(_machine())
    with TemporaryDirectory() as folder:
        results.starts = dict(starts(CHECKOUT, Path(folder) / "runs", _times(0)))
        for size in sizes:
            _size(results, size, Path(folder))
            results.write(CHECKOUT / "benchmarks")


def _size(results: Results, size: int, folder: Path) -> None:
    root, times = simulated(CHECKOUT, folder / str(size), size), _times(size)
    costs: dict[str, list[Cost]] = {name: [] for name in CONTENDERS}
    made = {}
    for turn in range(times):
        for name, contender in CONTENDERS.items():
            out = folder / name
            cost = contender.run(root, out)
            costs[name].append(cost)
            sys.stderr.write(f"{size:>9,} {name:<10} {cost.wall:8.1f} s {cost.peak >> 20:6} MiB {cost.failed}\n")
            if not cost.failed and not turn:
                made[name] = contender.made(root, out)
                results.steps.setdefault(size, {})[name] = json.loads((out / "found.json").read_text())["seconds"]
    same(made)
    results.corrected[size] = _corrected(root, folder, compare=size < SMALL)
    results.times[size] = times
    results.costs[size] = {name: medians(found) for name, found in costs.items()}
    rmtree(root)


def _corrected(root: Path, folder: Path, *, compare: bool) -> dict[str, Cost]:
    """One submission corrected after the core's last run; to `compare`, the same from nothing."""
    core, out = CONTENDERS[CORE], folder / CORE
    correct(root, "2023")
    after = {"one corrected": core.again(root, out)}
    if compare:
        made = core.made(root, out)
        after["all from nothing"] = core.run(root, out)
        same({"all from nothing": core.made(root, out), "one corrected": made})
    return after


def _times(size: int) -> int:
    return int(os.environ.get("CALM_BENCH_TIMES", TIMES if size < SMALL else 1))


def _machine() -> str:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return f"{os.cpu_count()} cores, Python {platform.python_version()}; load when it began: {load:.1f}."


if __name__ == "__main__":
    main()
