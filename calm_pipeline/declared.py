"""Declarations other than surveys, read from YAML into a model; what is wrong with one is said in words."""

from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from calm_pipeline.errors import CalmError, Message
from calm_pipeline.survey.document import parse
from calm_pipeline.survey.load import in_words

Model = TypeVar("Model")


def load(file: Path, model: type[Model]) -> Model:
    """Read `file` as `model`.

    Raises:
        CalmError: the file is missing or breaks the model; it names every place.
    """
    if not file.exists():
        raise _error(file, "the file is missing", "文件不存在")
    document = parse(file.read_text(encoding="utf-8"))
    problems = list(document.problems)
    if not problems:
        try:
            return TypeAdapter(model).validate_python(document.data)
        except ValidationError as error:
            problems = [in_words(detail) for detail in error.errors()]
    said = "; ".join(f"line {document.line(problem.place)}, {problem}" for problem in problems)
    raise _error(file, said, said)


def _error(file: Path, en: str, zh: str) -> CalmError:
    place = Message(file.name, file.name)
    return CalmError("declaration", place, Message(en, zh), Message("Correct the file", "请更正该文件"))
