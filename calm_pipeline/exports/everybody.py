"""The names that anybody gave in a file, taken out of everybody's texts: colleagues write of each other."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import pyarrow as pa
from ahocorasick_rs import AhoCorasick, MatchKind

from calm_pipeline.exports.headers import wordings
from calm_pipeline.exports.masking import WITHHELD_NAME
from calm_pipeline.exports.named import COMPOUND, HAN, SURNAMES
from calm_pipeline.exports.names import names_of
from calm_pipeline.survey import Survey

Cells: TypeAlias = "pa.Array[Any]"
PERSON = re.compile(
    rf"(?:(?:{'|'.join(COMPOUND)}){HAN}{{1,2}}|[{''.join(SURNAMES)}]{HAN}{{2}})(?<![部室处组科馆员长办])"
)
"""A surname and a given name, of three characters at least: a shorter one is too often a word, or a part of one. Not an
office, such as 文献部, which is what those write who do not want to be known."""


@dataclass(frozen=True)
class Everybody:
    """Names that mean a person wherever they stand."""

    names: frozenset[str] = frozenset()

    @cached_property
    def _sought(self) -> AhoCorasick:
        return AhoCorasick(self.names, matchkind=MatchKind.LeftmostLongest)

    def named_in(self, text: str) -> bool:
        """Whether a text names one of them."""
        return bool(self.names and self._sought.find_matches_as_indexes(text))

    def unnamed(self, column: Cells) -> Cells:
        """The cells without these names; equal cells are looked at once."""
        if not self.names or column.null_count == len(column):
            return column
        cells = column.dictionary_encode()
        texts: list[Any] = cells.dictionary.to_pylist()
        hidden = [self.hidden(text) for text in texts]
        return column if hidden == texts else pa.array(hidden, pa.string()).take(cells.indices)

    def hidden(self, text: str) -> str:
        """A text without these names."""
        kept: list[str] = []
        at = 0
        for _, start, end in self._sought.find_matches_as_indexes(text) if self.names else ():
            kept, at = [*kept, text[at:start]], end
        return WITHHELD_NAME.join([*kept, text[at:]])


NOBODY = Everybody()


def given_in(cells: Mapping[str, Cells], survey: Survey) -> set[str]:
    """The names that the respondents of some rows gave, each once."""
    columns = (column.unique().drop_null() for column in names_of(cells, survey).columns)
    return {str(name) for column in columns for name in column.to_pylist()}


def everybody(given: Iterable[str], survey: Survey) -> Everybody:
    """Those of the names given that are a person's for sure: by their form, and since no option is worded with them."""
    words = _wordings(survey)
    names = {name for name in given if PERSON.fullmatch(name)}
    return Everybody(frozenset(name for name in names if not any(name in word for word in words)))


def _wordings(survey: Survey) -> Collection[str]:
    return {word for field in survey.fields() for option in field.options.values() for word in wordings(option)}
