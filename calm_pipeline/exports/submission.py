"""What one respondent sent, before any platform wrote it down: the writer's input and the tests' model of truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Silence(Enum):
    """Why a field holds no answer."""

    BLANK = "blank"
    SKIPPED = "not_asked"


@dataclass(frozen=True)
class Verbatim:
    """Cells to be written as they stand, for exports that a platform should never have produced.

    `number` is one cell, or one cell an option for multiple responses and rankings.
    """

    text: str
    number: str | tuple[str, ...]


Answer = Silence | Verbatim | str | int | Mapping[str, str]
"""Text, a number, or options in order with what was written into their blank ('' for nothing)."""


@dataclass(frozen=True)
class Submission:
    """One submission: the platform's own columns, and an answer for every `Field.name` of the survey."""

    sequence: int
    submitted_at: datetime
    seconds: int
    source: str
    source_detail: str
    ip: str
    answers: Mapping[str, Answer]
