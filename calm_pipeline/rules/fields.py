"""The rules on one field: required if asked, silent if not, well formed, in range, alone, specified if ticked."""

from collections.abc import Iterator
from functools import partial

import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.gates import gate_sentence
from calm_pipeline.rules.conditions import Asked, Condition, Fact, Fault, Filled, MoreThan, Outside, Silent, Ticked
from calm_pipeline.rules.rule import Rule, Severity
from calm_pipeline.rules.texts import text_rules
from calm_pipeline.survey import Field, Survey, Words


def field_rules(survey: Survey, field: Field) -> Iterator[Rule]:
    """The rules that concern `field` alone or with its gate."""
    for derive in (_required, _silent, _well_formed, _in_range, _at_most, _alone, _specified, _form):
        yield from derive(survey, field)
    yield from text_rules(field)


def rule(
    field: Field,
    name: str,
    severity: Severity,
    words: Words,
    wrong: Words,
    *forbids: Condition,
    fields: tuple[str, ...] = (),
    questions: tuple[str, ...] = (),
) -> Rule:
    """A rule of `field`; `words` and, where it is broken, `wrong` follow the field's label in both languages."""
    return Rule(
        f"{field.name}__{name}",
        severity,
        (field.name, *fields),
        tuple(dict.fromkeys((field.key, *questions))),
        field.says(words),
        field.says(wrong),
        forbids,
    )


def _required(survey: Survey, field: Field) -> Iterator[Rule]:
    if field.question.required:
        severity: Severity = "warn" if field.question.personal else "error"
        words = Words(en="must be answered whenever it is asked", zh="为必答题（按跳转规则无需作答的除外）")
        if not field.question.gated:
            words = Words(en="must be answered", zh="为必答题")
        wrong = Words(en="was left blank; please answer it", zh="未填写，请作答")
        conditions = Asked(field.key, survey), Silent(field)
        gates = _gates(field)
        yield rule(field, "required", severity, words, wrong, *conditions, fields=gates, questions=gates)


def _silent(survey: Survey, field: Field) -> Iterator[Rule]:
    gate = gate_sentence(survey, field.key)
    if gate is not None:
        words = Words(en=f"is left empty unless it is asked. {gate.en}", zh=f"{gate.zh}，其他情况应留空")
        wrong = Words(
            en=f"is answered although it is not asked; please look at both. {gate.en}",
            zh=f"{gate.zh}；按已填答案无需作答，却有内容，请一并核对",
        )
        conditions = Asked(field.key, survey, asked=False), Silent(field, silent=False)
        yield rule(field, "silent", "error", words, wrong, *conditions, fields=_gates(field), questions=_gates(field))


def _gates(field: Field) -> tuple[str, ...]:
    return (*field.question.asked_if, *field.question.asked_unless)


_PROBLEMS: dict[str, tuple[str, Words, Words]] = {
    "several_options": (
        "one_choice",
        Words(en="names one option only", zh="只能选择一项"),
        Words(en="names several options; please choose one", zh="选择了多项，请只选一项"),
    ),
    "unknown_option": (
        "known_options",
        Words(en="names only options of the questionnaire", zh="只能填写问卷所列选项"),
        Words(en="names something that is no option of the questionnaire", zh="含有问卷中没有的选项"),
    ),
    "not_a_number": (
        "number",
        Words(en="is a whole number in digits", zh="应为阿拉伯数字表示的整数"),
        Words(en="is not a whole number in digits", zh="不是阿拉伯数字表示的整数"),
    ),
    "exports_disagree": (
        "agreement",
        Words(en="is the same in both exports", zh="在两种导出文件中一致"),
        Words(en="is not the same by text and by number", zh="按文本与按序号两种导出文件的内容不一致"),
    ),
}
_PROBLEMS_OF = {
    "single": ("several_options", "unknown_option", "exports_disagree"),
    "multiple": ("unknown_option", "exports_disagree"),
    "ranking": ("unknown_option", "exports_disagree"),
    "integer": ("not_a_number", "exports_disagree"),
}


