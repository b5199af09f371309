"""From a valid submission's answers to those of one that breaks exactly one rule."""

from collections.abc import Callable, Mapping

from calm_pipeline.exports.submission import Answer, Silence, Verbatim
from calm_pipeline.exports.wenjuanxing import JOINT
from calm_pipeline.reconstruct.assumptions import KindName, Spoilt
from calm_pipeline.reconstruct.respondents import Answers
from calm_pipeline.survey import Question, Survey

Change = Callable[[Question, Answer, Spoilt, Answer], Answer | None]
"""From question, answer, what is to be wrong, and another's answer to the same field; None if it cannot be."""


def spoil(survey: Survey, answers: Answers, spoilt: Spoilt, donor: Answers) -> Answers | None:
    """Change the one answer that is to be wrong; None if these answers do not lend themselves to it."""
    change = _CHANGES.get(spoilt.kind)
    if change is None:
        return answers
    name = spoilt.field or survey.library
    question = next(field.question for field in survey.fields() if field.name == name)
    wrong = change(question, answers[name], spoilt, donor[name])
    return None if wrong is None else {**answers, name: wrong}


def _replaced(_question: Question, _answer: Answer, spoilt: Spoilt, _donor: Answer) -> Answer | None:
    return spoilt.text


def _blanked(_question: Question, answer: Answer, _spoilt: Spoilt, _donor: Answer) -> Answer | None:
    return None if isinstance(answer, Silence) else Silence.BLANK


def _answered(_question: Question, answer: Answer, _spoilt: Spoilt, donor: Answer) -> Answer | None:
    return None if answer is not Silence.SKIPPED or isinstance(donor, Silence) else donor


def _number(_question: Question, answer: Answer, spoilt: Spoilt, _donor: Answer) -> Answer | None:
    return Verbatim(spoilt.text, spoilt.text) if isinstance(answer, int) else None


def _with_exclusive(question: Question, answer: Answer, _spoilt: Spoilt, _donor: Answer) -> Answer | None:
    alone = [key for key, option in question.options.items() if option.exclusive]
    if not isinstance(answer, Mapping) or any(key in answer for key in alone):
        return None
    return {**answer, alone[0]: ""}


def _unknown(question: Question, answer: Answer, spoilt: Spoilt, _donor: Answer) -> Answer | None:
    if not isinstance(answer, Mapping):
        return None
    return Verbatim(JOINT.join((_written(question, answer), spoilt.text)), _cells(question, answer))


def _two(question: Question, answer: Answer, _spoilt: Spoilt, _donor: Answer) -> Answer | None:
    if not isinstance(answer, Mapping) or any(answer.values()):
        return None
    keys = list(question.options)
    chosen = next(iter(answer))
    other = next(key for key in keys if key != chosen and not question.options[key].specify)
    both = sorted((chosen, other), key=keys.index)
    return Verbatim(_written(question, dict.fromkeys(both, "")), str(keys.index(chosen) + 1))


def _filled(question: Question, answer: Answer, spoilt: Spoilt, _donor: Answer) -> Answer | None:
    other = next(key for key, option in question.options.items() if option.role == "other")
    if not isinstance(answer, Mapping) or other in answer:
        return None
    return Verbatim(_written(question, {**answer, other: spoilt.text}), _cells(question, answer))


def _disagreeing(question: Question, answer: Answer, _spoilt: Spoilt, _donor: Answer) -> Answer | None:
    if not isinstance(answer, Mapping) or len(answer) < 3 or any(answer.values()):
        return None
    return Verbatim(_written(question, dict(list(answer.items())[1:])), _cells(question, answer))


def _written(question: Question, chosen: Mapping[str, str]) -> str:
    labels = [question.options[key].zh + (f"〖{blank}〗" if blank else "") for key, blank in chosen.items()]
    return JOINT.join(labels)


def _cells(question: Question, chosen: Mapping[str, str]) -> tuple[str, ...]:
    return tuple("1" if key in chosen else "0" for key in question.options)


def one_tick_apart(survey: Survey, answers: Answers, name: str) -> Answers | None:
    """The same answers with one more option ticked in a question; None if all are ticked."""
    answer, question = answers[name], survey.questions[name]
    if not isinstance(answer, Mapping):
        return None
    left = [key for key in question.substantive if key not in answer and not question.options[key].specify]
    return {**answers, name: {**answer, left[0]: ""}} if left else None


_CHANGES: dict[KindName, Change] = {
    "unknown_library": _replaced,
    "ambiguous_library": _replaced,
    "library_missing": _blanked,
    "answered_not_asked": _answered,
    "asked_not_answered": _blanked,
    "exclusive_with_others": _with_exclusive,
    "unknown_option": _unknown,
    "required_missing": _blanked,
    "two_choices": _two,
    "number_in_words": _number,
    "negative_number": _number,
    "decimal_number": _number,
    "number_out_of_range": _number,
    "malformed_number": _number,
    "specify_not_ticked": _filled,
    "exports_disagree": _disagreeing,
    "test_submission": _replaced,
}
