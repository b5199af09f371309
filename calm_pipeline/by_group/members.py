"""Which accepted submission belongs to which group, so that no group is too small to say anything about."""

from collections import Counter

import ibis.expr.types as ir
import pandas as pd

from calm_pipeline.disclosure import gathered
from calm_pipeline.engine import collect
from calm_pipeline.groupings import REST, Grouping, Groupings
from calm_pipeline.survey import Survey

BY = ["grouped_by", "group_name"]


def groups(submissions: ir.Table, libraries: ir.Table, survey: Survey, groupings: Groupings) -> pd.DataFrame:
    """Every group of accepted submissions, one row each; a grouping that is left with a single group has no rows."""
    found = members(submissions, libraries, groupings)
    sizes = Counter(zip(found["grouped_by"], found["group_name"], strict=True))
    rows = []
    for name, grouping in groupings.groupings.items():
        names = sorted((group for by, group in sizes if by == name), key=lambda group: _place(grouping, group))
        for position, group in enumerate(names, 1):
            label = groupings.rest if group == REST else grouping.label(group)
            rows.append((name, group, position, sizes[name, group], label.en, label.zh))
    columns = [*BY, "position", "accepted", "label_en", "label_zh"]
    return pd.DataFrame(rows, columns=columns).assign(edition=survey.edition)


def _place(grouping: Grouping, group: str) -> tuple[bool, tuple[int, str]]:
    return (True, (0, "")) if group == REST else (False, grouping.place(group))


def members(submissions: ir.Table, libraries: ir.Table, groupings: Groupings) -> pd.DataFrame:
    """One row an accepted submission and grouping: `submission_id`, `grouped_by`, `group_name`.

    A group with too few respondents, or too few eligible libraries that did not respond, is called `rest`.
    """
    accepted = submissions.filter(submissions.status == "accepted").select("submission_id", "library_id")
    known = collect(accepted.join(libraries, "library_id"))
    eligible = collect(libraries.filter(libraries.eligible))
    parts = [pd.DataFrame(columns=["submission_id", *BY])]
    for name, grouping in groupings.groupings.items():
        answered, there = (frame[grouping.column].map(grouping.group) for frame in (known, eligible))
        found = answered.where(~answered.isin(gathered(_sizes(answered, there), groupings.alone)), REST)
        if found.nunique() > 1:
            about = {"submission_id": known["submission_id"], "grouped_by": name, "group_name": found}
            parts.append(pd.DataFrame(about))
    return pd.concat(parts, ignore_index=True)


def _sizes(answered: "pd.Series[str]", eligible: "pd.Series[str]") -> dict[str, tuple[int, int]]:
    """How many libraries of each group answered, and how many did not."""
    there = Counter(eligible)
    return {name: (count, max(there[name] - count, 0)) for name, count in Counter(answered).items()}
