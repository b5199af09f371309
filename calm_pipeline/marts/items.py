"""The options of an index as items of a scale: which say something, and how well they go together."""

from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from calm_pipeline import statistics
from calm_pipeline.marts.ticks import Ticks
from calm_pipeline.statistics import Floats
from calm_pipeline.survey import Survey

ITEMS = (
    *("edition", "index_name", "question", "option", "n", "count"),
    *("share", "variance", "varies", "item_rest", "alpha_without"),
)


def index_items(selections: ir.Table, survey: Survey) -> pd.DataFrame:
    """One row an index and substantive option: its share and variance, and what it does in the index."""
    ticks = Ticks.from_table(selections, survey)
    rows = [row for name in survey.indices for row in _items(ticks, survey, name)]
    return pd.DataFrame(rows, columns=ITEMS).assign(edition=survey.edition)


def _items(ticks: Ticks, survey: Survey, index: str) -> list[dict[str, Any]]:
    names, items = _scored(ticks, survey, index)
    rows = []
    for (question, option), column, found in zip(names, items.T, statistics.item_rest(items), strict=True):
        count, share = int(column.sum()), float(column.mean()) if ticks.n else None
        row = {"index_name": index, "question": question, "option": option, "n": ticks.n, "count": count}
        row |= {"share": share, "variance": None if share is None else share * (1 - share)}
        row |= {"varies": 0 < count < ticks.n, "item_rest": found.rest, "alpha_without": found.alpha_without}
        rows.append(row)
    return rows


def reliability(selections: ir.Table, survey: Survey) -> pd.DataFrame:
    """One row an index: KR-20 with interval, omega, alpha over its questions, and the items that say nothing."""
    ticks = Ticks.from_table(selections, survey)
    return pd.DataFrame([_reliability(ticks, survey, name) for name in survey.indices]).assign(edition=survey.edition)


def _reliability(ticks: Ticks, survey: Survey, index: str) -> dict[str, Any]:
    names, items = _scored(ticks, survey, index)
    constant = [name for name, column in zip(names, items.T, strict=True) if not 0 < column.sum() < ticks.n]
    questions = survey.indices[index].questions
    sums = np.column_stack([items[:, [name[0] == key for name in names]].sum(axis=1) for key in questions])
    kr20 = statistics.alpha(items)
    low, high = statistics.alpha_interval(kr20, ticks.n, len(names)) or (None, None)
    return {
        **{"index_name": index, "n": ticks.n, "questions": len(questions), "items": len(names)},
        **{"constant": len(constant), "constant_items": ", ".join(map(".".join, constant)) or None},
        **{"kr20": kr20, "kr20_low": low, "kr20_high": high, "omega": statistics.omega(items)},
        "alpha_questions": statistics.alpha(sums),
    }


def _scored(ticks: Ticks, survey: Survey, index: str) -> tuple[list[tuple[str, str]], Floats]:
    """Question and option of each item of an index, and the items (n x k)."""
    names, columns = [], []
    for key in survey.indices[index].questions:
        for place, (option, about) in enumerate(survey.questions[key].options.items()):
            if about.role == "substantive":
                names.append((key, option))
                columns.append(ticks.ticked[key][:, place])
    return names, np.column_stack(columns).astype(float)
