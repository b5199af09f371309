"""Declarations other than surveys, read from YAML into a model; what is wrong with one is said in words."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from calm_pipeline.errors import CalmError
from calm_pipeline.survey.document import parse
from calm_pipeline.survey.load import in_words
from calm_pipeline.survey.problem import DeclarationError, Problem
from calm_pipeline.survey.problems import DECLARATIONS

Model = TypeVar("Model")


def load(file: Path, model: type[Model], look: Callable[[Model], Iterable[Problem]] = lambda _: ()) -> Model:
    """Read `file` as `model`; `look` finds what is wrong with it beyond its form.

    Raises:
        CalmError: the file is missing or breaks the model; it names every place.
    """
    if not file.exists():
        raise CalmError.of(DECLARATIONS, "no_declaration", file=file.name, folder=file.parent.name)
    document = parse(file.read_bytes())
    problems = list(document.problems)
    if not problems:
        try:
            found = TypeAdapter(model).validate_python(document.data)
        except ValidationError as error:
            problems = [in_words(detail) for detail in error.errors()]
        else:
            if not (problems := list(look(found))):
                return found
    raise DeclarationError.listing("declaration", file, document.listed(problems))
