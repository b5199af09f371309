"""One thing that is wrong with a survey file: where it stands and what to do, in a survey team's words."""

from dataclasses import dataclass

Place = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """A path into the file, such as `questions.stage.options`, and a sentence about it."""

    place: Place
    sentence: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.place)) or '(file)'}: {self.sentence}"
