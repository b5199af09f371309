"""Where a survey file points to what is not there, or forward: gates, indices, dimensions, tables, the stage."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches

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
            yield Problem((*place, target), f"no question is called {target}{_nearest(target, known['questions'])}")
            continue
        if target not in survey.questions:
            continue
        if target not in before:
            yield Problem((*place, target), "looks forward; a gate can only depend on a question asked earlier")
        asked = survey.questions[target]
        if asked.type not in ("single", "multiple") or asked.rows:
            yield Problem((*place, target), "is not a choice question, so it cannot open or close a gate")
            continue
        for option in options:
            if option not in asked.options:
                yield Problem((*place, target), f"{target} has no option {option}{_nearest(option, asked.options)}")


def _framework(survey: Survey, known: Known) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        if question.dimension is not None and question.dimension not in known["dimensions"]:
            yield Problem(("questions", key, "dimension"), f"no dimension is called {question.dimension}")
        elif question.subdimension is not None and not _has(survey, question.dimension, question.subdimension):
            yield Problem(("questions", key, "subdimension"), f"its dimension has no {question.subdimension}")


def _indices(survey: Survey, known: Known) -> Iterator[Problem]:
    for key, index in survey.indices.items():
        for n, target in enumerate(index.questions):
            place = ("indices", key, "questions", n)
            if target not in known["questions"]:
                yield Problem(place, f"no question is called {target}{_nearest(target, known['questions'])}")
            elif target in survey.questions and (kind := survey.questions[target].type) != "multiple":
                yield Problem(place, f"{target} is a {kind} question; an index counts the ticks of multiple questions")


def _tables(survey: Survey, known: Known) -> Iterator[Problem]:
    for key, table in survey.tables.items():
        place = ("tables", key)
        if (table.question is None) == (not table.correlates):
            yield Problem(place, "needs either a question or the indices it correlates")
        for index in table.correlates:
            if index not in known["indices"]:
                yield Problem((*place, "correlates"), f"no index is called {index}")
        if table.question is not None and table.question not in known["questions"]:
            yield Problem(
                (*place, "question"),
                f"no question is called {table.question}{_nearest(table.question, known['questions'])}",
            )
        elif table.question in survey.questions:
            options = survey.questions[table.question].options
            if not options or survey.questions[table.question].rows:
                yield Problem((*place, "question"), f"{table.question} is not a choice question without rows")
            for word, names in (("omits", table.omits), ("labels", table.labels)):
                for name in names:
                    if name not in options:
                        yield Problem((*place, word), f"{table.question} has no option {name}{_nearest(name, options)}")


def _has(survey: Survey, dimension: str | None, subdimension: str) -> bool:
    """Whether a dimension has a sub-dimension; a dimension that is left out is not blamed."""
    if dimension is None:
        return False
    return dimension not in survey.dimensions or subdimension in survey.dimensions[dimension].subdimensions


def _stage(survey: Survey, known: Known) -> Iterator[Problem]:
    if survey.stage is None:
        return
    if survey.stage not in known["questions"]:
        yield Problem(("stage",), _no_question(survey.stage, known))
    elif (question := survey.questions.get(survey.stage)) and (question.type != "single" or question.rows):
        yield Problem(("stage",), f"{survey.stage} is not a single-choice question without rows")


def _no_question(name: str, known: Known) -> str:
    return f"no question is called {name}{_nearest(name, known['questions'])}"


_CHECKS: tuple[Callable[[Survey, Known], Iterator[Problem]], ...] = (_gates, _framework, _indices, _tables, _stage)


def _nearest(name: str, names: Iterable[str]) -> str:
    close = get_close_matches(name, list(names), n=1)
    return f"; did you mean {close[0]}?" if close else ""
