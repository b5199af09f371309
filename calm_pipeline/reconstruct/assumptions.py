"""What a reconstruction assumes where nothing is printed: the model of `schemas/reconstruction/<edition>.yaml`."""

from pathlib import Path
from typing import Literal

from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.survey.model import Frozen, Key, Label

KindName = Literal[
    "superseded",
    "contradicting",
    "below_staff",
    "staff_unknown",
    "unknown_library",
    "ambiguous_library",
    "library_missing",
    "answered_not_asked",
    "asked_not_answered",
    "exclusive_with_others",
    "unknown_option",
    "required_missing",
    "two_choices",
    "number_in_words",
    "negative_number",
    "decimal_number",
    "number_out_of_range",
    "malformed_number",
    "specify_not_ticked",
    "exports_disagree",
    "test_submission",
    "preview",
]


class Trait(Frozen):
    """How an index follows what all indices have in common, and how much is its own."""

    common: float
    own: float


class ExportShape(Frozen):
    """How the export looks: its number on the platform, and shares of submissions."""

    survey_id: Label
    share_of_texts: float
    share_of_uploads: float
    share_of_aliases: float
    full_width_numbers: int


class Composed(Frozen):
    """Texts made of one of the first parts and one of the second."""

    first: tuple[Label, ...] = Described(min_length=1)
    second: tuple[str, ...] = Described(min_length=1)


class Spoilt(Frozen):
    """Submissions that must not be counted. Field and text say where and how, for kinds that need it."""

    kind: KindName
    field: str = ""
    text: str = ""
    times: int = Described(1, ge=1)


class LibraryType(Frozen):
    """How universities of a type are called."""

    zh: Label
    en: Label
    short: Label


class RegisterShape(Frozen):
    """How many libraries are invented, and of what their names are made."""

    places: int
    libraries_per_place: int
    below_threshold: int
    staff_unknown: int
    staff: tuple[int, int]
    first: dict[Label, Label]
    second: dict[Label, Label]
    types: dict[Key, LibraryType]
    provinces: dict[Label, Label]


class People(Frozen):
    """Of what respondents' names are made."""

    surnames: tuple[Label, ...]
    given: tuple[Label, ...]


class Assumptions(Frozen):
    """All assumptions of one edition; counts by question and option, numbers by field."""

    edition: str
    export: ExportShape
    traits: dict[Key, Trait]
    noise: float
    tolerance: float
    counts: dict[Key, dict[Key, int]]
    stage_order: tuple[Key, ...]
    stage_noise: float
    numbers: dict[str, tuple[int, int]]
    not_counted: tuple[Spoilt, ...]
    register_: RegisterShape = Described(alias="register")
    people: People
    texts: dict[Key, Composed]
    uploads: tuple[Label, ...]
    specify: dict[str, Composed]


def load_assumptions(file: Path) -> Assumptions:
    """Read the assumptions of an edition.

    Raises:
        CalmError: there are none, or the file says something the model does not know.
    """
    return load(file, Assumptions)
