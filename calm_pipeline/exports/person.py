"""Who answered, as one file shows it: kept in memory, encrypted into the vault or erased, and never printed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from calm_pipeline.exports.masking import mobile

Kind = Literal["answer", "platform", "text", "extra"]


@dataclass(frozen=True)
class Cell:
    """A cell that holds something personal.

    `kind` says why: the answer to a personal question, a column of the platform, a text in which something was
    withheld, or a column that no question owns. `name` is that of the survey's field or the platform's column,
    `column` its place in the file, from 0. `instead` can stand there without changing what is read of the file.
    """

    kind: Kind
    name: str
    column: int
    value: str = field(repr=False)
    instead: str = field(repr=False)


@dataclass(frozen=True)
class Person:
    """The personal cells of one row of a file; `row` counts from 1 as a spreadsheet does."""

    row: int
    cells: tuple[Cell, ...] = field(repr=False)


@dataclass(frozen=True)
class Respondent:
    """Who sent a submission: the personal cells of it by field, over all files, one by text before one by number.

    `answers` are those to personal questions, `platform` its address columns, `withheld` the texts in which something
    was withheld, as they were written.
    """

    submission_id: str
    answers: dict[str, str] = field(repr=False)
    platform: dict[str, str] = field(repr=False)
    withheld: dict[str, str] = field(repr=False)

    @property
    def mobile(self) -> str | None:
        """The mobile number in eleven digits, if one was given."""
        return next((number for number in map(mobile, self.answers.values()) if number), None)


def merged(submission_id: str, persons: Iterable[Person]) -> Respondent:
    """The respondent that these rows, the most telling first, are about."""
    found: dict[str, dict[str, str]] = {"answer": {}, "platform": {}, "text": {}}
    for cell in (cell for person in persons for cell in person.cells if cell.kind != "extra"):
        found[cell.kind].setdefault(cell.name, cell.value)
    return Respondent(submission_id, found["answer"], found["platform"], found["text"])
