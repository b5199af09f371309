"""The attack on the table `group_counts` as it is stored: what of it is not true, and what tells more than it may."""

import ibis.expr.types as ir
import numpy as np

from calm_pipeline.by_group.cells import NUMBERS, Cells
from calm_pipeline.by_group.counts import counted
from calm_pipeline.by_group.members import BY, members
from calm_pipeline.engine import collect
from calm_pipeline.groupings import Groupings
from calm_pipeline.survey import Survey

KEY = [*BY, "field", "option"]


def audit(
    stored: ir.Table,
    selections: ir.Table,
    submissions: ir.Table,
    libraries: ir.Table,
    survey: Survey,
    groupings: Groupings,
) -> dict[str, list[str]]:
    """The places, as `grouping / group / field / option`, that are `untrue` or `exposed`.

    A base has `asked` or `answered` for its option. What is exposed presupposes that what is shown is true.
    """
    rows, counts = collect(stored), counted(selections, members(submissions, libraries, groupings))
    known = rows.merge(counts[KEY], on=KEY)
    told = [
        (str(by), group, field, option)
        for by, table in counts.groupby("grouped_by")
        for field, group, option in Cells(table, survey, groupings.threshold).exposed(known[known["grouped_by"] == by])
    ]
    both = rows.merge(counts, on=KEY, how="left", suffixes=("", "_true"))
    wrong = np.any([both[name].notna() & (both[name] != both[f"{name}_true"]) for name in NUMBERS], axis=0)
    untrue = both[wrong][KEY].itertuples(index=False, name=None)
    return {"untrue": [" / ".join(place) for place in untrue], "exposed": [" / ".join(place) for place in told]}
