"""Respondents against the register: how many answered, how many did not, and whether they differ."""

from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from calm_pipeline import statistics
from calm_pipeline.disclosure import Relations, gathered, protect
from calm_pipeline.engine import collect
from calm_pipeline.groupings import Grouping, Groupings
from calm_pipeline.survey import Survey, Words

COLUMNS = (
    *("edition", "grouped_by", "group_name", "position", "label_en", "label_zh", "population", "respondents"),
    *("response_rate", "rate_low", "rate_high", "population_share", "respondent_share", "difference"),
    *("chi_square", "freedom", "p", "smallest_expected", "finite_population_correction", "protection"),
)
TOTAL, ALL = "total", Words(en="All", zh="全部")
Counts = dict[str, tuple[int, int]]
"""By group, respondents and all eligible libraries."""


def coverage(libraries: ir.Table, submissions: ir.Table, survey: Survey, groupings: Groupings) -> pd.DataFrame:
    """Eligible libraries and those that answered, in total and by every grouping of the register.

    Which libraries are eligible is public, who answered is not: where fewer than the threshold of a group did, or fewer
    did not, the respondents are empty, and those of other groups too if they could be worked out.
    """
    eligible = collect(libraries.filter(libraries.eligible))
    answered = collect(submissions.filter(submissions.status == "accepted").select("library_id"))
    responded = eligible["library_id"].isin(answered["library_id"])
    rows = _grouped(TOTAL, None, _counts(pd.Series(TOTAL, eligible.index, dtype=object), responded), set())
    for name, grouping in groupings.groupings.items():
        counts = _counts(eligible[grouping.column].map(grouping.group).astype(object), responded)
        rows += _grouped(name, grouping, counts, _hidden(counts, groupings))
    return pd.DataFrame(rows, columns=COLUMNS).assign(edition=survey.edition)


def _counts(groups: "pd.Series[str]", responded: "pd.Series[bool]") -> Counts:
    found = responded.groupby(groups).agg(["sum", "size"])
    return {str(name): (int(row["sum"]), int(row["size"])) for name, row in found.to_dict("index").items()}


def _hidden(counts: Counts, groupings: Groupings) -> set[str]:
    """The groups whose respondents are not shown; those that `groups` shows are known to everybody."""
    together = gathered({name: (n, of - n) for name, (n, of) in counts.items() if n}, groupings.alone)
    relations, names = Relations(), list(counts)
    public = {name for name in names if name not in together and counts[name][0]}
    bounds = [(n, n if name in public else 0, n if name in public else of) for name, (n, of) in counts.items()]
    cells = [relations.cell(*bound) for bound in bounds]
    total = sum(n for n, _ in counts.values())
    relations.relate(cells, [], total, total)
    small = np.array([name not in public and min(n, of - n) < groupings.threshold for name, (n, of) in counts.items()])
    hidden = protect(relations.system(), small.astype(bool), groupings.threshold).hidden
    return {name for name, is_hidden in zip(names, hidden, strict=True) if is_hidden}


def _grouped(name: str, grouping: Grouping | None, counts: Counts, hidden: set[str]) -> list[dict[str, Any]]:
    n, population = (sum(sides) for sides in zip(*counts.values(), strict=True)) if counts else (0, 0)
    fit = _fit(counts, hidden)
    tested = {"chi_square": fit.chi_square, "freedom": fit.freedom, "p": fit.p}
    factor = statistics.finite_population_correction(n, population) if grouping is None else None
    order = sorted(counts, key=grouping.place) if grouping else list(counts)
    return [
        {"grouped_by": name, "group_name": group, "position": position, **_label(grouping, group)}
        | (_unshown if group in hidden else _shares)(*counts[group], n, population)
        | {**tested, "smallest_expected": fit.smallest_expected, "finite_population_correction": factor}
        for position, group in enumerate(order, 1)
    ]


def _fit(counts: Counts, hidden: set[str]) -> statistics.Fit:
    """The test of what is shown: groups that are hidden count as one, so that it tells no more of them."""
    shown = [sides for name, sides in counts.items() if name not in hidden]
    together = [counts[name] for name in hidden]
    rows = [*shown, (sum(n for n, _ in together), sum(of for _, of in together))] if together else shown
    return statistics.fit(np.array([(n, of - n) for n, of in rows], dtype=float).reshape(-1, 2))


def _label(grouping: Grouping | None, group: str) -> dict[str, str]:
    label = grouping.label(group) if grouping else ALL
    return {"label_en": label.en, "label_zh": label.zh}


def _shares(respondents: int, of: int, n: int, population: int) -> dict[str, Any]:
    low, high = statistics.wilson(respondents, of) or (None, None)
    here = respondents / n if n else None
    return {
        **{"population": of, "respondents": respondents, "protection": "none"},
        **{"response_rate": respondents / of, "rate_low": low, "rate_high": high},
        **{"population_share": of / population, "respondent_share": here},
        "difference": None if here is None else here - of / population,
    }


def _unshown(_respondents: int, of: int, _n: int, population: int) -> dict[str, Any]:
    return {"population": of, "population_share": of / population, "protection": "suppressed"}
