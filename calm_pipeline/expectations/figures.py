"""The figures and sentences that expectations of several tables share."""

from collections.abc import Callable

import ibis.expr.types as ir

from calm_pipeline.engine import value
from calm_pipeline.expectations.expectation import Expectation, rows
from calm_pipeline.survey import Survey, Words

Look = Callable[[str], ir.Table]
"""A table of the same edition by its name."""


def count(table: ir.Table) -> int:
    """Rows of a table."""
    return int(value(table.count()))


def accepted_in(look: Look) -> int:
    """Accepted submissions of the edition."""
    submissions = look("submissions")
    return count(submissions.filter(submissions.status == "accepted"))


def options_shown(survey: Survey) -> int:
    """Options over all fields of the questionnaire."""
    return sum(len(field.options) for field in survey.choices())


def rows_of_accepted(accepted: int, each: int, things: Words, where: tuple[str, str] | None = None) -> Expectation:
    """So many rows for each accepted submission."""
    expected = accepted * each
    words = Words(
        en=f"{expected} rows: {accepted} accepted submissions times {each} {things.en}.",
        zh=f"共 {expected} 行：{accepted} 份有效答卷 × {each} {things.zh}。",
    )
    return rows("rows", expected, words, where)


def every_option(survey: Survey, key: str, name: str) -> Words:
    """The sentence about the options of a field."""
    number = survey.questions[key].number
    return Words(
        en=f"Every option of Q{number} ({name}) is there, and no other.",
        zh=f"第{number}题（{name}）的选项齐全，且无其他选项。",
    )
