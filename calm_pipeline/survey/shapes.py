"""What each part of a survey file must be by itself: numbers, names, labels, bounds, days."""

from collections.abc import Iterator, Mapping
from zoneinfo import available_timezones

from calm_pipeline import columns
from calm_pipeline.canonical import canonical
from calm_pipeline.survey.model import Survey, Words
from calm_pipeline.survey.problem import Place, Problem

TAKEN = "is a name that the pipeline uses itself; take another"
CHOICES = ("single", "multiple", "ranking")


def shape_problems(survey: Survey, *, complete: bool) -> Iterator[Problem]:
    """What is wrong with single entries; the library is looked for only if no broken question was left out."""
    checks = [_question_numbers, _names, _shapes, _bounds, _groups, _labels, _calendar]
    for check in checks + ([_one_library] if complete else []):
        yield from check(survey)


def _question_numbers(survey: Survey) -> Iterator[Problem]:
    last = 0
    for key, question in survey.questions.items():
        if question.number <= last:
            yield Problem(("questions", key, "number"), f"is {question.number}, which does not follow {last}")
        last = max(last, question.number)


def _one_library(survey: Survey) -> Iterator[Problem]:
    found = [key for key, question in survey.questions.items() if question.identifies == "library"]
    if len(found) != 1:
        yield Problem(("questions",), f"exactly one question must say `identifies: library`; {len(found)} do")
    for key in found:
        question = survey.questions[key]
        if question.type != "text" or not question.required or question.gated or question.personal:
            sentence = "the library must be named in a required text question that everybody is asked"
            yield Problem(("questions", key), sentence)


def _names(survey: Survey) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        if key in (*columns.OWN, *columns.WORKING):
            yield Problem(("questions", key), TAKEN)
        for section, names in (("options", question.options), ("rows", question.rows)):
            for name in set(columns.OF_A_FIELD) & set(names):
                yield Problem(("questions", key, section, name), TAKEN)


def _shapes(survey: Survey) -> Iterator[Problem]:
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


def _bounds(survey: Survey) -> Iterator[Problem]:
    for field in survey.fields():
        low, high = field.bounds
        if low is not None and high is not None and low > high:
            yield Problem(("questions", field.key, "minimum"), f"is {low}, more than the maximum of {high}")


def _groups(survey: Survey) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        for name, option in question.options.items():
            if option.group is not None and option.group not in question.groups:
                yield Problem(("questions", key, "options", name, "group"), f"no group is called {option.group}")
            if option.exclusive and question.type != "multiple":
                yield Problem(
                    ("questions", key, "options", name, "exclusive"), "means something in multiple questions only"
                )


def _labels(survey: Survey) -> Iterator[Problem]:
    yield from _told_apart(("questions",), survey.questions)
    for key, question in survey.questions.items():
        place = ("questions", key, "options")
        yield from _told_apart(place, question.options)
        for name, option in question.options.items():
            if set("┋→〖〗") & set("".join((option.en, option.zh, *option.aliases))):
                yield Problem((*place, name), "holds one of ┋ → 〖 〗, by which the platform separates options")
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


def _calendar(survey: Survey) -> Iterator[Problem]:
    if survey.fielding.closes < survey.fielding.opens:
        yield Problem(("fielding", "closes"), "lies before the opening day")
    if survey.fielding.timezone not in available_timezones():
        yield Problem(("fielding", "timezone"), "is no time zone; write it as in Asia/Shanghai")
