"""What was measured, as Markdown and as a picture; both also hold how busy the machine was."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from benchmarks.contenders import CONTENDERS, CORE
from benchmarks.measure import Cost


@dataclass
class Results:
    """`costs` by number and contender, `steps` seconds of each step likewise, `starts` by what starts."""

    machine: str
    times: dict[int, int] = field(default_factory=dict)
    costs: dict[int, dict[str, Cost]] = field(default_factory=dict)
    steps: dict[int, dict[str, dict[str, float]]] = field(default_factory=dict)
    corrected: dict[int, dict[str, Cost]] = field(default_factory=dict)
    starts: dict[str, Cost] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """`results.md` and `results.svg`."""
        (folder / "results.md").write_text("\n".join(self._lines()) + "\n", encoding="utf-8", newline="\n")
        _chart(self.costs).save(folder / "results.svg")

    def _lines(self) -> Iterator[str]:
        yield "# What was measured"
        yield f"\nWritten by `make bench`. {self.machine}\n\n![seconds and memory](results.svg)"
        for n, costs in self.costs.items():
            yield f"\n## {n:,} submissions\n\nMedians of {self.times[n]}. All made the same of the same files.\n"
            yield from _table(["", "seconds", "to the best", "processor seconds", "peak MiB"], _ratios(costs))
        if self.corrected:
            yield "\n## One submission corrected\n\nBy the core after a run of it; made from nothing it was the same.\n"
            rows = (
                [f"{n:,}, {name}", *_cost(cost)] for n, found in self.corrected.items() for name, cost in found.items()
            )
            yield from _table(["submissions", "seconds", "processor seconds", "peak MiB"], rows)
        for n, steps in self.steps.items():
            yield f"\n## Seconds a step, {n:,} submissions\n"
            for name, seconds in steps.items():
                said = ", ".join(f"{step} {spent:.1f}" for step, spent in seconds.items())
                yield f"- {CONTENDERS[name].title}: {said}"
        if self.starts:
            yield "\n## The real edition, and what it takes to start\n"
            yield from _table(["", "seconds", "processor seconds", "peak MiB"], map(_start, self.starts.items()))


def _table(header: list[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(header) + " |"
    yield "| --- |" + " ---: |" * (len(header) - 1)
    yield from ("| " + " | ".join(row) + " |" for row in rows)


def _ratios(costs: Mapping[str, Cost]) -> Iterator[list[str]]:
    best = min((cost.wall for cost in costs.values() if not cost.failed), default=float("nan"))
    for name, cost in sorted(costs.items(), key=lambda one: one[1].wall):
        figures = [f"{cost.wall:.1f}", f"{cost.wall / best:.2f}", f"{cost.cpu:.1f}", f"{cost.peak / 2**20:,.0f}"]
        yield [CONTENDERS[name].title, *([cost.failed, "", "", figures[-1]] if cost.failed else figures)]


def _start(start: tuple[str, Cost]) -> list[str]:
    name, cost = start
    return [f"`{name}`", *_cost(cost)]


def _cost(cost: Cost) -> list[str]:
    return [cost.failed or f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.peak / 2**20:,.0f}"]


def _chart(costs: Mapping[int, Mapping[str, Cost]]) -> Any:
    rows = [
        {"submissions": f"{n:,}", "who": CONTENDERS[name].title, "own": name == CORE, "figure": figure, "value": value}
        for n, found in costs.items()
        for name, cost in found.items()
        if not cost.failed
        for figure, value in (("seconds", cost.wall), ("peak MiB", cost.peak / 2**20))
    ]
    bars = alt.Chart(pd.DataFrame(rows)).encode(y=alt.Y("who:N", title=None, sort="x"), x=alt.X("value:Q", title=None))
    drawn = bars.mark_bar().encode(color=alt.Color("own:N", legend=None)) + bars.mark_text(align="left", dx=3).encode(
        text=alt.Text("value:Q", format=",.3~g")
    )
    apart = drawn.properties(width=260).facet(column=alt.Column("figure:N", title=None), row="submissions:N")
    return apart.resolve_scale(x="independent", y="independent")
