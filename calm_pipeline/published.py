"""What a report printed: the figures of `schemas/published/<edition>.yaml`, each with the line it stands on."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.survey.model import Frozen, Key, Label, Words


class Cell(Frozen):
    """One printed cell of a correlation matrix."""

    row: Key
    column: Key
    r: Label
    line: int


class Statement(Frozen):
    """Something the running text says; `says` is in our own words."""

    section: Label
    line: int
    says: Words


class Respondents(Statement):
    """How many submissions count."""

    kind: Literal["respondents"]
    count: int


class Staff(Statement):
    """The smallest staff of a library in the population."""

    kind: Literal["staff"]
    at_least: int


class Share(Statement):
    """Count and percent of one option."""

    kind: Literal["share"]
    question: Key
    option: Key
    count: int
    percent: Label


class Complement(Statement):
    """How many did not tick one option."""

    kind: Literal["complement"]
    question: Key
    option: Key
    count: int


class MoreThan(Statement):
    """One option exceeds a share."""

    kind: Literal["more_than"]
    question: Key
    option: Key
    share: float


class Top(Statement):
    """These options are the most frequent ones of their question."""

    kind: Literal["top"]
    question: Key
    options: tuple[Key, ...]
    ordered: bool = False


class Bottom(Statement):
    """These options are the least frequent ones of their question, Others aside."""

    kind: Literal["bottom"]
    question: Key
    options: tuple[Key, ...]


class RowsAbove(Statement):
    """So many options of a question exceed a share."""

    kind: Literal["rows_above"]
    question: Key
    share: float
    count: int


class LibrariesAbove(Statement):
    """More than this share of the libraries ticked more than so many options: a joint figure no printed table holds."""

    kind: Literal["libraries_above"]
    question: Key
    options: int
    share: float


class Rest(Statement):
    """Count and percent of several options together."""

    kind: Literal["rest"]
    question: Key
    options: tuple[Key, ...]
    count: int
    percent: Label


class Ahead(Statement):
    """The mean of one stage exceeds the mean of all others on every index."""

    kind: Literal["ahead"]
    stage_option: Key


class Said(Statement):
    """A sentence without a figure that could be checked."""

    kind: Literal["words"]
    question: Key | None = None
    reason: Words


AnyStatement = Annotated[
    Respondents
    | Staff
    | Share
    | Complement
    | MoreThan
    | Top
    | Bottom
    | RowsAbove
    | LibrariesAbove
    | Rest
    | Ahead
    | Said,
    Described(discriminator="kind"),
]


class Published(Frozen):
    """All printed figures of one edition. A table row is count, percent as printed, and line."""

    edition: str
    base: int
    source: Words
    tables: dict[Key, dict[Key, tuple[int, Label, int]]] = Described(default_factory=dict)
    correlations: tuple[Cell, ...] = ()
    statements: dict[Key, AnyStatement] = Described(default_factory=dict)


def load_published(file: Path) -> Published | None:
    """Read the published figures of an edition; None if it has none yet."""
    if not file.exists():
        return None
    return load(file, Published)
