"""Whether the rules of an edition make sense together, told from the survey alone: no data are needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from calm_pipeline.rules.conditions import Condition, Fact, Fault, Silent, Ticked
from calm_pipeline.rules.program import Name, Program
from calm_pipeline.rules.rule import Rule
from calm_pipeline.survey import Survey


@dataclass(frozen=True)
class Flaw:
    """A rule that never can be broken, or rules of which one field, option or submission cannot keep all.

    `rules` are as few as possible: leave one out, and the flaw is gone.
    """

    kind: Literal["idle", "contradiction"]
    place: tuple[str, ...]
    rules: tuple[str, ...]


def flaws(survey: Survey, rules: Sequence[Rule]) -> Iterator[Flaw]:
    """Every flaw of the rules: first those that never fire, then those that contradict each other."""
    for rule in rules:
        if rule.forbids and not _possible(survey, rule.forbids, ()):
            yield Flaw("idle", ("questions", *rule.questions[:1]), (rule.id,))
    errors = [rule for rule in rules if rule.severity == "error" and rule.forbids]
    if not _possible(survey, (), errors):
        yield Flaw("contradiction", ("questions",), _core(survey, (), errors))
        return
    for place, wanted in _unreachable(survey, errors):
        yield Flaw("contradiction", place, _core(survey, wanted, errors))


def _program(survey: Survey, wanted: Sequence[Condition], rules: Sequence[Rule]) -> Program:
    program = Program(survey)
    program.demand(wanted)
    for rule in rules:
        if not any(isinstance(condition, Fact | Fault) for condition in rule.forbids):
            program.forbid(rule.forbids)
    if rules:
        program.high |= {name: 0 for name in program.high if name[0] == "malformed"}
    return program


def _possible(survey: Survey, wanted: Sequence[Condition], rules: Sequence[Rule]) -> bool:
    return _program(survey, wanted, rules).solve() is not None


def _core(survey: Survey, wanted: Sequence[Condition], rules: Sequence[Rule]) -> tuple[str, ...]:
    """The rules without those that can be left out one after another while the conflict stays."""
    kept = list(rules)
    for rule in rules:
        fewer = [other for other in kept if other is not rule]
        if not _possible(survey, wanted, fewer):
            kept = fewer
    return tuple(rule.id for rule in kept)


def _unreachable(survey: Survey, rules: Sequence[Rule]) -> Iterator[tuple[tuple[str, ...], tuple[Condition, ...]]]:
    """Every option that no valid submission can tick and every field that none can answer.

    Each solution ticks as much as it can of what was not yet seen ticked, so that few solutions show nearly all.
    """
    wishes = _wishes(survey)
    while True:
        program = _program(survey, (), rules)
        wanted = {name: program.truth(condition) for name, (_, condition) in wishes.items()}
        found = program.solve(lambda name: -1.0 if name in wanted else 0.0) or {}  # noqa: B023
        seen = [name for name in wanted if found.get(name)]
        if not seen:
            break
        for name in seen:
            del wishes[name]
    yield from ((place, (condition,)) for place, condition in wishes.values())


def _wishes(survey: Survey) -> dict[Name, tuple[tuple[str, ...], Condition]]:
    wishes: dict[Name, tuple[tuple[str, ...], Condition]] = {}
    for field in survey.fields():
        for key in field.options:
            place = ("questions", field.key, "options", key)
            wishes["tick", field.name, key] = place, Ticked(field, (key,))
        if not field.options:
            wishes["answered", field.name] = ("questions", field.key), Silent(field, silent=False)
    return wishes
