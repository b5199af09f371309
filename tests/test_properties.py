"""For any survey and any answers to it: nothing changes on the way in, nothing is lost, and rules fire exactly."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from calm_pipeline import columns
from calm_pipeline.canonical import CONTROL, INVISIBLE
from calm_pipeline.exports.submission import Answer, Silence, Submission, Verbatim
from calm_pipeline.rules import derive_rules
from calm_pipeline.survey import Field, Survey
from tests.judged import Judged, judge, raw_frame, register_of
from tests.often import examples
from tests.strategies import answers_to, submissions, surveys

KINDS = (("text",), ("number",), ("text", "number"))
UNKNOWN = ("__known_options", "__one_choice", "__agreement")  # what leaves a gate neither open nor closed
WHITE = " \t\n\r\x0b\x0c"


@st.composite
def cases(draw: st.DrawFn) -> tuple[Survey, list[Submission]]:
    """A survey and valid submissions to it, each of another library."""
    survey = draw(surveys())
    drawn = draw(submissions(survey))
    return survey, [_of_library(survey, one, f"图书馆{one.sequence}") for one in drawn]


def _of_library(survey: Survey, one: Submission, name: str) -> Submission:
    return replace(one, answers={**one.answers, survey.library: name})


def expected(field: Field, answer: Answer, *, with_text: bool) -> dict[str, Any]:
    """The clean columns that an answer must come out as; what was filled into blanks only by-text exports know."""
    if isinstance(answer, Silence):
        return {columns.state(field.name): answer.value}
    out: dict[str, Any] = {columns.state(field.name): "answered"}
    if isinstance(answer, Mapping):
        if field.type == "single":
            out[field.name] = next(iter(answer))
        else:
            out |= {columns.tick(field.name, key): int(key in answer) for key in field.options}
        if field.type == "ranking":
            out |= {columns.rank(field.name, key): n for n, key in enumerate(answer, 1)}
        for key, written in answer.items():
            if field.options[key].specify:
                out[columns.specify(field.name, key)] = (seen(written) or None) if with_text else None
        return out
    if isinstance(answer, int):
        return {**out, field.name: answer}
    if field.question.personal:
        return {**out, field.name: "given"}
    return {**out, field.name: seen(str(answer))} if seen(str(answer)) else {columns.state(field.name): "blank"}


def seen(text: str) -> str:
    kept = re.sub(CONTROL, "", text).strip(WHITE)
    return kept if re.sub(INVISIBLE, "", kept) else ""


@settings(max_examples=examples(10))
@given(cases(), st.sampled_from(KINDS))
def test_what_was_written_is_read_and_accepted(case: tuple[Survey, list[Submission]], kinds: tuple[str, ...]) -> None:
    survey, sent = case
    judged = judge(survey, raw_frame(survey, sent, kinds), register_of(survey, sent))
    for one, row in zip(sorted(sent, key=lambda one: one.sequence), judged.clean, strict=True):
        assert row["submitted_at"] == one.submitted_at
        assert row["duration_seconds"] == one.seconds
        for field in survey.fields():
            found = {name: row[name] for name in expected(field, one.answers[field.name], with_text="text" in kinds)}
            assert found == expected(field, one.answers[field.name], with_text="text" in kinds)
    assert not _errors(survey, judged)
    assert set(judged.status.values()) == {"accepted"}
    assert len(judged.status) == len(sent)


def _errors(survey: Survey, judged: Judged) -> set[tuple[int, str]]:
    errors = {rule.id for rule in derive_rules(survey) if rule.severity == "error"}
    return {(sequence, rule) for sequence, rule in judged.broken if rule in errors}


def breakages(survey: Survey, one: Submission) -> list[tuple[str, Answer | st.SearchStrategy[Answer], str]]:
    """Every way to break exactly one rule: the field, what to answer there, the rule."""
    gates = {gate for question in survey.questions.values() for gate in (*question.asked_if, *question.asked_unless)}
    found: list[tuple[str, Any, str]] = [(survey.library, "不在册的馆", f"{survey.library}__known")]
    for field in survey.fields():
        answer = one.answers[field.name]
        if answer is Silence.SKIPPED:
            if field.key not in gates:
                found.append((field.name, answers_to(field), f"{field.name}__silent"))
        elif not field.question.personal and field.key != survey.library:
            found += [wrong for wrong in _wrong_answers(field) if field.key not in gates or wrong[2].endswith(UNKNOWN)]
        if field.question.required and not field.question.personal and answer is not Silence.SKIPPED:
            found.append((field.name, Silence.BLANK, f"{field.name}__required"))
    return found


def _wrong_answers(field: Field) -> list[tuple[str, Answer, str]]:
    labels = [option.zh for option in field.options.values()]
    zeros = ("0",) * len(labels)
    if field.type == "integer":
        assert field.question.maximum is not None
        return [
            (field.name, Verbatim("约二百", "约二百"), f"{field.name}__number"),
            (field.name, Verbatim("12.5", "12.5"), f"{field.name}__number"),
            (field.name, field.question.maximum + 1, f"{field.name}__range"),
            (field.name, -1, f"{field.name}__range"),
            (field.name, Verbatim("12", "13"), f"{field.name}__agreement"),
        ]
    if field.type == "single":
        return [
            (field.name, Verbatim("问卷没有的选项", "99"), f"{field.name}__known_options"),
            (field.name, Verbatim("┋".join(labels[:2]), "1"), f"{field.name}__one_choice"),
            (field.name, Verbatim(labels[0], "2"), f"{field.name}__agreement"),
        ]
    if field.type == "multiple":
        wrong: list[tuple[str, Answer, str]] = [
            (field.name, Verbatim("问卷没有的选项", zeros), f"{field.name}__known_options"),
            (field.name, Verbatim(labels[0], ("0", "1", *zeros[2:])), f"{field.name}__agreement"),
        ]
        for key, option in field.options.items():
            other = next((name for name, it in field.options.items() if name != key and not it.exclusive), None)
            if option.exclusive and other:
                wrong.append((field.name, {key: "", other: ""}, f"{field.name}__{key}__alone"))
            if option.specify and not option.exclusive and other:
                cells = tuple("1" if name == other else "0" for name in field.options)
                text = "┋".join([field.options[other].zh, f"{option.zh}〖说明〗"])
                wrong.append((field.name, Verbatim(text, cells), f"{field.name}__{key}__ticked"))
        return wrong
    return []


@settings(max_examples=examples(10))
@given(cases(), st.data())
def test_one_broken_rule_is_named_and_no_other(case: tuple[Survey, list[Submission]], data: st.DataObject) -> None:
    survey, sent = case
    place = data.draw(st.integers(0, len(sent) - 1))
    field, answer, rule = data.draw(st.sampled_from(breakages(survey, sent[place])))
    wrong = data.draw(answer) if isinstance(answer, st.SearchStrategy) else answer
    broken = replace(sent[place], answers={**sent[place].answers, field: wrong})
    received = [*sent[:place], broken, *sent[place + 1 :]]
    judged = judge(survey, raw_frame(survey, received, ("text", "number")), register_of(survey, sent))
    assert _errors(survey, judged) == {(broken.sequence, rule)}
    assert judged.status == {one.sequence: "quarantined" if one is broken else "accepted" for one in received}
