"""The rules on one field: required if asked, silent if not, well formed, in range, alone, specified if ticked."""

from collections.abc import Iterator
from functools import partial, reduce
from operator import add, and_

import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.gates import asked, gate_sentence
from calm_pipeline.rules.rule import Rule
from calm_pipeline.survey import Field, Survey, Words


def field_rules(survey: Survey, field: Field) -> Iterator[Rule]:
    """The rules that concern `field` alone or with its gate."""
    for derive in (_required, _silent, _well_formed, _in_range, _alone, _ticked):
        yield from derive(survey, field)


def _required(survey: Survey, field: Field) -> Iterator[Rule]:
    if field.question.required:
        state, name = columns.state(field.name), _name(field)
        yield Rule(
            f"{field.name}__required",
            "warn" if field.question.personal else "error",
            (field.key,),
            Words(en=f"{name.en} is answered if it is asked.", zh=f"{name.zh}被询问时必须作答。"),
            lambda frame: ~asked(frame, survey, field.key) | (frame[state] != "blank"),
        )


def _silent(survey: Survey, field: Field) -> Iterator[Rule]:
    gate = gate_sentence(survey, field.key)
    if gate is not None:
        state, name = columns.state(field.name), _name(field)
        yield Rule(
            f"{field.name}__silent",
            "error",
            (field.key, *field.question.asked_if, *field.question.asked_unless),
            Words(
                en=f"{name.en} is not answered unless it is asked. {gate.en}.",
                zh=f"{name.zh}未被询问时不得作答（{gate.zh}）。",
            ),
            lambda frame: asked(frame, survey, field.key) | ~frame[state].isin(["answered", "malformed"]),
        )


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
        rule, words = _PROBLEMS[problem]
        name = _name(field)
        yield Rule(
            f"{field.name}__{rule}",
            "error",
            (field.key,),
            Words(en=f"{name.en} {words.en}.", zh=f"{name.zh}{words.zh}。"),
            partial(_free_of, field, problem),
        )


def _free_of(field: Field, problem: str, frame: ir.Table) -> ir.BooleanValue:
    return (frame[columns.problem(field.name)] != problem).fill_null(True)


def _in_range(_survey: Survey, field: Field) -> Iterator[Rule]:
    low, high = field.bounds
    if low is not None or high is not None:
        name = _name(field)
        en = " and ".join([f"at least {low}"] * (low is not None) + [f"at most {high}"] * (high is not None))
        zh = "且".join([f"不小于 {low}"] * (low is not None) + [f"不大于 {high}"] * (high is not None))
        yield Rule(
            f"{field.name}__range",
            "error",
            (field.key,),
            Words(en=f"{name.en} is {en}.", zh=f"{name.zh}{zh}。"),
            partial(_within, field),
        )


def _within(field: Field, frame: ir.Table) -> ir.BooleanValue:
    value, (low, high) = frame[field.name], field.bounds
    bounds = ([value >= low] if low is not None else []) + ([value <= high] if high is not None else [])
    return reduce(and_, bounds)


def _alone(_survey: Survey, field: Field) -> Iterator[Rule]:
    for key, option in field.options.items():
        if option.exclusive:
            name = _name(field)
            yield Rule(
                f"{field.name}__{key}__alone",
                "error",
                (field.key,),
                Words(en=f'{name.en}: "{option.en}" stands alone.', zh=f"{name.zh}：“{option.zh}”不能与其他选项同选。"),
                partial(_stands_alone, field, key),
            )


def _stands_alone(field: Field, key: str, frame: ir.Table) -> ir.BooleanValue:
    others = (frame[columns.tick(field.name, other)] for other in field.options if other != key)
    return (frame[columns.tick(field.name, key)] == 0) | (reduce(add, others) == 0)


def _ticked(_survey: Survey, field: Field) -> Iterator[Rule]:
    for key, option in field.options.items():
        if option.specify:
            name = _name(field)
            yield Rule(
                f"{field.name}__{key}__ticked",
                "error",
                (field.key,),
                Words(
                    en=f'{name.en}: the blank of "{option.en}" is filled only if the option is ticked.',
                    zh=f"{name.zh}：勾选“{option.zh}”后方可填写其说明。",
                ),
                partial(_filled_if_ticked, field, key),
            )


def _filled_if_ticked(field: Field, key: str, frame: ir.Table) -> ir.BooleanValue:
    ticked = frame[field.name] == key if field.type == "single" else frame[columns.tick(field.name, key)] == 1
    return frame[columns.specify(field.name, key)].isnull() | ticked


def _name(field: Field) -> Words:
    number = field.question.number
    if field.row is None:
        return Words(en=f"Q{number}", zh=f"第{number}题")
    row = field.question.rows[field.row]
    return Words(en=f"Q{number} ({row.en})", zh=f"第{number}题（{row.zh}）")
