"""All rules of an edition: on the submission as a whole, on its library, on every field."""

from collections.abc import Iterator

import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.rules.conditions import Condition, Fact, Fault, Mask
from calm_pipeline.rules.fields import field_rules, rule
from calm_pipeline.rules.plausible import all_ticked, straight_lined
from calm_pipeline.rules.rule import Rule, Severity
from calm_pipeline.survey import Field, Survey, Words

JUMP = 3


def derive_rules(survey: Survey, last: Survey | None = None) -> list[Rule]:
    """Every rule of the edition: the submission's, the library's, then the fields' as they are asked.

    `last` is the edition before; numbers that both ask for are compared.
    """
    fields = (rule for field in survey.fields() for rule in field_rules(survey, field))
    return [*_submission_rules(survey), *_library_rules(survey), *fields, *_jumps(survey, last)]


def compared(survey: Survey, last: Survey | None) -> list[Field]:
    """The numbers of `survey` that the edition before asked for too."""
    before = {field.name: field.type for field in last.fields()} if last else {}
    return [field for field in survey.fields() if field.type == "integer" and before.get(field.name) == "integer"]


def _submission_rules(survey: Survey) -> Iterator[Rule]:
    opens, closes, least = survey.fielding.opens, survey.fielding.closes, survey.fielding.seconds_at_least

    def whole(name: str, severity: Severity, required: Words, fault: Words, wrong: Mask) -> Rule:
        return Rule(f"submission__{name}", severity, (), (), required, fault, (Fact(name, wrong),))

    yield whole(
        "time",
        "error",
        Words(en="The time of submission can be read.", zh="提交时间可以识别。"),
        Words(en="The time of submission cannot be read.", zh="提交时间无法识别。"),
        lambda frame: frame.submitted_at.isnull(),
    )
    yield whole(
        "in_fielding",
        "warn",
        Words(en=f"It was submitted between {opens} and {closes}.", zh=f"提交时间在 {opens} 至 {closes} 之间。"),
        Words(en=f"It was not submitted between {opens} and {closes}.", zh=f"提交时间不在 {opens} 至 {closes} 之间。"),
        lambda frame: ~frame.submitted_at.date().between(opens, closes),
    )
    if least is not None:
        yield whole(
            "duration",
            "warn",
            Words(en=f"It took at least {least} seconds.", zh=f"答题用时不少于 {least} 秒。"),
            Words(en=f"It took less than {least} seconds.", zh=f"答题用时不足 {least} 秒。"),
            lambda frame: frame.duration_seconds < least,
        )
    if everything := all_ticked(survey):
        yield whole(
            "not_everything",
            "confirm",
            Words(
                en="Not every option of every multiple-choice question is ticked.", zh="多选题并非全部选项都被勾选。"
            ),
            Words(en="Every option of every multiple-choice question is ticked.", zh="所有多选题的选项都被勾选。"),
            everything,
        )
    if one_place := straight_lined(survey):
        yield whole(
            "not_one_place",
            "confirm",
            Words(
                en="The choice questions are not all answered by the option at the same place.",
                zh="各选择题并非都只选同一位置的选项。",
            ),
            Words(
                en="All choice questions are answered by the option at the same place.",
                zh="各选择题都只选了同一位置的选项。",
            ),
            one_place,
        )


def _library_rules(survey: Survey) -> Iterator[Rule]:
    key, least = survey.library, survey.eligibility.staff_at_least
    field = Field(key, survey.questions[key])

    def of_library(name: str, required: Words, fault: Words, *forbids: Condition) -> Rule:
        return Rule(f"{key}__{name}", "error", (key,), (key,), required, fault, forbids)

    def unknown(frame: ir.Table) -> ir.BooleanValue:
        return (frame[columns.state(key)] == "answered") & (frame.library_matches == 0)

    yield of_library(
        "known",
        Words(en="The library is in the register under this name.", zh="名录中有此名称的图书馆。"),
        Words(en="We do not find this name in our register.", zh="名录中查不到这一馆名。"),
        Fault(field, "unknown", unknown),
    )
    yield of_library(
        "unambiguous",
        Words(en="The name belongs to one library only.", zh="该名称只对应一所图书馆。"),
        Words(
            en="Several libraries of our register go by this name.",
            zh="名录中有多所图书馆使用这一名称，无法确定是哪一所。",
        ),
        Fault(field, "ambiguous", lambda frame: frame.library_matches > 1),
    )
    yield of_library(
        "staff_known",
        Words(en="The register has the library's staff count.", zh="名录中有该馆的职工人数。"),
        Words(en="Our register lacks the library's staff count.", zh="名录中缺少该馆的职工人数。"),
        Fact("staff_unknown", lambda frame: (frame.library_matches == 1) & frame.staff_count.isnull()),
    )
    yield of_library(
        "eligible",
        Words(en=f"The library has a staff of at least {least}.", zh=f"该馆职工不少于 {least} 人。"),
        Words(en=f"By our register the library has fewer than {least} staff.", zh=f"据名录，该馆职工不足 {least} 人。"),
        Fact("too_small", lambda frame: frame.staff_count < least),
    )
    yield of_library(
        "single_submission",
        Words(
            en="Valid submissions of one library do not contradict each other.",
            zh="同一图书馆的多份有效答卷内容一致。",
        ),
        Words(
            en="The library sent several valid submissions, and their answers differ.",
            zh="该馆提交了多份有效答卷，内容不一致。",
        ),
    )


def _jumps(survey: Survey, last: Survey | None) -> Iterator[Rule]:
    for field in compared(survey, last):
        words = Words(
            en=f"differs by no more than a factor of {JUMP} from what the library said in the edition before",
            zh=f"与该馆上一次调查所填数字相差不超过 {JUMP} 倍",
        )
        wrong = Words(
            en=f"differs by more than a factor of {JUMP} from what the library said in the edition before",
            zh=f"与该馆上一次调查所填数字相差超过 {JUMP} 倍，请确认是否属实",
        )
        yield rule(field, "jump", "confirm", words, wrong, Fact(f"{field.name}_jumps", _jumps_in(field)))


def _jumps_in(field: Field) -> Mask:
    def jumps(frame: ir.Table) -> ir.BooleanValue:
        now, then = frame[field.name], frame[columns.last(field.name)]
        return (then > 0) & ((now > JUMP * then) | (now * JUMP < then))

    return jumps
