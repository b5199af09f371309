"""What follows from the figures that a report printed, and from nothing else: no answer is looked at."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from calm_pipeline import statistics
from calm_pipeline.published import Published, Share
from calm_pipeline.statistics import Estimate, Floats

COLUMNS = (
    *("edition", "statistic", "subject", "index_a", "index_b", "question", "option"),
    *("n", "line", "value", "low", "high", "p", "holm"),
)
Row = dict[str, Any]


def printed_statistics(published: Published | None, edition: str) -> pd.DataFrame:
    """Intervals, tests and partial correlations of the printed matrix, intervals of the printed shares.

    No rows for an edition of which nothing was printed; what needs the whole matrix is left out if cells are missing.
    """
    rows = [] if published is None else [*_correlations(published), *_matrix(published), *_shares(published)]
    return pd.DataFrame(rows, columns=COLUMNS).assign(edition=edition)


def printed_pairs(published: Published) -> dict[frozenset[str], tuple[Estimate, int]]:
    """Printed correlation and its line, by the pair of indices; the first where a pair stands twice."""
    pairs: dict[frozenset[str], tuple[Estimate, int]] = {}
    for cell in published.correlations:
        if cell.row != cell.column:
            estimate = statistics.fisher(float(cell.r), published.base)
            pairs.setdefault(frozenset((cell.row, cell.column)), (estimate, cell.line))
    return pairs


def printed_shares(published: Published) -> dict[tuple[str, str], tuple[int, int]]:
    """Printed count and its line, by question and option: rows of tables, then shares in the text."""
    rows = {
        (question, option): (count, line)
        for question, options in published.tables.items()
        for option, (count, _, line) in options.items()
    }
    for said in published.statements.values():
        if isinstance(said, Share):
            rows.setdefault((said.question, said.option), (said.count, said.line))
    return rows


def _correlations(published: Published) -> list[Row]:
    pairs = printed_pairs(published)
    named = [(pair, pairs.get(frozenset(pair))) for pair in combinations(_indices(published), 2)]
    return _adjusted([_row("correlation", pair, published, *found) for pair, found in named if found])


def _matrix(published: Published) -> Iterator[Row]:
    names, pairs = _indices(published), printed_pairs(published)
    if len(names) < 2 or any(frozenset(pair) not in pairs for pair in combinations(names, 2)):
        return
    matrix: Floats = np.eye(len(names))
    places = list(combinations(range(len(names)), 2))
    for a, b in places:
        matrix[a, b] = matrix[b, a] = pairs[frozenset((names[a], names[b]))][0].value or 0.0
    if len(names) > 2:
        found = {(a, b): statistics.partial_of(matrix, published.base, a, b) for a, b in places}
        named = [((names[a], names[b]), estimate) for (a, b), estimate in found.items()]
        yield from _adjusted([_row("partial correlation", pair, published, estimate) for pair, estimate in named])
    share = Estimate(statistics.first_component(matrix))
    yield {**_row("first component", tuple(names), published, share), "index_a": None, "index_b": None}


def _shares(published: Published) -> Iterator[Row]:
    for (question, option), (count, line) in printed_shares(published).items():
        row = _row("share", (question, option), published, _share(count, published.base), line)
        yield {**row, "index_a": None, "index_b": None, "question": question, "option": option}


def _share(count: int, base: int) -> Estimate:
    """More than all is no share and has no interval: that the figure is wrong is for `reconcile` to say."""
    if count > base:
        return Estimate(None)
    low, high = statistics.wilson(count, base) or (None, None)
    return Estimate(count / base, low, high)


def _row(statistic: str, about: tuple[str, ...], published: Published, found: Estimate, line: int | None = None) -> Row:
    return {
        **{"statistic": statistic, "subject": ".".join(about), "n": published.base, "line": line},
        **{"index_a": about[0], "index_b": about[1]},
        **{"value": found.value, "low": found.low, "high": found.high, "p": found.p},
    }


def _adjusted(rows: list[Row]) -> list[Row]:
    adjusted = statistics.holm([row["p"] for row in rows])
    return [{**row, "holm": p} for row, p in zip(rows, adjusted, strict=True)]


def _indices(published: Published) -> list[str]:
    return list(dict.fromkeys(name for cell in published.correlations for name in (cell.row, cell.column)))
