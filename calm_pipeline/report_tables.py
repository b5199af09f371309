"""The report's tables in its own order, labels and number format; nothing is computed here but the layout."""

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pandas as pd

from calm_pipeline.survey import ReportTable, Survey

Row = dict[str, Any]


def report_tables(counts: pd.DataFrame, correlations: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Lay out every table that the survey file declares.

    Rows of a question go by count, ties in the order of the questionnaire, inside their groups if it has groups.
    """
    rows: list[Row] = []
    for key, table in survey.tables.items():
        lines = _counted(counts, table, survey) if table.question else _matrix(correlations, table, survey)
        rows += [{**_heading(survey, key, table), **line, "position": n} for n, line in enumerate(lines, 1)]
    return pd.DataFrame(rows)


def _heading(survey: Survey, key: str, table: ReportTable) -> Row:
    return {
        "edition": survey.edition,
        "report_table": key,
        "caption_number": table.caption,
        "cited_number": table.cited,
        "caption_en": table.en,
        "caption_zh": table.zh,
    }


def _counted(counts: pd.DataFrame, table: ReportTable, survey: Survey) -> Iterator[Row]:
    assert table.question is not None  # noqa: S101
    question = survey.questions[table.question]
    found = {row["option"]: row for row in counts.to_dict("records") if row["field"] == table.question}
    groups = list(question.groups)

    def place(name: str) -> tuple[int, int]:
        group = question.options[name].group
        return groups.index(group) if group else len(groups), -int(found[name]["count"])

    for name in sorted((name for name in question.options if name not in table.omits), key=place):
        option, label = question.options[name], table.labels.get(name, question.options[name])
        group = question.groups[option.group] if option.group else None
        count, asked = int(found[name]["count"]), int(found[name]["asked"])
        yield {
            "question": table.question,
            "option": name,
            "group_en": group.en if group else None,
            "group_zh": group.zh if group else None,
            "label_en": label.en,
            "label_zh": label.zh,
            "count": count,
            "share": count / asked if asked else None,
            "printed": percent(count, asked),
        }


def _matrix(correlations: pd.DataFrame, table: ReportTable, survey: Survey) -> Iterator[Row]:
    sums = correlations[correlations["definition"] == "sum"]
    known = {frozenset((row["index_a"], row["index_b"])): row["pearson"] for row in sums.to_dict("records")}
    for one in table.correlates:
        for other in table.correlates:
            r = 1.0 if one == other else known[frozenset((one, other))]
            missing = r is None or pd.isna(r)
            yield {
                "index_row": one,
                "index_column": other,
                "label_en": survey.indices[one].en,
                "label_zh": survey.indices[one].zh,
                "correlation": None if missing else r,
                "printed": None if missing else coefficient(r),
            }


def coefficient(r: float) -> str:
    """As the report prints correlations: two decimals, and no minus sign before zero."""
    return f"{r:z.2f}"


def percent(count: int, base: int) -> str | None:
    """As the report prints shares: two decimals, and 100% without any.

    >>> percent(113, 122), percent(122, 122)
    ('92.62%', '100%')
    """
    if base == 0:
        return None
    if count == base:
        return "100%"
    return f"{(Decimal(count) * 100 / Decimal(base)).quantize(Decimal('0.01'), ROUND_HALF_EVEN)}%"
