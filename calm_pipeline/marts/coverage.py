"""Respondents against the register: who answered, who did not, and whether they differ."""

from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from calm_pipeline import statistics
from calm_pipeline.engine import collect
from calm_pipeline.groupings import Grouping, Groupings
from calm_pipeline.survey import Survey, Words

COLUMNS = (
    *("edition", "grouped_by", "group_name", "position", "label_en", "label_zh", "population", "respondents"),
    *("response_rate", "rate_low", "rate_high", "population_share", "respondent_share", "difference"),
    *("chi_square", "freedom", "p", "smallest_expected", "finite_population_correction"),
)
TOTAL, ALL = "total", Words(en="All", zh="全部")


def coverage(libraries: ir.Table, submissions: ir.Table, survey: Survey, groupings: Groupings) -> pd.DataFrame:
    """Eligible libraries and those that answered, in total and by every grouping of the register."""
    eligible = collect(libraries.filter(libraries.eligible))
    answered = collect(submissions.filter(submissions.status == "accepted").select("library_id"))
    responded = eligible["library_id"].isin(answered["library_id"])
    rows = [*_grouped(TOTAL, None, pd.Series(TOTAL, eligible.index, dtype=object), responded)]
    for name, grouping in groupings.groupings.items():
        groups = eligible[grouping.column].map(grouping.group).astype(object)
        rows += _grouped(name, grouping, groups, responded)
    return pd.DataFrame(rows, columns=COLUMNS).assign(edition=survey.edition)


def _grouped(name: str, grouping: Grouping | None, groups: pd.Series, responded: pd.Series) -> list[dict[str, Any]]:
    answered = responded.astype(int).groupby(groups)
    sizes, counts = answered.size(), answered.sum()
    fit = statistics.fit(np.column_stack([counts, sizes - counts]).astype(float))
    n, population = int(counts.sum()), int(sizes.sum())
    tested = {"chi_square": fit.chi_square, "freedom": fit.freedom, "p": fit.p}
    factor = statistics.finite_population_correction(n, population) if grouping is None else None
    order = sorted(sizes.index, key=grouping.place) if grouping else list(sizes.index)
    return [
        {"grouped_by": name, "group_name": group, "position": position, **_label(grouping, group)}
        | _shares(int(counts[group]), int(sizes[group]), n, population)
        | {**tested, "smallest_expected": fit.smallest_expected, "finite_population_correction": factor}
        for position, group in enumerate(order, 1)
    ]


def _label(grouping: Grouping | None, group: str) -> dict[str, str]:
    label = grouping.label(group) if grouping else ALL
    return {"label_en": label.en, "label_zh": label.zh}


def _shares(respondents: int, of: int, n: int, population: int) -> dict[str, Any]:
    low, high = statistics.wilson(respondents, of) or (None, None)
    here = respondents / n if n else None
    return {
        **{"population": of, "respondents": respondents},
        **{"response_rate": respondents / of, "rate_low": low, "rate_high": high},
        **{"population_share": of / population, "respondent_share": here},
        "difference": None if here is None else here - of / population,
    }
