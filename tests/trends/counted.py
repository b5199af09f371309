"""Counts as plain as can be, apart from the code that publishes them."""

import ibis.expr.types as ir
import pandas as pd

from calm_pipeline.survey import Survey
from tests.published import as_table
from tests.reference import DATABASE


def counted(selections: ir.Table, survey: Survey) -> ir.Table:
    """`option_counts` as far as trends look at them: asked, count and share, no matter whether anybody answered."""
    said = DATABASE.to_pyarrow(selections).to_pandas()
    rows = []
    for field in survey.choices():
        for option in field.options:
            of_it = said[(said["field"] == field.name) & (said["option"] == option) & (said["state"] != "not_asked")]
            asked, count = len(of_it), int(of_it["selected"].fillna(0).sum())
            place = {"question": field.key, "field": field.name, "option": option}
            rows.append({**place, "asked": asked, "count": count, "share": count / asked if asked else None})
    return as_table(pd.DataFrame(rows))
