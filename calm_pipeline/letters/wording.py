"""What the letter, the index and the workbook say and order in the same way."""

from collections.abc import Iterable
from datetime import date, datetime

from calm_pipeline.letters.case import Answer, Case, Difference, Finding
from calm_pipeline.survey import Words
from calm_pipeline.text import shortened

SEVERITY = {
    "error": Words(zh="必须更正", en="Must be corrected"),
    "confirm": Words(zh="请确认或更正", en="Please confirm or correct"),
    "warn": Words(zh="提示", en="Note"),
}
ORDER = tuple(SEVERITY)
SEPARATOR = "┋"
BLANK = Words(zh="（未填写）", en="(left blank)")
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
    """What to ask a library about one finding: what is wanted, what is wrong, and the hint."""
    label, fault, hint = SEVERITY[finding.severity], finding.fault, finding.hint
    return Words(
        zh=f"{label.zh}：{fault.zh}" + (hint.zh if hint else ""),
        en=f"{label.en}: {fault.en}" + (f" {hint.en}" if hint else ""),
    )


def said(answer: Answer) -> str:
    """An answer in one line, and what each export says where they differ."""
    if answer.by_number is None:
        return options(answer.value)
    by_text, by_number = options(answer.value), options(answer.by_number)
    return f"按文本 by text: {by_text}；按序号 by number: {by_number}"


def both_said(one: Difference) -> str:
    """What two submissions say at one place, this one first; of several options only those that the other has not."""
    here, there = parts(one.here), parts(one.there)
    shared = set(here) & set(there)
    if not shared or set(here) == set(there):
        return f"Q{one.number}: {options(one.here)} / {options(one.there)}"
    only = [SEPARATOR.join(part for part in some if part not in shared) for some in (here, there)]
    rest = f"（另有 {len(shared)} 项相同 {len(shared)} more in common）"
    return f"Q{one.number}: {' / '.join(options(some) if some else '–' for some in only)}{rest}"


def options(value: str) -> str:
    """The options of an answer in quotation marks where there are several; never nothing."""
    found = parts(value)
    return "、".join(f"“{one}”" for one in found) if len(found) > 1 else "".join(found) or both(BLANK)


def parts(value: str) -> list[str]:
    """The options of an answer as the platform joins them, or the whole of it."""
    return [part for part in shortened(value).split(SEPARATOR) if part.strip()]


def both(words: Words, between: str = " ") -> str:
    """The two languages in one text, Chinese first."""
    return f"{words.zh}{between}{words.en}"
