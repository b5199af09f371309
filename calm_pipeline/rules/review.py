"""The smallest set of answers to change so that a submission breaks no rule (Fellegi and Holt, 1976).

Fellegi, I. P., Holt, D. (1976): A systematic approach to automatic edit and imputation. Journal of the American
Statistical Association 71, 17-35. Only their first step is taken: answers are located, none is imputed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calm_pipeline import columns
from calm_pipeline.rules.conditions import Fault
from calm_pipeline.rules.program import Name, Program
from calm_pipeline.rules.rule import Rule
from calm_pipeline.survey import Field, Survey

SCALE = 1000
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Review:
    """`fields` are to be looked at again; no change of answers mends the rules in `beyond`.

    `witness` shows that it can be done: options ticked, numbers or True for a text, None for no answer, one for each
    of `fields`. It is what some answer could be, never what the library meant.
    """

    fields: tuple[str, ...]
    beyond: tuple[str, ...]
    witness: Mapping[str, Any]


def smallest_review(survey: Survey, rules: Sequence[Rule], row: Row, broken: Collection[str]) -> Review:
    """Locate the answers of least total weight that must change.

    Among sets of the same weight the one with later questions is taken, since earlier ones open gates for them.
    The library a submission names is never put in question, unless it is missing, unknown or ambiguous.

    Args:
        survey: the edition.
        rules: its rules.
        row: the submission's row of the clean frame.
        broken: the ids of the rules of severity error that it breaks.
    """
    errors = [rule for rule in rules if rule.severity == "error"]
    beyond = tuple(rule.id for rule in errors if rule.id in broken and rule.beyond_answers)
    within = [rule for rule in errors if not rule.beyond_answers]
    program = Program(survey)
    for rule in within:
        program.forbid(rule.forbids)
    concerned = {name for rule in within for name in rule.fields}
    fields = [field for field in survey.fields() if field.name in concerned]
    for field in fields:
        _hold(program, field, row)
        _hold_faults(program, field, within, broken)
        if field.question.identifies and not any(field.name in rule.fields for rule in within if rule.id in broken):
            program.bound({_changed(program, field): 1}, high=0)
    costs = {
        _changed(program, field): field.question.weight * SCALE + len(fields) - place
        for place, field in enumerate(fields)
    }
    found = program.solve(lambda name: costs.get(name, 0))
    if found is None:
        raise ArithmeticError(f"no answers satisfy the rules of edition {survey.edition}, which was checked on loading")
    chosen = [field for field in fields if found[_changed(program, field)]]
    return Review(tuple(field.name for field in chosen), beyond, {one.name: _content(one, found) for one in chosen})


def _changed(program: Program, field: Field) -> Name:
    return program.variable("changed", field.name)


def _hold(program: Program, field: Field, row: Row) -> None:
    """Each part of the answer stays what it is unless the field is changed."""
    state = row[columns.state(field.name)]
    held: dict[Name, float] = {program.answered(field.name): state == "answered"}
    held[program.malformed(field.name)] = state == "malformed"
    for key, option in field.options.items():
        held["tick", field.name, key] = state == "answered" and _ticked(field, key, row)
        if option.specify:
            text = row[columns.specify(field.name, key)]
            held["filled", field.name, key] = state == "answered" and text is not None
    if field.type == "integer" and row[field.name] is not None:
        number = program.number(field.name)
        held[number] = min(max(row[field.name], program.low[number]), program.high[number])
    changed = _changed(program, field)
    for name, value in held.items():
        span = program.high[name] - program.low[name]
        program.bound({name: 1, changed: -span}, high=value)
        program.bound({name: 1, changed: span}, value)
    program.bound({program.malformed(field.name): 1, changed: 1}, high=1)


def _ticked(field: Field, key: str, row: Row) -> bool:
    return bool(row[field.name] == key if field.type == "single" else row[columns.tick(field.name, key)] == 1)


def _hold_faults(program: Program, field: Field, rules: Sequence[Rule], broken: Collection[str]) -> None:
    """What is wrong with a field goes with any change of it, and comes with none."""
    for rule in rules:
        for condition in rule.forbids:
            if isinstance(condition, Fault) and condition.field == field:
                there = program.variable("fault", field.name, condition.name)
                program.bound(
                    {there: 1, _changed(program, field): rule.id in broken}, rule.id in broken, rule.id in broken
                )


def _content(field: Field, found: Mapping[Name, float]) -> Any:
    if not found["answered", field.name]:
        return None
    if field.options:
        return {
            key: "?" if found.get(("filled", field.name, key)) else ""
            for key in field.options
            if found["tick", field.name, key]
        }
    return int(found["number", field.name]) if field.type == "integer" and ("number", field.name) in found else True
