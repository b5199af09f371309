"""Skip logic: from a gate in the survey file to a mask over submissions and to a sentence for a person."""

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.survey import Question, Survey, Words

EVERYBODY = Words(en="All accepted submissions", zh="全部有效答卷")
"""The base of a question without a gate."""


def asked(frame: ir.Table, survey: Survey, key: str) -> ir.BooleanValue:
    """Whether the question was to be asked: true, false, or null where the gate's own answer cannot be told.

    That is where it is malformed, or blank although required. An optional question left blank opens nothing.

    `frame` needs the clean columns of the questions that the gate names.
    """
    question = survey.questions[key]
    opened: list[ir.BooleanValue] = []
    if question.asked_if:
        opened.append(_agrees(frame, survey, question.asked_if))
    if question.asked_unless:
        opened.append(~_agrees(frame, survey, question.asked_unless))
    return reduce(and_, opened, ibis.literal(True))


def _agrees(frame: ir.Table, survey: Survey, gate: Mapping[str, tuple[str, ...]]) -> ir.BooleanValue:
    return reduce(and_, (_chosen(frame, survey.questions[key], key, options) for key, options in gate.items()))


def _chosen(frame: ir.Table, question: Question, key: str, options: tuple[str, ...]) -> ir.BooleanValue:
    state = frame[columns.state(key)]
    if question.type == "multiple":
        chosen = reduce(or_, (frame[columns.tick(key, option)] == 1 for option in options))
    else:
        chosen = frame[key].isin(options)
    nothing_chosen = ["not_asked"] if question.required else ["not_asked", "blank"]
    return ibis.cases((state == "answered", chosen), (state.isin(nothing_chosen), False))


def gate_sentence(survey: Survey, key: str) -> Words | None:
    """Who is asked the question, or None if everybody is."""
    question = survey.questions[key]
    if not question.gated:
        return None
    parts = [_condition(survey, gate, negated) for gate, negated in _gates(question)]
    return Words(
        en="Asked if " + " and ".join(part.en for part in parts),
        zh="仅当" + "且".join(part.zh for part in parts) + "时询问",
    )


def _gates(question: Question) -> list[tuple[Mapping[str, tuple[str, ...]], bool]]:
    return [(gate, negated) for gate, negated in ((question.asked_if, False), (question.asked_unless, True)) if gate]


def _condition(survey: Survey, gate: Mapping[str, tuple[str, ...]], negated: bool) -> Words:
    en, zh = [], []
    for key, options in gate.items():
        question = survey.questions[key]
        en.append(f"Q{question.number} {'is not' if negated else 'is'} {_quoted(question, options, 'en')}")
        zh.append(f"第{question.number}题{'未选' if negated else '选择了'}{_quoted(question, options, 'zh')}")
    return Words(en=(" or " if negated else " and ").join(en), zh=("或" if negated else "且").join(zh))


def _quoted(question: Question, options: tuple[str, ...], language: str) -> str:
    marks, joint = (("“", "”"), "或") if language == "zh" else (('"', '"'), " or ")
    return joint.join(f"{marks[0]}{getattr(question.options[option], language)}{marks[1]}" for option in options)
