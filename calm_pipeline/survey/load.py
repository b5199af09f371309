"""From a survey file to a Survey, or to every problem of the file at once."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from calm_pipeline.errors import Message
from calm_pipeline.survey.document import Document, parse
from calm_pipeline.survey.model import Survey
from calm_pipeline.survey.problem import DeclarationError, Place, Problem
from calm_pipeline.survey.references import reference_problems
from calm_pipeline.survey.shapes import shape_problems

_WHOLE = {"questions", "tables", "indices", "dimensions"}
_WORDS = {"en": "-", "zh": "-"}
_STAND_INS = {
    "edition": "0",
    "title": _WORDS,
    "theme": _WORDS,
    "platform": {"name": "wenjuanxing"},
    "fielding": {"opens": date.min, "closes": date.max, "timezone": "UTC"},
    "eligibility": {"staff_at_least": 0},
}
_CODES = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "string_pattern_mismatch": "bad_name",
    "string_too_short": "empty_value",
    "too_short": "empty_value",
}
_EXPECTED = {
    "int": Message("a whole number", "整数"),
    "greater_than": Message("a larger number", "更大的数字"),
    "float": Message("a number", "数字"),
    "bool": Message("true or false", " true 或 false"),
    "date": Message("a day such as 2031-05-01", "日期，例如 2031-05-01"),
    "dict": Message("keys with values", "“字段: 值”形式的内容"),
    "model": Message("keys with values", "“字段: 值”形式的内容"),
    "tuple": Message("a list", "列表"),
    "union": Message("one of the kinds that may stand here", "此处允许的类型之一"),
}
WORDED = "worded"
_OTHER = Message("what the examples in this folder show here", "同类文件中此处的写法")


class SurveyError(DeclarationError):
    """A survey file that cannot be used."""


def load_survey(file: Path, further: Callable[[Survey], Iterable[Problem]] = lambda _: ()) -> Survey:
    """Read one edition. `further` looks at a survey that is sound by itself.

    Raises:
        SurveyError: the file breaks the model or contradicts itself; it lists every problem.
    """
    document = parse(file.read_bytes())
    survey, problems = _validate(document)
    edition = document.data.get("edition") if isinstance(document.data, dict) else None
    if isinstance(edition, str) and edition != file.stem:
        problems.append(Problem.of(("edition",), "edition_name", edition=repr(edition), file=file.name))
    if survey is not None and not problems:
        problems.extend(further(survey))
    if survey is None or problems:
        raise SurveyError.listing("survey_file", file, document.listed(problems))
    return survey


def _validate(document: Document) -> tuple[Survey | None, list[Problem]]:
    if not isinstance(document.data, dict):
        return None, document.problems or [Problem.of((), "no_mapping")]
    try:
        survey = Survey.model_validate(document.data)
        return survey, [*document.problems, *shape_problems(survey, complete=True), *reference_problems(survey)]
    except ValidationError as error:
        details = error.errors()
    problems = document.problems + [in_words(detail) for detail in details]
    rest, gone = _without(document.data, [detail["loc"] for detail in details])
    try:
        survey = Survey.model_validate(rest)
    except ValidationError:
        return None, problems
    found = [*shape_problems(survey, complete=not gone), *reference_problems(survey, gone)]
    return survey, problems + [problem for problem in found if problem.place[:2] not in gone]


def _without(data: dict[str, Any], places: Iterable[Place]) -> tuple[dict[str, Any], frozenset[Place]]:
    """The file less its broken entries, so that what is left can still be checked against itself."""
    gone = frozenset(place[:2] for place in places if len(place) > 1 and place[0] in _WHOLE)
    broken = {place[0] for place in places if place[:2] not in gone}
    rest = {
        section: {key: value for key, value in entries.items() if (section, key) not in gone}
        if section in _WHOLE and isinstance(entries, dict)
        else entries
        for section, entries in data.items()
        if section not in broken
    }
    return rest | {section: _STAND_INS[str(section)] for section in broken if section in _STAND_INS}, gone


def in_words(detail: ErrorDetails) -> Problem:
    """One complaint of pydantic, in words."""
    place = tuple(part for part in detail["loc"] if part != "[key]")
    kind, got = detail["type"], detail["input"]
    if kind in _CODES:
        return Problem.of(place, _CODES[kind])
    if kind == "string_type":
        return Problem.of(place, "not_text", value=repr(got))
    if kind in {"literal_error", "enum"}:
        expected = detail["ctx"]["expected"].replace(" or ", ", ")
        return Problem.of(place, "not_listed", value=repr(got), expected=expected)
    if kind == WORDED:
        return Problem.of(place, "wrong_type", expected=Message(detail["ctx"]["en"], detail["ctx"]["zh"]))
    wanted = next((words for prefix, words in _EXPECTED.items() if kind.startswith(prefix)), _OTHER)
    return Problem.of(place, "wrong_type", expected=wanted)
