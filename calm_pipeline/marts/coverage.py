"""Respondents against the register: who answered, who did not, and whether they differ."""

from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from calm_pipeline import statistics
from calm_pipeline.engine import collect
from calm_pipeline.survey import Survey

BANDS = 4
COLUMNS = (
    *("edition", "grouping", "category", "population", "respondents", "response_rate", "rate_low", "rate_high"),
    *("population_share", "respondent_share", "difference", "chi_square", "freedom", "p", "smallest_expected"),
    "finite_population_correction",
)


def coverage(libraries: ir.Table, submissions: ir.Table, survey: Survey) -> pd.DataFrame:
    """Eligible libraries and those that answered: in total, and by province, type and quarter of the staff counts."""
    eligible = collect(libraries.filter(libraries.eligible))
    answered = collect(submissions.filter(submissions.status == "accepted").select("library_id"))
    eligible["responded"] = eligible["library_id"].isin(answered["library_id"])
    groupings = {
        "total": pd.Series("all", eligible.index, dtype=object),
        "province": eligible["province"],
        "type": eligible["type"],
        "staff": _bands(eligible["staff_count"]),
    }
    rows = [row for name, groups in groupings.items() for row in _grouping(name, groups, eligible["responded"])]
    return pd.DataFrame(rows, columns=COLUMNS).assign(edition=survey.edition)


def _bands(staff: pd.Series) -> pd.Series:
    """The quarter of the population to which each staff count belongs, as from-to."""
    if staff.empty:
        return staff.astype(object)
    quarters = np.searchsorted(np.unique(np.quantile(staff, np.arange(1, BANDS) / BANDS)), staff)
    ends = staff.groupby(quarters).transform("min"), staff.groupby(quarters).transform("max")
    return pd.Series([f"{low:.0f}-{high:.0f}" for low, high in zip(*ends, strict=True)], staff.index, dtype=object)


def _grouping(name: str, groups: pd.Series, responded: pd.Series) -> list[dict[str, Any]]:
    answered = responded.astype(int).groupby(groups)
    categories, sizes, counts = list(answered.groups), answered.size().to_numpy(), answered.sum().to_numpy()
    fit = statistics.fit(np.column_stack([counts, sizes - counts]).astype(float))
    n, population = int(counts.sum()), int(sizes.sum())
    tested = {"chi_square": fit.chi_square, "freedom": fit.freedom, "p": fit.p}
    factor = statistics.finite_population_correction(n, population) if name == "total" else None
    return [
        {"grouping": name, "category": category, **_shares(int(count), int(size), n, population), **tested}
        | {"smallest_expected": fit.smallest_expected, "finite_population_correction": factor}
        for category, size, count in zip(categories, sizes, counts, strict=True)
    ]


def _shares(respondents: int, of: int, n: int, population: int) -> dict[str, Any]:
    low, high = statistics.wilson(respondents, of) or (None, None)
    here = respondents / n if n else None
    return {
        **{"population": of, "respondents": respondents},
        **{"response_rate": respondents / of, "rate_low": low, "rate_high": high},
        **{"population_share": of / population, "respondent_share": here},
        "difference": None if here is None else here - of / population,
    }
