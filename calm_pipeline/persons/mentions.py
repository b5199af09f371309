"""What others may have written of persons who are erased: their mobile number, or their name in a text."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from calm_pipeline import columns
from calm_pipeline.exports.headers import wordings
from calm_pipeline.exports.masking import mobiles, without_names
from calm_pipeline.exports.named import COMPOUND, HAN, SURNAMES, names_in
from calm_pipeline.exports.person import Respondent
from calm_pipeline.survey import Survey

SURELY = re.compile(rf"(?:{'|'.join(COMPOUND)}){HAN}{{1,2}}|[{''.join(SURNAMES)}]{HAN}{{2}}")
"""A surname and a given name, of three characters at least: a shorter one is too often a word, or a part of one."""
NOBODY = re.compile("[市省区县镇乡馆室部处科组院系校办]$")
"""How places and units end: who gives one as the name is not named wherever it stands."""
LIBRARY = ("submission_id", "library_name", "file")
"""Columns that hold no text of a respondent; a library may be named after somebody."""


@dataclass(frozen=True)
class Mentions:
    """Mobile numbers, and names that mean a person wherever they stand."""

    numbers: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()

    def __call__(self, text: str) -> bool:
        """Whether one of them is in the text."""
        return bool(mobiles(text) & self.numbers) or self.unnamed(text) != text

    def unnamed(self, text: str) -> str:
        """The text without the names, however they are spelt."""
        return without_names(text, self.names) if self.names else text

    def without(self, rows: pa.Table, survey: Survey | None) -> pa.Table:
        """The rows without the names in their texts; equal texts are looked at once."""
        kept = {*LIBRARY, *(_of_the_library(survey) if survey else ())}
        for at, field in enumerate(rows.schema if self.names else ()):
            if field.type == pa.string() and field.name not in kept:
                cells: Any = rows[field.name].combine_chunks().dictionary_encode()
                texts = [self.unnamed(text) for text in cells.dictionary.to_pylist()]
                if texts != cells.dictionary.to_pylist():
                    rows = rows.set_column(at, field, pa.array(texts, pa.string()).take(cells.indices))
        return rows


def _of_the_library(survey: Survey) -> set[str]:
    fields = [field.name for field in survey.fields() if field.question.identifies]
    return {*fields, *map(columns.number, fields)}


def mentions(persons: Collection[Respondent], surveys: Iterable[Survey]) -> Mentions:
    """What others may have written of these persons. A place, a unit, or a word of the surveys means nobody."""
    worded = [
        one
        for survey in surveys
        for one in (
            survey.title,
            *survey.questions.values(),
            *(option for field in survey.fields() for option in field.options.values()),
        )
    ]
    words = " ".join(word for one in worded for word in wordings(one))
    answers = [answer.strip() for one in persons for answer in one.answers.values()]
    given = {*answers, *(name for answer in answers for name in names_in(answer))}
    sure = (name for name in sorted(given) if SURELY.fullmatch(name) and not NOBODY.search(name))
    names = tuple(name for name in sure if name not in words)
    return Mentions(frozenset(one.mobile for one in persons if one.mobile), names)
