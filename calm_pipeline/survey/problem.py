"""One thing that is wrong with a declaration, where it stands and what to do; and the error that lists all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from calm_pipeline.errors import CalmError, Message
from calm_pipeline.survey.problems import DECLARATIONS, PROBLEMS

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """A path into the file, such as `questions.stage.options`, and an entry of PROBLEMS about it."""

    place: Place
    code: str
    cause: Message
    remedy: Message

    @classmethod
    def of(cls, place: Place, code: str, /, **words: object) -> Self:
        """The problem `code` at a path; `words` fill the braces of its entry."""
        return cls(place, code, PROBLEMS[code].cause.filled(words), PROBLEMS[code].remedy.filled(words))

    @property
    def path(self) -> str:
        """The path as a person would write it."""
        return ".".join(map(str, self.place)) or "(file)"

    def __str__(self) -> str:
        return f"{self.path}: {self.cause.en}; {self.remedy.en}"

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        return f"{self.path}：{self.cause.zh}；{self.remedy.zh}"


@dataclass(frozen=True)
class Listed:
    """A problem and the line of its file."""

    line: int
    problem: Problem


class DeclarationError(CalmError):
    """A declaration that cannot be used; `problems` are all that is wrong with it, in the order of the file."""

    def __init__(
        self, code: str, place: Message, cause: Message, remedy: Message, listed: tuple[Listed, ...] = ()
    ) -> None:
        super().__init__(code, place, cause, remedy)
        self.args = (code, place, cause, remedy, listed)
        self.listed = listed

    @classmethod
    def listing(cls, code: str, file: Path, found: Iterable[Listed]) -> Self:
        """The error about `file` with every problem found, each once."""
        listed = sorted(dict.fromkeys(found), key=lambda one: (one.line, str(one.problem)))
        entry = DECLARATIONS[code].filled({"file": file.name, "count": len(listed)})
        return cls(code, *entry, tuple(listed))

    @property
    def problems(self) -> list[Problem]:
        return [one.problem for one in self.listed]

    def __str__(self) -> str:
        lines = (f"  line {one.line}, {one.problem} [{one.problem.code}]" for one in self.listed)
        return "\n".join([super().__str__(), *lines])

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        return "\n".join([super().zh, *(f"  第 {one.line} 行，{one.problem.zh}" for one in self.listed)])
