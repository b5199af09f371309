"""What a whole `calm run` of the real edition costs, and how much of that is start-up, import by import."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

from benchmarks.measure import Cost, medians, python

IMPORTS = ("calm_pipeline.cli", "pandas", "ibis", "calm_pipeline.project", "dagster", "great_expectations")
"""Each in a process of its own, so what several of them need is counted in each."""
RUN = "calm run 2023, 122 rows"


def starts(checkout: Path, to: Path, times: int) -> Iterator[tuple[str, Cost]]:
    """What is started, and the medians of what it costs."""
    commands = {"python alone": "pass", **{f"import {name}": f"import {name}" for name in IMPORTS}}
    for name, program in {**commands, "import assets.definitions": "import assets.definitions"}.items():
        yield name, medians([python("-c", program, CALM_ROOT=str(checkout)) for _ in range(times)])
    yield RUN, medians([_whole(checkout, to / str(time)) for time in range(times)])


def _whole(checkout: Path, root: Path) -> Cost:
    copytree(checkout / "schemas", root / "schemas")
    copytree(checkout / "data" / "raw", root / "data" / "raw")
    return python("-m", "calm_pipeline", "run", "2023", CALM_ROOT=str(root))
