"""What is to be said about one submission, before it is laid out: the content of a letter and of a row for the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from calm_pipeline.survey import Words


@dataclass(frozen=True)
class Answer:
    """One place of the questionnaire and what was received there, masked where it is personal data; "" if nothing.

    `by_number` is what the export by number says where it is not what `value` says.
    """

    field: str
    number: int
    question: Words
    value: str
    by_number: str | None = None


@dataclass(frozen=True)
class Difference:
    """One place of the questionnaire that two submissions answer differently: `here` and `there`."""

    field: str
    number: int
    question: Words
    here: str
    there: str


@dataclass(frozen=True)
class Other:
    """Another valid submission of the same library, and where its answers differ."""

    submission_id: str
    submitted_at: datetime | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Finding:
    """One broken rule: what it asks for, what is wrong, the answers that break it, and those they conflict with.

    `hint` says what may be meant, or what the register says where no answer is at fault.
    """

    fingerprint: str
    rule: str
    severity: Literal["error", "confirm", "warn"]
    sentence: Words
    fault: Words
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

    `review` is the smallest set of answers to change, `steps` what else has to be done where no answer can mend it,
    `others` the submissions of the same library that say something else.
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
    others: tuple[Other, ...]
    repairs: tuple[Repair, ...]
    opened: date
    deadline: date
    consequence: Words
    contact: Words
    contact_mail: str
    rule_set: str
    reconstructed: bool
    row: Mapping[str, str]
