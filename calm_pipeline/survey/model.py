"""What a survey file may say: frozen models, one class a section, with the sentence each key deserves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic import Field as Described

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Label = Annotated[str, StringConstraints(min_length=1)]
Aliases = Annotated[tuple[Label, ...], Described(description="Other wordings under which exports show the same thing.")]


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Gate = Annotated[
    dict[Key, Annotated[tuple[Key, ...], BeforeValidator(_as_tuple, json_schema_input_type=str | list[str])]],
    Described(
        description="Question: option, or a list of options any of which opens the gate. All questions must agree."
    ),
]


class Frozen(BaseModel):
    """A model that cannot change and knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Frozen):
    """One wording in the two languages of the survey."""

    en: Label
    zh: Label


class Option(Words):
    """One answer a respondent can tick. Its name is its key in the file and stays the same across years."""

    role: Literal["substantive", "none", "other"] = Described(
        "substantive", description="Only substantive options count in an index; none is the 'No ... yet' option."
    )
    exclusive: bool = Described(False, description="May not be ticked together with any other option.")
    specify: bool = Described(False, description="Carries a blank to be filled in when ticked.")
    group: Key | None = Described(None, description="The question's group under which the report prints the option.")
    aliases: Aliases = ()


class Row(Words):
    """One row of a question, with bounds of its own where they differ from the question's."""

    minimum: int | None = None
    maximum: int | None = None
    at_most: Key | None = Described(None, description="Another row of the question, whose number is never smaller.")


class Question(Words):
    """One question. `single` and `integer` questions may have rows: a matrix, or several blanks in one sentence."""

    number: int = Described(ge=1, description="The number printed before the question.")
    type: Literal["text", "integer", "single", "multiple", "ranking", "upload"]
    required: bool = Described(False, description="Must be answered when it is asked.")
    personal: bool = Described(False, description="Personal data: only whether it was answered goes on.")
    form: Literal["mobile"] | None = Described(
        None, description="What a personal answer should look like; only whether it does goes on."
    )
    identifies: Literal["library"] | None = Described(None, description="The answer names the responding library.")
    dimension: Key | None = None
    subdimension: Key | None = None
    asked_if: Gate = Described(default_factory=dict)
    asked_unless: Gate = Described(default_factory=dict)
    note: Words | None = Described(None, description="What the printed questionnaire says and how it is read.")
    options: dict[Key, Option] = Described(default_factory=dict)
    rows: dict[Key, Row] = Described(default_factory=dict)
    groups: dict[Key, Words] = Described(default_factory=dict)
    minimum: int | None = Described(None, description="Smallest number accepted, in the question's own unit.")
    maximum: int | None = Described(None, description="Largest number accepted, in the question's own unit.")
    weight: int = Described(1, ge=1, description="How much it takes to doubt this answer rather than another.")
    aliases: Aliases = ()

    @property
    def gated(self) -> bool:
        return bool(self.asked_if or self.asked_unless)

    @property
    def substantive(self) -> list[str]:
        return [key for key, option in self.options.items() if option.role == "substantive"]


class Dimension(Words):
    """A dimension of the theoretical framework with its sub-dimensions."""

    subdimensions: dict[Key, Words]


class Index(Words):
    """A composite index: the number of substantive options ticked over all its questions."""

    questions: tuple[Key, ...] = Described(min_length=1)


class ReportTable(Words):
    """A table of the report; `en` and `zh` are its caption."""

    caption: int | None = Described(None, description="Number in the printed caption; absent if not printed.")
    cited: int | None = Described(None, description="Number by which the report's text cites the same table.")
    question: Key | None = Described(None, description="The question whose options are the rows.")
    correlates: tuple[Key, ...] = Described((), description="The indices of a correlation matrix, in printed order.")
    omits: tuple[Key, ...] = Described((), description="Options that the printed table leaves out.")
    labels: dict[Key, Words] = Described(
        default_factory=dict, description="Row labels that differ from the questionnaire."
    )


class Fielding(Frozen):
    """When the questionnaire was open, both days included."""

    opens: date
    closes: date
    timezone: Label
    seconds_at_least: int | None = Described(None, description="Less time than this is noted as too short, in seconds.")
    note: Words | None = None


class Eligibility(Frozen):
    """Who belongs to the target population, decided by the library register."""

    staff_at_least: int


class NotCounted(Frozen):
    """Marks of submissions that are dropped before any rule is looked at (tests and previews)."""

    libraries: tuple[Label, ...] = ()
    sources: tuple[Label, ...] = ()


class Platform(Frozen):
    """The survey platform and those of its own columns that hold personal data."""

    name: Literal["wenjuanxing"]
    personal: tuple[Literal["source", "source_detail", "ip"], ...] = ()
    digits: int = Described(
        4, ge=4, le=12, description="The name of a submission has its number in so many digits, at least."
    )
    rows_above: int = Described(
        0, ge=0, le=20, description="At most so many title rows that people put above the header are left out."
    )
    total_below: Label | None = Described(
        None, description="The first cell of a total row that people put below the answers; it is left out."
    )


@dataclass(frozen=True)
class Field:
    """What a respondent fills in at one place: a question, or one row of it. Its name is unique in the survey."""

    key: str
    question: Question
    row: str | None = None

    @property
    def name(self) -> str:
        return self.key if self.row is None else f"{self.key}__{self.row}"

    @property
    def type(self) -> str:
        return self.question.type

    @property
    def options(self) -> dict[str, Option]:
        return self.question.options

    @property
    def label(self) -> Words:
        """The number printed before the question, and the row, in words."""
        number = self.question.number
        if self.row is None:
            return Words(en=f"Q{number}", zh=f"第{number}题")
        row = self.question.rows[self.row]
        return Words(en=f'Q{number}, "{row.en}",', zh=f"第{number}题“{row.zh}”")

    def says(self, words: Words) -> Words:
        """A sentence about the field: its label, and `words` after it."""
        return Words(en=f"{self.label.en} {words.en}.", zh=f"{self.label.zh}{words.zh}。")

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """Smallest and largest number accepted; None for no bound."""
        own = self.question.rows[self.row] if self.row is not None else None
        low = own.minimum if own and own.minimum is not None else self.question.minimum
        high = own.maximum if own and own.maximum is not None else self.question.maximum
        return low, high


class Survey(Frozen):
    """One edition of the survey: everything that differs from year to year."""

    edition: Annotated[str, StringConstraints(pattern=r"^[0-9a-z_-]+$")]
    title: Words
    theme: Words
    platform: Platform
    fielding: Fielding
    eligibility: Eligibility
    not_counted: NotCounted = NotCounted()
    dimensions: dict[Key, Dimension] = Described(default_factory=dict)
    indices: dict[Key, Index] = Described(default_factory=dict)
    stage: Key | None = Described(None, description="The single-choice question that `stage_comparison` groups by.")
    questions: dict[Key, Question] = Described(min_length=1)
    tables: dict[Key, ReportTable] = Described(default_factory=dict)

    def fields(self) -> Iterator[Field]:
        """Every place a respondent fills in, in the order of the questionnaire."""
        for key, question in self.questions.items():
            if question.rows:
                yield from (Field(key, question, row) for row in question.rows)
            else:
                yield Field(key, question)

    def choices(self) -> Iterator[Field]:
        """The fields that are answered by choosing options."""
        return (field for field in self.fields() if field.options)

    @property
    def library(self) -> str:
        """The question that names the responding library."""
        return next(key for key, question in self.questions.items() if question.identifies == "library")
