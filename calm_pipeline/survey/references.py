"""Where a survey file points to what is not there, or forward: gates, indices, dimensions, tables, the stage."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches

from calm_pipeline.errors import Message
from calm_pipeline.survey.model import Gate, Survey
from calm_pipeline.survey.problem import Place, Problem

Known = Mapping[str, set[str]]


def reference_problems(survey: Survey, gone: frozenset[Place] = frozenset()) -> Iterator[Problem]:
    """All names that point nowhere. `gone` are entries left out because they are broken; pointing there is no fault."""
    known = {
        section: {*getattr(survey, section), *(str(place[1]) for place in gone if place[0] == section)}
        for section in ("questions", "indices", "dimensions")
    }
    for check in _CHECKS:
        yield from check(survey, known)


def _gates(survey: Survey, known: Known) -> Iterator[Problem]:
    before: list[str] = []
    for key, question in survey.questions.items():
        for word, gate in (("asked_if", question.asked_if), ("asked_unless", question.asked_unless)):
            yield from _gate(survey, known, ("questions", key, word), gate, before)
        before.append(key)


def _gate(survey: Survey, known: Known, place: Place, gate: Gate, before: list[str]) -> Iterator[Problem]:
    for target, options in gate.items():
        if target not in known["questions"]:
            yield unknown((*place, target), "unknown_question", target, known["questions"])
            continue
        if target not in survey.questions:
            continue
        if target not in before:
            yield Problem.of((*place, target), "gate_forward")
        asked = survey.questions[target]
        if asked.type not in ("single", "multiple") or asked.rows:
            yield Problem.of((*place, target), "gate_no_choice")
            continue
        for option in options:
            if option not in asked.options:
                yield unknown((*place, target), "unknown_option", option, asked.options, question=target)


def _framework(survey: Survey, known: Known) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        if question.dimension is not None and question.dimension not in known["dimensions"]:
            yield unknown(("questions", key, "dimension"), "unknown_dimension", question.dimension, known["dimensions"])
        elif question.subdimension is not None and not _has(survey, question.dimension, question.subdimension):
            yield Problem.of(("questions", key, "subdimension"), "unknown_subdimension", name=question.subdimension)


def _indices(survey: Survey, known: Known) -> Iterator[Problem]:
    for key, index in survey.indices.items():
        for n, target in enumerate(index.questions):
            place = ("indices", key, "questions", n)
            if target not in known["questions"]:
                yield unknown(place, "unknown_question", target, known["questions"])
            elif target in survey.questions and (kind := survey.questions[target].type) != "multiple":
                yield Problem.of(place, "index_no_multiple", name=target, kind=kind)


def _tables(survey: Survey, known: Known) -> Iterator[Problem]:
    for key, table in survey.tables.items():
        place = ("tables", key)
        if (table.question is None) == (not table.correlates):
            yield Problem.of(place, "table_of_nothing")
        for index in table.correlates:
            if index not in known["indices"]:
                yield unknown((*place, "correlates"), "unknown_index", index, known["indices"])
        if table.question is not None and table.question not in known["questions"]:
            yield unknown((*place, "question"), "unknown_question", table.question, known["questions"])
        elif table.question in survey.questions:
            options = survey.questions[table.question].options
            if not options or survey.questions[table.question].rows:
                yield Problem.of((*place, "question"), "table_no_choice", name=table.question)
            for word, names in (("omits", table.omits), ("labels", table.labels)):
                for name in names:
                    if name not in options:
                        yield unknown((*place, word), "unknown_option", name, options, question=table.question)


def _has(survey: Survey, dimension: str | None, subdimension: str) -> bool:
    """Whether a dimension has a sub-dimension; a dimension that is left out is not blamed."""
    if dimension is None:
        return False
    return dimension not in survey.dimensions or subdimension in survey.dimensions[dimension].subdimensions


def _stage(survey: Survey, known: Known) -> Iterator[Problem]:
    if survey.stage is None:
        return
    if survey.stage not in known["questions"]:
        yield unknown(("stage",), "unknown_question", survey.stage, known["questions"])
    elif (question := survey.questions.get(survey.stage)) and (question.type != "single" or question.rows):
        yield Problem.of(("stage",), "stage_no_single", name=survey.stage)


def unknown(place: Place, code: str, name: str, names: Iterable[str], **words: str) -> Problem:
    """A name that points nowhere, with the nearest of those that do not."""
    return Problem.of(place, code, name=name, nearest=_nearest(name, names), **words)


def _nearest(name: str, names: Iterable[str]) -> Message:
    close = get_close_matches(name, list(names), n=1)
    return Message(f"did you mean {close[0]}? If not, ", f"是否应为 {close[0]}？若不是，") if close else Message("", "")


_CHECKS: tuple[Callable[[Survey, Known], Iterator[Problem]], ...] = (_gates, _framework, _indices, _tables, _stage)
