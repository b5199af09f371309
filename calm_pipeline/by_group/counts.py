"""The table `group_counts`: counted, protected, and with the intervals of what is shown."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from calm_pipeline import statistics
from calm_pipeline.by_group.cells import NUMBERS, Cells
from calm_pipeline.by_group.members import BY, members
from calm_pipeline.engine import collect
from calm_pipeline.groupings import Groupings
from calm_pipeline.survey import Survey


def group_counts(
    selections: ir.Table, submissions: ir.Table, libraries: ir.Table, survey: Survey, groupings: Groupings
) -> pd.DataFrame:
    """Asked, answered and ticked by group, with the 95% Wilson interval of ticked / asked; one row a group and option.

    What could tell of single libraries is empty.
    """
    counts = counted(selections, members(submissions, libraries, groupings))
    hidden = pd.DataFrame(data=False, index=counts.index, columns=list(NUMBERS))
    for _, table in counts.groupby("grouped_by"):
        hidden.loc[table.index] = Cells(table, survey, groupings.threshold).hidden()
    return _shown(counts, hidden).assign(edition=survey.edition)


def counted(selections: ir.Table, membership: pd.DataFrame) -> pd.DataFrame:
    """The true counts, nothing hidden; `accepted` are the submissions of the group."""
    schema = pa.schema([(name, pa.string()) for name in ("submission_id", *BY)])
    belonging = ibis.memtable(pa.Table.from_pandas(membership, schema, preserve_index=False))
    ticks = selections.join(belonging, "submission_id")
    by = [*BY, "question", "field", "option"]
    found = ticks.group_by(by).agg(
        accepted=ticks.count(),
        asked=(ticks.state != "not_asked").sum(),
        answered=(ticks.state == "answered").sum(),
        count=ticks.selected.sum().fill_null(0),
    )
    return collect(found.order_by(by)).astype(dict.fromkeys(("accepted", *NUMBERS), "int64"))


def _shown(counts: pd.DataFrame, hidden: pd.DataFrame) -> pd.DataFrame:
    shares = ~hidden["asked"] & ~hidden["count"] & (counts["asked"] > 0)
    pairs = zip(counts["count"], counts["asked"], shares, strict=True)
    intervals = [statistics.wilson(count, asked) if share else None for count, asked, share in pairs]
    return counts.assign(
        **{name: counts[name].astype("Int64").mask(hidden[name]) for name in NUMBERS},
        share=(counts["count"] / counts["asked"].where(counts["asked"] > 0)).where(shares),
        low=pd.Series([interval[0] if interval else None for interval in intervals], counts.index, "float64"),
        high=pd.Series([interval[1] if interval else None for interval in intervals], counts.index, "float64"),
        protection=np.where(hidden["count"], "suppressed", "none"),
    )
