"""What each part of a survey file must be by itself: numbers, names, labels, bounds, days."""

from collections.abc import Iterator, Mapping
from zoneinfo import available_timezones

from calm_pipeline import columns
from calm_pipeline.canonical import canonical
from calm_pipeline.survey.model import Survey, Words
from calm_pipeline.survey.problem import Place, Problem

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
            yield Problem.of(("questions", key, "number"), "number_order", number=question.number, last=last)
        last = max(last, question.number)


def _one_library(survey: Survey) -> Iterator[Problem]:
    found = [key for key, question in survey.questions.items() if question.identifies == "library"]
    if len(found) != 1:
        yield Problem.of(("questions",), "one_library", count=len(found))
    for key in found:
        question = survey.questions[key]
        if question.type != "text" or not question.required or question.gated or question.personal:
            yield Problem.of(("questions", key), "library_question")


def _names(survey: Survey) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        if key in (*columns.OWN, *columns.WORKING):
            yield Problem.of(("questions", key), "name_taken")
        for section, names in (("options", question.options), ("rows", question.rows)):
            for name in set(columns.OF_A_FIELD) & set(names):
                yield Problem.of(("questions", key, section, name), "name_taken")


def _shapes(survey: Survey) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        place = ("questions", key)
        if question.type in CHOICES and len(question.options) < 2:
            yield Problem.of((*place, "options"), "few_options", kind=question.type)
        if question.type not in CHOICES and question.options:
            yield Problem.of((*place, "options"), "stray_options", kind=question.type)
        if question.rows and question.type not in ("single", "integer"):
            yield Problem.of((*place, "rows"), "stray_rows")
        if question.type != "integer" and (question.minimum is not None or question.maximum is not None):
            yield Problem.of(place, "stray_bounds")
        if question.personal and question.type != "text":
            yield Problem.of((*place, "personal"), "stray_personal")


def _bounds(survey: Survey) -> Iterator[Problem]:
    for field in survey.fields():
        low, high = field.bounds
        if low is not None and high is not None and low > high:
            yield Problem.of(("questions", field.key, "minimum"), "bounds_order", low=low, high=high)


def _groups(survey: Survey) -> Iterator[Problem]:
    for key, question in survey.questions.items():
        for name, option in question.options.items():
            if option.group is not None and option.group not in question.groups:
                yield Problem.of(("questions", key, "options", name, "group"), "unknown_group", name=option.group)
            if option.exclusive and question.type != "multiple":
                yield Problem.of(("questions", key, "options", name, "exclusive"), "stray_exclusive")


def _labels(survey: Survey) -> Iterator[Problem]:
    yield from _told_apart(("questions",), survey.questions)
    for key, question in survey.questions.items():
        place = ("questions", key, "options")
        yield from _told_apart(place, question.options)
        for name, option in question.options.items():
            if set("┋→〖〗") & set("".join((option.en, option.zh, *option.aliases))):
                yield Problem.of((*place, name), "separator")
        yield from _told_apart(("questions", key, "rows"), question.rows)


def _told_apart(place: Place, entries: Mapping[str, Words]) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for key, words in entries.items():
        for label in (words.en, words.zh, *getattr(words, "aliases", ())):
            if not canonical(label):
                yield Problem.of((*place, key), "nothing_to_recognise", label=repr(label))
            first = owner.setdefault(canonical(label), key)
            if first != key:
                yield Problem.of((*place, key), "same_label", other=first, label=repr(label))


def _calendar(survey: Survey) -> Iterator[Problem]:
    if survey.fielding.closes < survey.fielding.opens:
        yield Problem.of(("fielding", "closes"), "fielding_order")
    if survey.fielding.timezone not in available_timezones():
        yield Problem.of(("fielding", "timezone"), "no_time_zone")
