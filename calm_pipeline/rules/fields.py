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
    *forbids: Condition,
    fields: tuple[str, ...] = (),
    questions: tuple[str, ...] = (),
) -> Rule:
    """A rule of `field`; `words` follow the field's number in both languages."""
    label = field.label
    sentence = Words(en=f"{label.en} {words.en}.", zh=f"{label.zh}{words.zh}。")
    return Rule(
        f"{field.name}__{name}",
        severity,
        (field.name, *fields),
        tuple(dict.fromkeys((field.key, *questions))),
        sentence,
        forbids,
    )


def _required(survey: Survey, field: Field) -> Iterator[Rule]:
    if field.question.required:
        severity: Severity = "warn" if field.question.personal else "error"
        words = Words(en="is answered if it is asked", zh="被询问时必须作答")
        conditions = Asked(field.key, survey), Silent(field)
        gates = _gates(field)
        yield rule(field, "required", severity, words, *conditions, fields=gates, questions=gates)


def _silent(survey: Survey, field: Field) -> Iterator[Rule]:
    gate = gate_sentence(survey, field.key)
    if gate is not None:
        words = Words(en=f"is not answered unless it is asked. {gate.en}", zh=f"未被询问时不得作答（{gate.zh}）")
        conditions = Asked(field.key, survey, asked=False), Silent(field, silent=False)
        yield rule(field, "silent", "error", words, *conditions, fields=_gates(field), questions=_gates(field))


def _gates(field: Field) -> tuple[str, ...]:
    return (*field.question.asked_if, *field.question.asked_unless)


_PROBLEMS: dict[str, tuple[str, Words]] = {
    "several_options": ("one_choice", Words(en="names one option only", zh="只能选择一项")),
    "unknown_option": ("known_options", Words(en="names only options of the questionnaire", zh="只包含问卷所列选项")),
    "not_a_number": ("number", Words(en="is a whole number in digits", zh="须为阿拉伯数字整数")),
    "exports_disagree": ("agreement", Words(en="is the same in both exports", zh="在两种导出文件中一致")),
}
_PROBLEMS_OF = {
    "single": ("several_options", "unknown_option", "exports_disagree"),
    "multiple": ("unknown_option", "exports_disagree"),
    "ranking": ("unknown_option", "exports_disagree"),
    "integer": ("not_a_number", "exports_disagree"),
}


def _well_formed(_survey: Survey, field: Field) -> Iterator[Rule]:
    for problem in _PROBLEMS_OF.get(field.type, ()):
        name, words = _PROBLEMS[problem]
        yield rule(field, name, "error", words, Fault(field, problem, partial(_has, field, problem), malformed=True))


def _has(field: Field, problem: str, frame: ir.Table) -> ir.BooleanValue:
    return (frame[columns.problem(field.name)] == problem).fill_null(False)


def _in_range(_survey: Survey, field: Field) -> Iterator[Rule]:
    low, high = field.bounds
    if low is not None or high is not None:
        en = " and ".join([f"at least {low}"] * (low is not None) + [f"at most {high}"] * (high is not None))
        zh = "且".join([f"不小于 {low}"] * (low is not None) + [f"不大于 {high}"] * (high is not None))
        yield rule(field, "range", "error", Words(en=f"is {en}", zh=zh), Outside(field))


def _at_most(_survey: Survey, field: Field) -> Iterator[Rule]:
    if field.row is not None and (limit := field.question.rows[field.row].at_most) is not None:
        other = Field(field.key, field.question, limit)
        words = Words(en=f"is not more than {other.label.en}", zh=f"不大于{other.label.zh}")
        yield rule(field, "at_most", "error", words, MoreThan(field, other), fields=(other.name,))


def _alone(_survey: Survey, field: Field) -> Iterator[Rule]:
    for key, option in field.options.items():
        if option.exclusive:
            words = Words(en=f'has "{option.en}" alone or not at all', zh=f"中“{option.zh}”不能与其他选项同选")
            others = tuple(other for other in field.options if other != key)
            yield rule(field, f"{key}__alone", "error", words, Ticked(field, (key,)), Ticked(field, others))


def _specified(_survey: Survey, field: Field) -> Iterator[Rule]:
    for key, option in field.options.items():
        if option.specify:
            words = Words(
                en=f'has the blank of "{option.en}" filled only if the option is ticked',
                zh=f"勾选“{option.zh}”后方可填写其说明",
            )
            yield rule(field, f"{key}__ticked", "error", words, Filled(field, key), Ticked(field, (key,), ticked=False))
            words = Words(
                en=f'says in the blank of "{option.en}" what is meant if the option is ticked',
                zh=f"勾选“{option.zh}”后应填写其说明",
            )
            ticked = Ticked(field, (key,)), Filled(field, key, filled=False), Fact("by_text", _given_by_text)
            yield rule(field, f"{key}__specified", "warn", words, *ticked)


def _form(_survey: Survey, field: Field) -> Iterator[Rule]:
    if field.question.form is not None:
        words = Words(en="looks like a mobile number of the mainland", zh="为 11 位手机号码")
        yield rule(field, "form", "warn", words, Fault(field, "form", partial(_unusual, field)))


def _unusual(field: Field, frame: ir.Table) -> ir.BooleanValue:
    return (frame[field.name] == columns.GIVEN_OTHERWISE).fill_null(False)


def _given_by_text(frame: ir.Table) -> ir.BooleanValue:
    """By number alone, nobody can see what was written into a blank."""
    return frame.by_text
