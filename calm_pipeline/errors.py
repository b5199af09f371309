"""What can go wrong between the pipeline and a person: errors that say where, why and what to do, in both languages."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, Self


@dataclass(frozen=True)
class Message:
    """One sentence or phrase in the two languages of the survey team."""

    en: str
    zh: str

    def filled(self, words: Mapping[str, object]) -> "Message":
        """The message with its words in braces filled in; a word that is a Message gives each language its own."""
        en, zh = ({name: _in(word, language) for name, word in words.items()} for language in ("en", "zh"))
        return Message(self.en.format(**en), self.zh.format(**zh))


def _in(word: object, language: str) -> object:
    return getattr(word, language) if isinstance(word, Message) else word


class Entry(NamedTuple):
    """What the catalogue says of one code. Words in braces are filled in where the error is made."""

    place: Message
    cause: Message
    remedy: Message

    def filled(self, words: Mapping[str, object]) -> "Entry":
        """The entry about one case. `words` never hold the value of a cell."""
        return Entry(*(part.filled(words) for part in self))


class CalmError(Exception):
    """An error a person can act on. `str` gives the English sentence; it never holds the value of a cell."""

    def __init__(self, code: str, place: Message, cause: Message, remedy: Message) -> None:
        super().__init__(code, place, cause, remedy)
        self.code, self.place, self.cause, self.remedy = code, place, cause, remedy

    @classmethod
    def of(cls, table: Mapping[str, Entry], code: str, /, **words: object) -> Self:
        """The error for `code` of a table of the catalogue; `words` fill the braces."""
        return cls(code, *table[code].filled(words))

    def __str__(self) -> str:
        return f"{self.place.en}: {self.cause.en}. {self.remedy.en}."

    @property
    def zh(self) -> str:
        """The same sentence in Chinese."""
        return f"{self.place.zh}：{self.cause.zh}。{self.remedy.zh}。"

    @property
    def told(self) -> str:
        """What is shown to a person: the code, then the same in English and in Chinese."""
        return _printable(f"[{self.code}] {self}\n{self.zh}")


def _printable(text: str) -> str:
    return "".join(
        mark if mark == "\n" or mark.isprintable() else mark.encode("unicode_escape").decode("ascii") for mark in text
    )


@dataclass(frozen=True)
class Place:
    """A place in a file as a spreadsheet shows it: row 1 is the header, column 0 is A."""

    file: str
    row: int | None = None
    column: int | None = None
    header: str | None = None

    @property
    def message(self) -> Message:
        """The place in words."""
        en, zh = [self.file], [self.file]
        if self.row is not None:
            en, zh = [*en, f"row {self.row}"], [*zh, f"第 {self.row} 行"]
        if self.column is not None:
            title = "" if self.header is None else f" ({self.header.strip()})"
            en, zh = [*en, f"column {letter(self.column)}{title}"], [*zh, f"{letter(self.column)} 列{title}"]
        return Message(", ".join(en), "，".join(zh))


class ExportRefused(CalmError):  # noqa: N818
    """A file that is refused whole, with the place of the first thing that is wrong with it."""

    def __init__(self, code: str, where: Place, cause: Message, remedy: Message) -> None:
        super().__init__(code, where.message, cause, remedy)
        self.args = (code, where, cause, remedy)
        self.where = where

    def below(self, rows: int) -> Self:
        """The same error for a table that begins `rows` rows further down in its file."""
        row = self.where.row + rows if self.where.row is not None else None
        return type(self)(self.code, replace(self.where, row=row), self.cause, self.remedy)

    def as_json(self) -> dict[str, Any]:
        """Plain values from which `from_json` builds the same error in another process."""
        parts = {"where": asdict(self.where), "cause": asdict(self.cause), "remedy": asdict(self.remedy)}
        return {"code": self.code, **parts}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The error that `as_json` described."""
        return cls(value["code"], Place(**value["where"]), Message(**value["cause"]), Message(**value["remedy"]))


def letter(column: int) -> str:
    """The letters over a spreadsheet column, counted from 0: A, B, ... Z, AA."""
    head, last = divmod(column, 26)
    return (letter(head - 1) if head else "") + chr(ord("A") + last)
