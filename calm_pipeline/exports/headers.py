"""The grammar of column headers: how each dialect of the platform names a question, a row, a blank or an option."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from calm_pipeline.survey import Question, Survey, Words

Kind = Literal["text", "number"]


@dataclass(frozen=True)
class Column:
    """One column of an export: a question, one row or blank of it, or one option of it.

    A question with rows and a column without one means that all its blanks stand in that column.
    """

    key: str
    row: str | None = None
    option: str | None = None

    @property
    def field(self) -> str:
        """The name of the survey field whose cells stand here."""
        return self.key if self.row is None else f"{self.key}__{self.row}"


@dataclass(frozen=True)
class Part:
    """What a dialect must know to print a header. `label` is empty if the column holds the whole question."""

    number: int
    stem: str
    shape: Literal["whole", "row", "option"]
    label: str = ""
    first: bool = True


def numbered(part: Part) -> str:
    """`4、题干`, `7、题干—第一行` then `7、第二行`, `4、题干(选项1)` then `4、(选项2)`."""
    return f"{part.number}、{_after_stem(part, part.stem if part.first else '')}"


def hidden(part: Part) -> str:
    """The designer hid the numbers: `题干`, `题干—第一行` then `第二行`, `题干(选项1)` then `4(选项2)`."""
    again = str(part.number) if part.shape == "option" else ""
    return _after_stem(part, part.stem if part.first else again)


def of_2018(part: Part) -> str:
    """`4、题干`, `第7题(第一行)`, `第4题(选项1)`."""
    return f"{part.number}、{part.stem}" if part.shape == "whole" else f"第{part.number}题({part.label})"


def of_2019(part: Part) -> str:
    """`4、题干`, `7、(第一行)`, `4、(选项1)`."""
    return f"{part.number}、{part.stem}" if part.shape == "whole" else f"{part.number}、({part.label})"


def _after_stem(part: Part, stem: str) -> str:
    if part.shape == "whole":
        return stem
    if part.shape == "option":
        return f"{stem}({part.label})"
    return f"{stem}—{part.label}" if stem else part.label


DIALECTS: dict[str, Callable[[Part], str]] = {
    "numbered": numbered,
    "hidden": hidden,
    "of_2018": of_2018,
    "of_2019": of_2019,
    "joined_blanks": numbered,
    "joined_blanks_hidden": hidden,
}


def optioned(question: Question) -> bool:
    """Whether the export by number gives each option a column."""
    return question.type in ("multiple", "ranking")


def blanks(question: Question) -> bool:
    """Whether the rows are blanks of one sentence, which the platform counts instead of naming them."""
    return bool(question.rows) and question.type != "single"


def layout(survey: Survey, kind: Kind, dialect: str = "numbered") -> list[tuple[Column, str]]:
    """The question columns of an export in order, each with its header in Chinese."""
    joined = dialect.startswith("joined_blanks")
    return [
        (column, DIALECTS[dialect](part))
        for key, question in survey.questions.items()
        for column, part in _parts(key, question, kind, joined)
    ]


def _parts(key: str, question: Question, kind: Kind, joined: bool) -> Iterator[tuple[Column, Part]]:
    number, stem = question.number, question.zh
    if question.rows and not (joined and blanks(question)):
        for place, (row, words) in enumerate(question.rows.items()):
            label = str(place + 1) if blanks(question) else words.zh
            yield Column(key, row), Part(number, stem, "row", label, place == 0)
    elif kind == "number" and optioned(question):
        for place, (name, option) in enumerate(question.options.items()):
            yield Column(key, None, name), Part(number, stem, "option", option.zh, place == 0)
    else:
        yield Column(key), Part(number, stem, "whole")


def spellings(key: str, question: Question) -> Iterator[tuple[Column, Part]]:
    """Every column a question can have in any export, with every wording of stem, row and option."""
    for stem in wordings(question):
        number = question.number
        if not question.rows or blanks(question):
            yield Column(key), Part(number, stem, "whole")
        for place, (row, words) in enumerate(question.rows.items()):
            labels = [str(place + 1), *wordings(words)] if blanks(question) else wordings(words)
            yield from ((Column(key, row), Part(number, stem, "row", label)) for label in labels)
        if optioned(question):
            for name, option in question.options.items():
                yield from (
                    (Column(key, None, name), Part(number, stem, "option", label)) for label in wordings(option)
                )


def wordings(words: Words) -> list[str]:
    """Chinese, English and aliases, each once."""
    return list(dict.fromkeys((words.zh, words.en, *getattr(words, "aliases", ()))))
