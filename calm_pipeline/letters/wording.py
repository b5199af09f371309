"""What the letter, the index and the workbook say and order in the same way."""

from collections.abc import Iterable
from datetime import date, datetime

from calm_pipeline.letters.case import Case, Finding
from calm_pipeline.survey import Words

SEVERITY = {
    "error": Words(zh="必须更正", en="Must be corrected"),
    "confirm": Words(zh="请确认或更正", en="Please confirm or correct"),
    "warn": Words(zh="提示", en="Note"),
}
ORDER = tuple(SEVERITY)
BLANK = Words(zh="（空白）", en="(blank)")
WITHHELD = Words(zh="（个人信息，已隐去）", en="(personal data, withheld)")
UNREADABLE = Words(zh="无法识别", en="unreadable")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def oldest_first(cases: Iterable[Case]) -> list[Case]:
    """By the day a case was opened, then by the time of submission, unreadable times first."""
    return sorted(cases, key=lambda case: (case.opened, case.submitted_at or datetime.min, case.submission_id))


def day(when: date) -> Words:
    """A day in words, the same whatever the locale."""
    return Words(
        zh=f"{when.year}年{when.month}月{when.day}日",
        en=f"{when.day} {_MONTHS[when.month - 1]} {when.year}",
    )


def ask(finding: Finding) -> Words:
    """What to ask a library about one finding: what is wanted, the rule that does not hold, and the hint."""
    label, sentence, hint = SEVERITY[finding.severity], finding.sentence, finding.hint
    return Words(
        zh=f"{label.zh}：{sentence.zh}" + (hint.zh if hint else ""),
        en=f"{label.en}: {sentence.en}" + (f" {hint.en}" if hint else ""),
    )


def both(words: Words, between: str = " ") -> str:
    """The two languages in one text, Chinese first."""
    return f"{words.zh}{between}{words.en}"
