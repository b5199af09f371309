"""Which accepted submission belongs to which group, so that no group is too small to say anything about."""

from collections import Counter

import ibis.expr.types as ir
import pandas as pd

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
    """One row an accepted submission and grouping: `submission_id`, `grouped_by`, `group_name`."""
    accepted = submissions.filter(submissions.status == "accepted").select("submission_id", "library_id")
    known = collect(accepted.join(libraries, "library_id"))
    parts = [pd.DataFrame(columns=["submission_id", *BY])]
    for name, grouping in groupings.groupings.items():
        found = gathered(known[grouping.column].map(grouping.group), groupings.smallest)
        if found.nunique() > 1:
            about = {"submission_id": known["submission_id"], "grouped_by": name, "group_name": found}
            parts.append(pd.DataFrame(about))
    return pd.concat(parts, ignore_index=True)


def gathered(names: "pd.Series[str]", smallest: int) -> "pd.Series[str]":
    """The names, with groups that are too small called `rest`; if that is too small too, the next one joins it."""
    together, small = 0, []
    for name, size in sorted(names.value_counts().items(), key=lambda group: (group[1], group[0])):
        if size >= smallest and (together == 0 or together >= smallest):
            break
        small.append(name)
        together += size
    return names.where(~names.isin(small), REST)
