"""What a report is made of: sections that hold blocks, and the sentences and references in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from calm_pipeline.survey import Words

Row = Mapping[str, Any]
Basis = Literal["answers", "printed", "declared", "each"]
"""What a block rests on: answers, which may be reconstructed; printed figures; what the project declares; or each
row on something else, which it says itself."""


@dataclass(frozen=True)
class Ref:
    """A reference to a section, table or figure by its key; its number is known once all of them are gathered."""

    key: str


@dataclass(frozen=True)
class Said:
    """A sentence: a template of the report's words, and the figures, names and references that fill it."""

    words: Words
    values: Mapping[str, object] = field(default_factory=dict)


def say(words: Words, /, **values: object) -> Said:
    """The sentence with its values."""
    return Said(words, values)


@dataclass(frozen=True)
class Column:
    """A column of a table. `show` gets the values of `keys` in one row and returns what is printed."""

    keys: tuple[str, ...]
    head: Said
    show: Callable[..., str]
    numeric: bool = True


@dataclass(frozen=True)
class Numbered:
    """A block with a caption and a number of its own. `sql` asks the warehouse for what `rows` print."""

    key: str
    caption: Said
    sql: str
    rows: Sequence[Row]
    basis: Basis


@dataclass(frozen=True)
class Table(Numbered):
    """Rows as the warehouse gives them, printed by columns; a new line in a cell begins what is said in small print.

    `group` names the value under which rows stand together, `about` what is said of all rows of a group.
    """

    kind: ClassVar[str] = "table"
    columns: tuple[Column, ...]
    group: str | None = None
    notes: tuple[Said, ...] = ()
    about: str | None = None


@dataclass(frozen=True)
class Panel:
    """One picture: a Vega-Lite specification, and another for narrow screens where that is easier to read."""

    spec: Mapping[str, Any]
    narrow: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Figure(Numbered):
    """Pictures with one caption, so many `across`. `description` says in words what there is to see."""

    kind: ClassVar[str] = "figure"
    description: Said
    panels: tuple[Panel, ...]
    notes: tuple[Said, ...] = ()
    across: int = 1


@dataclass(frozen=True)
class Framework(Numbered):
    """The theoretical framework with the measured figures on it; `rows` are what is measured, `note` what they are."""

    kind: ClassVar[str] = "framework"
    description: Said
    note: str
    dimensions: tuple[Any, ...]
    edges: tuple[Any, ...]
    nodes: tuple[Any, ...]


@dataclass(frozen=True)
class Paragraph:
    """Sentences that belong together."""

    kind: ClassVar[str] = "paragraph"
    sentences: tuple[Said, ...]


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    kind: ClassVar[str] = "bullets"
    items: tuple[Said, ...]


@dataclass(frozen=True)
class Cards:
    """Key figures: a number, and below it what it counts."""

    kind: ClassVar[str] = "cards"
    items: tuple[tuple[str, Said], ...]
    basis: Basis = "answers"


@dataclass(frozen=True)
class Terms:
    """Terms and what each means."""

    kind: ClassVar[str] = "terms"
    items: tuple[tuple[Said, Said], ...]


@dataclass(frozen=True)
class Verdicts:
    """Claims with their verdicts; each item has says, verdict, printable, reason and further facts."""

    kind: ClassVar[str] = "verdicts"
    items: tuple[Row, ...]


@dataclass(frozen=True)
class Queries:
    """The SQL behind every table and figure; the document fills it in."""

    kind: ClassVar[str] = "queries"


@dataclass(frozen=True)
class Heading:
    """A small heading inside a section, without a number."""

    kind: ClassVar[str] = "heading"
    title: Said


Block = Table | Figure | Framework | Paragraph | Bullets | Cards | Terms | Verdicts | Queries | Heading


@dataclass(frozen=True)
class Section:
    """A section with its blocks and the sections below it; an appendix is lettered instead of numbered."""

    key: str
    title: Said
    blocks: tuple[Block, ...] = ()
    parts: tuple["Section", ...] = ()
    appendix: bool = False
