"""What is to be said about each submission with open alerts, gathered from the tables of one edition."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from calm_pipeline.canonical import canonical
from calm_pipeline.channels.settings import Desk
from calm_pipeline.clean import Register
from calm_pipeline.desk.findings import apart, received
from calm_pipeline.desk.hints import library_hint, option_hint, staff_hint
from calm_pipeline.desk.steps import UNMATCHED, step
from calm_pipeline.exports.wenjuanxing import SILENCE_TEXT
from calm_pipeline.letters.case import Answer, Case, Difference, Finding, Other, Repair
from calm_pipeline.rules import Rule, rule_set
from calm_pipeline.survey import Field, Survey, Words

Row = Mapping[str, Any]
TABLES = ("raw_submissions", "submissions", "findings", "reviews", "repairs", "files")
"""The tables of an edition that cases are gathered from, besides its alerts."""
REPAIRS = {
    "option_spelling": Words(en="spelling of an option", zh="选项写法"),
    "number_format": Words(en="form of a number", zh="数字格式"),
    "library_name": Words(en="name of the library as in the register", zh="馆名统一为登记名称"),
    "unseen_characters": Words(en="characters that nobody sees", zh="不可见字符"),
    "personal_data_withheld": Words(en="personal data withheld", zh="已隐去个人信息"),
}


@dataclass(frozen=True)
class Declared:
    """What cases are written from besides the tables."""

    survey: Survey
    rules: Sequence[Rule]
    register: Register
    desk: Desk

    @cached_property
    def fields(self) -> dict[str, Field]:
        return {field.name: field for field in self.survey.fields()}

    @cached_property
    def known(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def libraries(self) -> dict[str, Words]:
        return names(self.register)


def names(register: Register) -> dict[str, Words]:
    """The names of every library of the register, by id."""
    rows = register.libraries.to_pylist()
    return {row["library_id"]: Words(en=row["name_en"] or row["name_zh"], zh=row["name_zh"]) for row in rows}


def cases(declared: Declared, tables: Mapping[str, pa.Table]) -> list[Case]:
    """One case a submission with open alerts, oldest first.

    `tables`: those of TABLES and alerts, of one edition; see `concerned`.
    """
    opened: dict[str, datetime] = {}
    for alert in tables["alerts"].to_pylist():
        if alert["kind"] == "submission" and alert["status"] == "open":
            earlier = opened.get(alert["subject"], alert["opened_at"])
            opened[alert["subject"]] = min(earlier, alert["opened_at"])
    gathered = {
        name: _by_submission(tables[name])
        for name in ("raw_submissions", "submissions", "findings", "reviews", "repairs")
    }
    reconstructed = any(row["reconstructed"] for row in tables["files"].to_pylist())
    made = [_case(declared, gathered, one, at, reconstructed) for one, at in opened.items()]
    return sorted(made, key=lambda case: (case.opened, case.submission_id))


def _by_submission(table: pa.Table) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in table.to_pylist():
        rows[row["submission_id"]].append(row)
    return rows


def _case(
    declared: Declared, gathered: Mapping[str, Mapping[str, list[Row]]], one: str, opened: datetime, reconstructed: bool
) -> Case:
    survey, desk = declared.survey, declared.desk
    raw, submission = gathered["raw_submissions"][one][0], gathered["submissions"][one][0]
    found, day = gathered["findings"][one], _day(opened, survey)
    others = [other for other in _differing(gathered, submission) if other != one]
    return Case(
        submission_id=one,
        edition=survey.edition,
        title=survey.title,
        submitted_at=submission["submitted_at"],
        timezone=survey.fielding.timezone,
        library=declared.libraries.get(submission["library_id"]),
        library_written=_spoken(received(raw, declared.fields[survey.library])),
        findings=tuple(_finding(declared, raw, row, submission["library_id"]) for row in found),
        review=tuple(_answer(declared, raw, row["field"]) for row in gathered["reviews"].get(one, ())),
        steps=tuple(_steps(declared, one, found, others)),
        others=tuple(_other(declared, gathered, raw, other) for other in others),
        repairs=tuple(_repair(declared, row) for row in gathered["repairs"].get(one, ())),
        opened=day,
        deadline=day + timedelta(days=desk.deadline_days),
        consequence=Words(en=desk.consequence.en, zh=desk.consequence.zh),
        contact=Words(en=desk.contact.en, zh=desk.contact.zh),
        contact_mail=desk.contact.mail,
        rule_set=rule_set(declared.rules),
        reconstructed=reconstructed,
        row={name: received(raw, field) for name, field in declared.fields.items()},
    )


def _day(opened: datetime, survey: Survey) -> date:
    return opened.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(survey.fielding.timezone)).date()


def _answer(declared: Declared, raw: Row, name: str) -> Answer:
    field = declared.fields[name]
    text, by_number = apart(raw, field)
    spoken = None if by_number is None else _spoken(by_number)
    return Answer(name, field.question.number, _question(field), _spoken(text), spoken)


def _question(field: Field) -> Words:
    question, row = field.question, field.question.rows.get(field.row or "")
    words = Words(en=f"{question.en} {row.en}", zh=f"{question.zh}{row.zh}") if row else question
    return Words(en=words.en, zh=words.zh)


def _spoken(cell: str) -> str:
    """A cell without the marks by which the platform says that there is no answer."""
    return "" if cell in SILENCE_TEXT else cell


def _finding(declared: Declared, raw: Row, row: Row, library: str | None) -> Finding:
    rule = declared.known[row["rule"]]
    of_register = rule.beyond_answers and declared.survey.library in rule.fields
    own, others = ((), ()) if of_register else (rule.fields[:1], rule.fields[1:])
    return Finding(
        row["fingerprint"],
        rule.id,
        rule.severity,
        rule.sentence,
        rule.fault,
        tuple(_answer(declared, raw, name) for name in own),
        tuple(_answer(declared, raw, name) for name in others),
        _hint(declared, rule, row["received"], library),
    )


def _hint(declared: Declared, rule: Rule, written: str, library: str | None) -> Words | None:
    name = rule.id.rpartition("__")[2]
    if name == "eligible":
        return staff_hint(declared.register, library)
    if name in ("known", "unambiguous"):
        return library_hint(declared.register, written)
    return option_hint(declared.fields[rule.fields[0]], written) if name == "known_options" else None


def _differing(gathered: Mapping[str, Mapping[str, list[Row]]], submission: Row) -> list[str]:
    """The submissions of the same library that contradict each other, this one among them."""
    return [
        one
        for one, found in gathered["findings"].items()
        if gathered["submissions"][one][0]["library_id"] == submission["library_id"]
        and any(row["rule"].endswith("__single_submission") for row in found)
    ]


def _other(declared: Declared, gathered: Mapping[str, Mapping[str, list[Row]]], raw: Row, other: str) -> Other:
    theirs = gathered["raw_submissions"][other][0]
    differences = (
        Difference(name, field.question.number, _question(field), *map(_spoken, cells))
        for name, field in declared.fields.items()
        if not field.question.identifies
        if canonical((cells := (received(raw, field), received(theirs, field)))[0]) != canonical(cells[1])
    )
    return Other(other, gathered["submissions"][other][0]["submitted_at"], tuple(differences))


def _steps(declared: Declared, one: str, found: Sequence[Row], others: Sequence[str]) -> list[Words]:
    asked = [row["rule"] for row in found if row["beyond_answers"] or row["rule"] in unmatched(declared.survey)]
    return list(dict.fromkeys(step(rule, declared.survey, one, others) for rule in asked))


def unmatched(survey: Survey) -> set[str]:
    """The rules by which a submission belongs to no library of the register."""
    return {f"{survey.library}__{name}" for name in UNMATCHED}


def _repair(declared: Declared, row: Row) -> Repair:
    field = declared.fields[row["field"]]
    question = Words(en=field.question.en, zh=field.question.zh)
    return Repair(row["field"], question, REPAIRS[row["rule"]], row["before"], row["after"])
