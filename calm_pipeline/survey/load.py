"""From a survey file to a Survey, or to every problem of the file at once."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from calm_pipeline.survey.document import Document, parse
from calm_pipeline.survey.model import Survey
from calm_pipeline.survey.problem import Place, Problem
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
_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not a word of the survey file; see schemas/survey.schema.json for what may stand here",
    "string_pattern_mismatch": "must be a name of small letters, digits and single underscores, a letter first",
    "string_too_short": "is empty",
    "too_short": "is empty",
}


class SurveyError(Exception):
    """A survey file that cannot be used, with all its problems in the order of the file."""

    def __init__(self, file: Path, problems: list[tuple[int, Problem]]) -> None:
        self.file = file
        self.problems = [problem for _, problem in problems]
        lines = "\n".join(f"  line {line}, {problem}" for line, problem in problems)
        super().__init__(f"{file.name} has {len(problems)} problem(s):\n{lines}")


def load_survey(file: Path) -> Survey:
    """Read one edition.

    Raises:
        SurveyError: the file breaks the model or contradicts itself; it lists every problem.
    """
    document = parse(file.read_text(encoding="utf-8"))
    survey, problems = _validate(document)
    edition = document.data.get("edition") if isinstance(document.data, dict) else None
    if isinstance(edition, str) and edition != file.stem:
        problems.append(Problem(("edition",), f"is {edition!r}, but the file is named {file.name}"))
    if survey is None or problems:
        raise SurveyError(file, sorted((document.line(problem.place), problem) for problem in dict.fromkeys(problems)))
    return survey


def _validate(document: Document) -> tuple[Survey | None, list[Problem]]:
    if not isinstance(document.data, dict):
        return None, document.problems or [Problem((), "is empty or not a mapping of keys")]
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
    if kind in _SENTENCES:
        return Problem(place, _SENTENCES[kind])
    if kind == "string_type":
        return Problem(place, f"was read as {got!r}; put the words in quotation marks")
    if kind in {"literal_error", "enum"}:
        return Problem(place, f"is {got!r}; it must be one of {detail['ctx']['expected']}")
    return Problem(place, f"is not what belongs here ({detail['msg'].lower()})")
