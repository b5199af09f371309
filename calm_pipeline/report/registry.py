"""Numbers of sections, tables and figures, and what a reference to one of them prints."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from calm_pipeline.report import words
from calm_pipeline.report.model import Figure, Framework, Numbered, Ref, Section, Table
from calm_pipeline.survey import Words


class DanglingReferenceError(LookupError):
    """A sentence refers to what is not in the report."""


class Registry:
    """Everything that has a number, by its key; numbers follow the order of the report.

    Raises:
        ValueError: two things have the same key.
    """

    def __init__(self, sections: Sequence[Section]) -> None:
        self.numbered: list[Numbered] = []
        self._names: dict[str, tuple[Words, str]] = {}
        for number, section in _tops(sections):
            self._section(section, number)

    def _section(self, section: Section, number: str) -> None:
        self._add(section.key, words.APPENDIX if section.appendix else words.SECTION, number)
        for block in section.blocks:
            if isinstance(block, Numbered):
                alike = (Table,) if isinstance(block, Table) else (Figure, Framework)
                count = sum(isinstance(other, alike) for other in self.numbered) + 1
                self._add(block.key, words.TABLE if isinstance(block, Table) else words.FIGURE, str(count))
                self.numbered.append(block)
        for place, part in enumerate(section.parts, 1):
            self._section(part, f"{number}.{place}")

    def _add(self, key: str, kind: Words, number: str) -> None:
        if key in self._names:
            raise ValueError(f"two parts of the report are called {key}")
        self._names[key] = kind, number

    def number(self, key: str) -> str:
        """The number alone."""
        return self._named(key)[1]

    def name(self, key: str, lang: str) -> str:
        """What it is called, such as "Table 3"."""
        kind, number = self._named(key)
        return str(getattr(kind, lang)).format(number=number)

    def link(self, ref: Ref, lang: str) -> Markup:
        """The name as a link to it."""
        return Markup('<a class="ref" href="#{}">{}</a>').format(ref.key, self.name(ref.key, lang))

    def _named(self, key: str) -> tuple[Words, str]:
        if key not in self._names:
            raise DanglingReferenceError(key)
        return self._names[key]


def _tops(sections: Sequence[Section]) -> Iterator[tuple[str, Section]]:
    """The sections with their numbers; appendices come last and are lettered."""
    body = [section for section in sections if not section.appendix]
    yield from ((str(place), section) for place, section in enumerate(body, 1))
    appendices = [section for section in sections if section.appendix]
    yield from ((chr(ord("A") + place), section) for place, section in enumerate(appendices))
