"""What is to be said about one submission, before it is laid out: the content of a letter and of a row for the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from calm_pipeline.survey import Words


@dataclass(frozen=True)
class Answer:
    """One place of the questionnaire and what was received there; `value` is masked where it is personal data."""

    field: str
    number: int
    question: Words
    value: str


@dataclass(frozen=True)
class Finding:
    """One broken rule: the answers that break it, those they conflict with, and a hint at what may be meant."""

    fingerprint: str
    rule: str
    severity: Literal["error", "confirm", "warn"]
    sentence: Words
    answers: tuple[Answer, ...]
    conflicts: tuple[Answer, ...] = ()
    hint: Words | None = None


@dataclass(frozen=True)
class Repair:
    """One answer that was mended without asking; `before` is None where it was personal data."""

    field: str
    question: Words
    reason: Words
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Case:
    """One submission with open findings.

    `review` is the smallest set of answers to change, `steps` what else has to be done where no answer can mend it.
    `row` holds every answer as received, by the name of its field, personal data masked.
    """

    submission_id: str
    edition: str
    title: Words
    submitted_at: datetime | None
    timezone: str
    library: Words | None
    library_written: str
    findings: tuple[Finding, ...]
    review: tuple[Answer, ...]
    steps: tuple[Words, ...]
    repairs: tuple[Repair, ...]
    opened: date
    deadline: date
    consequence: Words
    contact: Words
    contact_mail: str
    rule_set: str
    reconstructed: bool
    row: Mapping[str, str]