def _well_formed(_survey: Survey, field: Field) -> Iterator[Rule]:
    for problem in _PROBLEMS_OF.get(field.type, ()):
        name, words, wrong = _PROBLEMS[problem]
        fault = Fault(field, problem, partial(_has, field, problem), malformed=True)
        yield rule(field, name, "error", words, wrong, fault)


def _has(field: Field, problem: str, frame: ir.Table) -> ir.BooleanValue:
    return (frame[columns.problem(field.name)] == problem).fill_null(False)


def _in_range(_survey: Survey, field: Field) -> Iterator[Rule]:
    low, high = field.bounds
    if low is not None or high is not None:
        span = _span(low, high)
        words = Words(en=f"is {span.en}", zh=f"应{span.zh}")
        wrong = Words(en=f"is not {span.en}", zh=f"应{span.zh}，所填数字不在此范围内")
        yield rule(field, "range", "error", words, wrong, Outside(field))


def _span(low: int | None, high: int | None) -> Words:
    if high is None:
        return Words(en=f"at least {low}", zh=f"不小于 {low}")
    if low is None:
        return Words(en=f"at most {high}", zh=f"不大于 {high}")
    return Words(en=f"between {low} and {high}", zh=f"在 {low} 至 {high} 之间")


def _at_most(_survey: Survey, field: Field) -> Iterator[Rule]:
    if field.row is not None and (limit := field.question.rows[field.row].at_most) is not None:
        other = Field(field.key, field.question, limit)
        label = Words(en=other.label.en.rstrip(","), zh=other.label.zh)
        words = Words(en=f"is not more than {label.en}", zh=f"不大于{label.zh}")
        wrong = Words(en=f"is more than {label.en}", zh=f"大于{label.zh}")
        yield rule(field, "at_most", "error", words, wrong, MoreThan(field, other), fields=(other.name,))


def _alone(_survey: Survey, field: Field) -> Iterator[Rule]:
    for key, option in field.options.items():
        if option.exclusive:
            words = Words(en=f'has "{option.en}" alone or not at all', zh=f"中“{option.zh}”不能与其他选项同选")
            wrong = Words(en=f'has "{option.en}" beside other options', zh=f"同时选择了“{option.zh}”和其他选项")
            others = tuple(other for other in field.options if other != key)
            yield rule(field, f"{key}__alone", "error", words, wrong, Ticked(field, (key,)), Ticked(field, others))


def _specified(_survey: Survey, field: Field) -> Iterator[Rule]:
    for key, option in field.options.items():
        if option.specify:
            words = Words(
                en=f'has the blank of "{option.en}" filled only if the option is ticked',
                zh=f"勾选“{option.zh}”后方可填写其说明",
            )
            wrong = Words(
                en=f'has the blank of "{option.en}" filled, but the option is not ticked',
                zh=f"填写了“{option.zh}”的说明，却未勾选该项",
            )
            conditions = Filled(field, key), Ticked(field, (key,), ticked=False)
            yield rule(field, f"{key}__ticked", "error", words, wrong, *conditions)
            words = Words(
                en=f'says in the blank of "{option.en}" what is meant if the option is ticked',
                zh=f"勾选“{option.zh}”后应填写其说明",
            )
            wrong = Words(
                en=f'has "{option.en}" ticked, but does not say what is meant',
                zh=f"勾选了“{option.zh}”，但未填写其说明",
            )
            ticked = Ticked(field, (key,)), Filled(field, key, filled=False), Fact("by_text", _given_by_text)
            yield rule(field, f"{key}__specified", "warn", words, wrong, *ticked)


def _form(_survey: Survey, field: Field) -> Iterator[Rule]:
    if field.question.form is not None:
        words = Words(en="looks like a mobile number of the mainland", zh="为 11 位手机号码")
        wrong = Words(en="does not look like a mobile number of the mainland", zh="不是 11 位手机号码")
        yield rule(field, "form", "warn", words, wrong, Fault(field, "form", partial(_unusual, field)))


def _unusual(field: Field, frame: ir.Table) -> ir.BooleanValue:
    return (frame[field.name] == columns.GIVEN_OTHERWISE).fill_null(False)


def _given_by_text(frame: ir.Table) -> ir.BooleanValue:
    """By number alone, nobody can see what was written into a blank."""
    return frame.by_text
