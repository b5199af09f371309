"""All rules of an edition: on the submission as a whole, on its library, on every field."""

from collections.abc import Iterator

import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.rules.fields import field_rules
from calm_pipeline.rules.rule import Mask, Rule
from calm_pipeline.survey import Survey, Words


def derive_rules(survey: Survey) -> list[Rule]:
    """Every rule of the edition: the submission's, the library's, then the fields' as they are asked."""
    fields = (rule for field in survey.fields() for rule in field_rules(survey, field))
    return [*_submission_rules(survey), *_library_rules(survey), *fields]


def _submission_rules(survey: Survey) -> Iterator[Rule]:
    yield Rule(
        "submission__time",
        "error",
        (),
        Words(en="The time of submission can be read.", zh="提交时间可以识别。"),
        lambda frame: frame.submitted_at.notnull(),
    )
    opens, closes = survey.fielding.opens, survey.fielding.closes
    yield Rule(
        "submission__in_fielding",
        "warn",
        (),
        Words(en=f"It was submitted between {opens} and {closes}.", zh=f"提交时间在 {opens} 至 {closes} 之间。"),
        lambda frame: frame.submitted_at.date().between(opens, closes),
    )


def _library_rules(survey: Survey) -> Iterator[Rule]:
    key, least = survey.library, survey.eligibility.staff_at_least

    def rule(name: str, en: str, zh: str, holds: Mask | None) -> Rule:
        return Rule(f"{key}__{name}", "error", (key,), Words(en=en, zh=zh), holds)

    def named(frame: ir.Table) -> ir.BooleanValue:
        return frame[columns.state(key)] == "answered"

    yield rule(
        "known",
        "The library is in the register under this name.",
        "登记表中有此名称的图书馆。",
        lambda frame: ~named(frame) | (frame.library_matches > 0),
    )
    yield rule(
        "unambiguous",
        "The name belongs to one library only.",
        "该名称只对应一所图书馆。",
        lambda frame: frame.library_matches <= 1,
    )
    yield rule(
        "staff_known",
        "The register has the library's staff count.",
        "登记表中有该馆的职工人数。",
        lambda frame: (frame.library_matches != 1) | frame.staff_count.notnull(),
    )
    yield rule(
        "eligible",
        f"The library has a staff of at least {least}.",
        f"该馆职工不少于 {least} 人。",
        lambda frame: frame.staff_count >= least,
    )
    yield rule(
        "single_submission",
        "Valid submissions of one library do not contradict each other.",
        "同一图书馆的多份有效答卷内容一致。",
        None,
    )
