"""Where a survey file contradicts itself: names that point nowhere, gates that look forward, equal labels."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from zoneinfo import available_timezones

from calm_pipeline.canonical import canonical
from calm_pipeline.survey.model import Gate, Survey, Words
from calm_pipeline.survey.problem import Place, Problem

CHOICES = ("single", "multiple", "ranking")


def reference_problems(survey: Survey, gone: frozenset[Place] = frozenset()) -> Iterator[Problem]:
    """All contradictions of a survey that keeps to the model. `gone` names entries left out because they are broken."""
    known = set(survey.questions) | {str(place[1]) for place in gone if place[0] == "questions"}
    for check in _CHECKS:
        yield from check(survey, known)


def _question_numbers(survey: Survey, _known: set[str]) -> Iterator[Problem]:
    last = 0
    for key, question in survey.questions.items():
        if question.number <= last:
            yield Problem(("questions", key, "number"), f"is {question.number}, which does not follow {last}")
        last = max(last, question.number)


def _one_library(survey: Survey, known: set[str]) -> Iterator[Problem]:
    found = [key for key, question in survey.questions.items() if question.identifies == "library"]
    if len(found) != 1 and len(known) == len(survey.questions):
        sentence = f"exactly one question must say `identifies: library`; {len(found)} do"
        yield Problem(("questions",), sentence)


def _shapes(survey: Survey, _known: set[str]) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        place = ("questions", key)
        if question.type in CHOICES and len(question.options) < 2:
            yield Problem((*place, "options"), f"a {question.type} question needs at least two options")
        if question.type not in CHOICES and question.options:
            yield Problem((*place, "options"), f"a {question.type} question has no options")
        if question.rows and question.type not in ("single", "integer"):
            yield Problem((*place, "rows"), "only single and integer questions may have rows")
        if question.type != "integer" and (question.minimum is not None or question.maximum is not None):
            yield Problem(place, "minimum and maximum belong to integer questions")
        if question.personal and question.type != "text":
            yield Problem((*place, "personal"), "only a text question can hold personal data")


def _bounds(survey: Survey, _known: set[str]) -> Iterator[Problem]:
    for field in survey.fields():
        low, high = field.bounds
        if low is not None and high is not None and low > high:
            yield Problem(("questions", field.key, "minimum"), f"is {low}, more than the maximum of {high}")


def _groups(survey: Survey, _known: set[str]) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        for name, option in question.options.items():
            if option.group is not None and option.group not in question.groups:
                yield Problem(("questions", key, "options", name, "group"), f"no group is called {option.group}")
            if option.exclusive and question.type != "multiple":
                yield Problem(
                    ("questions", key, "options", name, "exclusive"), "means something in multiple questions only"
                )


def _labels(survey: Survey, _known: set[str]) -> Iterator[Problem]:
    yield from _told_apart(("questions",), survey.questions)
    for key, question in survey.questions.items():
        place = ("questions", key, "options")
        yield from _told_apart(place, question.options)
        yield from _told_apart(("questions", key, "rows"), question.rows)


def _told_apart(place: Place, entries: Mapping[str, Words]) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for key, words in entries.items():
        for label in (words.en, words.zh, *getattr(words, "aliases", ())):
            if not canonical(label):
                yield Problem((*place, key), f"{label!r} has nothing by which an export could be recognised")
            first = owner.setdefault(canonical(label), key)
            if first != key:
                yield Problem((*place, key), f"cannot be told from {first} in an export: both are labelled {label!r}")


def _gates(survey: Survey, known: set[str]) -> Iterator[Problem]:
    before: list[str] = []
    for key, question in survey.questions.items():
        for word, gate in (("asked_if", question.asked_if), ("asked_unless", question.asked_unless)):
            yield from _gate(survey, known, ("questions", key, word), gate, before)
        before.append(key)


def _gate(survey: Survey, known: set[str], place: Place, gate: Gate, before: list[str]) -> Iterator[Problem]:
    for target, options in gate.items():
        if target not in known:
            yield Problem((*place, target), f"no question is called {target}{_nearest(target, known)}")
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


def _framework(survey: Survey, _known: set[str]) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        if question.dimension is not None and question.dimension not in survey.dimensions:
            yield Problem(("questions", key, "dimension"), f"no dimension is called {question.dimension}")
        elif question.subdimension is not None and (
            question.dimension is None
            or question.subdimension not in survey.dimensions[question.dimension].subdimensions
        ):
            yield Problem(("questions", key, "subdimension"), f"its dimension has no {question.subdimension}")


def _indices(survey: Survey, known: set[str]) -> Iterator[Problem]:
    for key, index in survey.indices.items():
        for n, target in enumerate(index.questions):
            place = ("indices", key, "questions", n)
            if target not in known:
                yield Problem(place, f"no question is called {target}{_nearest(target, known)}")
            elif target in survey.questions and (kind := survey.questions[target].type) != "multiple":
                yield Problem(place, f"{target} is a {kind} question; an index counts the ticks of multiple questions")


def _tables(survey: Survey, known: set[str]) -> Iterator[Problem]:
    for key, table in survey.tables.items():
        place = ("tables", key)
        if (table.question is None) == (not table.correlates):
            yield Problem(place, "needs either a question or the indices it correlates")
        for index in table.correlates:
            if index not in survey.indices:
                yield Problem((*place, "correlates"), f"no index is called {index}")
        if table.question is not None and table.question not in known:
            yield Problem(
                (*place, "question"), f"no question is called {table.question}{_nearest(table.question, known)}"
            )
        elif table.question in survey.questions:
            options = survey.questions[table.question].options
            for word, names in (("omits", table.omits), ("labels", table.labels)):
                for name in names:
                    if name not in options:
                        yield Problem((*place, word), f"{table.question} has no option {name}{_nearest(name, options)}")


def _calendar(survey: Survey, _known: set[str]) -> Iterator[Problem]:
    if survey.fielding.closes < survey.fielding.opens:
        yield Problem(("fielding", "closes"), "lies before the opening day")
    if survey.fielding.timezone not in available_timezones():
        yield Problem(("fielding", "timezone"), "is no time zone; write it as in Asia/Shanghai")


def _stage(survey: Survey, known: set[str]) -> Iterator[Problem]:
    if survey.stage is None:
        return
    if survey.stage not in known:
        yield Problem(("stage",), f"no question is called {survey.stage}{_nearest(survey.stage, known)}")
    elif survey.stage in survey.questions and survey.questions[survey.stage].type != "single":
        yield Problem(("stage",), f"{survey.stage} is not a single-choice question")


_CHECKS: tuple[Callable[[Survey, set[str]], Iterator[Problem]], ...] = (
    _question_numbers,
    _one_library,
    _shapes,
    _bounds,
    _groups,
    _labels,
    _gates,
    _framework,
    _indices,
    _tables,
    _calendar,
    _stage,
)


def _nearest(name: str, names: Iterable[str]) -> str:
    close = get_close_matches(name, list(names), n=1)
    return f"; did you mean {close[0]}?" if close else ""
