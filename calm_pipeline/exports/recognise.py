"""Which column of the survey each header of a file is: exact wordings, in order, and no guessing."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from calm_pipeline.canonical import canonical
from calm_pipeline.errors import Place
from calm_pipeline.exports.headers import Column, hidden, numbered, of_2018, of_2019, spellings
from calm_pipeline.exports.privacy import shown
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.wenjuanxing import METADATA
from calm_pipeline.survey import Survey

NUMBER = re.compile(r"\s*(?:第\s*(\d+)\s*题|[Qq]?(\d+)\s*[、,，.．:：]?)\s*")


@dataclass(frozen=True)
class Lexicon:
    """Canonical headers. `full` ones stand for themselves, `short` ones only right after their own question."""

    full: dict[str, list[Column]] = field(default_factory=lambda: defaultdict(list))
    short: dict[str, dict[str, Column]] = field(default_factory=lambda: defaultdict(dict))


@dataclass
class Recognised:
    """Where everything stands: places of the platform's columns and of the survey's, and headers of neither."""

    metadata: dict[str, int] = field(default_factory=dict)
    columns: dict[Column, int] = field(default_factory=dict)
    extra: list[int] = field(default_factory=list)


def lexicon(survey: Survey) -> Lexicon:
    """Every header that any dialect gives to any column of the survey."""
    words = Lexicon()
    for key, question in survey.questions.items():
        for column, part in spellings(key, question):
            short = {"whole": "", "row": part.label, "option": f"({part.label})"}[part.shape]
            firsts = (True, False) if short else (True,)
            for text in {printed(replace(part, first=first)) for printed in _PRINTED for first in firsts} - {short}:
                _learn(words.full[canonical(text)], column)
            if short:
                words.short[key].setdefault(canonical(short), column)
    return words


_PRINTED = (numbered, hidden, of_2018, of_2019)


def _learn(columns: list[Column], column: Column) -> None:
    if column not in columns:
        columns.append(column)


def recognise(titles: list[str], survey: Survey, file: str) -> Recognised:
    """Match each header once, from left to right. Raises ExportRefused if two headers name one column."""
    words, found = lexicon(survey), Recognised()
    own = {canonical(title): name for name, title in METADATA.items()}
    previous: tuple[Column, str] | None = None
    for place, title in enumerate(titles):
        name = own.get(canonical(title))
        again = name in found.metadata
        candidates = [] if name and not found.columns and not again else list(_candidates(title, words, previous))
        column = next((one for one in candidates if not _held(one, found.columns)), None)
        if column is not None:
            found.columns[column] = place
            previous = (column, _number(title))
        elif name and not again:
            found.metadata[name] = place
        elif candidates or again:
            raise refusal("repeated_column", Place(file, 1, place, shown(title)))
        else:
            found.extra.append(place)
    return found


def _held(column: Column, columns: Mapping[Column, int]) -> bool:
    """Whether an earlier header holds the column, or the one in which all blanks of its question stand together."""
    return column in columns or (column.row is not None and Column(column.key) in columns)


def named_by(title: str, words: Lexicon, column: Column) -> set[Column]:
    """The columns a header may name if it stands right after a column of the same question."""
    return set(_candidates(title, words, (column, _number(title))))


def _candidates(title: str, words: Lexicon, previous: tuple[Column, str] | None) -> Iterator[Column]:
    """The columns a header may name, the likeliest first.

    A header without a stem belongs to the question before it, above all if it repeats that question's number: the
    number may be one that the author typed and not the questionnaire's.
    """
    form, bare = canonical(title), [canonical(text) for text in _without_numbers(title)]
    column, number = previous or (Column(""), "")
    after = words.short.get(column.key, {})
    shorts = [after[text] for text in bare if text in after]
    if form in after:
        yield after[form]
    if number and number == _number(title):
        yield from shorts
    yield from words.full.get(form, [])
    yield from shorts
    for text in bare:
        yield from words.full.get(text, [])


def _number(title: str) -> str:
    number = NUMBER.match(title)
    return (number[1] or number[2]) if number else ""


def _without_numbers(title: str) -> list[str]:
    """The header without the number before it, and without a second one that the author typed into the stem."""
    texts = []
    for _ in range(2):
        number = NUMBER.match(title)
        title = title[number.end() :] if number else ""
        if title:
            texts.append(title)
    return texts
