"""The names that respondents gave, and which cells of their rows may hold one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline.columns import GIVEN, GIVEN_OTHERWISE
from calm_pipeline.exports.masking import without_names
from calm_pipeline.exports.named import LONGEST, MOST, PLAIN, SURE, TITLES, is_only_a_title, names_in
from calm_pipeline.exports.wenjuanxing import SILENCE_NUMBER, SILENCE_TEXT
from calm_pipeline.survey import Survey

Cells: TypeAlias = "pa.Array[Any]"
SHORTEST = 2
ERASED = {GIVEN: "〔已删除〕", GIVEN_OTHERWISE: "〔已删除，原格式不符〕"}
"""What stands in an export where a personal answer was erased; whether one was given, and in which form, stays."""
COMPARED = r"^[\p{Han}a-hj-z]"
"""First letters that are written in one way only once width, accents and case are gone; RE2."""


@dataclass(frozen=True)
class Names:
    """Whom each respondent named in answer to personal questions: columns with a name a row, null where it has none.

    Of a question the first one is the answer itself; others hold the names in answers that hold more than a name.
    """

    columns: tuple[Cells, ...]

    def __getitem__(self, at: int) -> list[str]:
        """The names of a row."""
        return [name.as_py() for name in (column[at] for column in self.columns) if name.is_valid]

    def within(self, title: str) -> list[str]:
        """Those in a title that are surely a person's: a usual surname and one or two letters more, or Latin words."""
        given = (name for column in self.columns for name in column.unique().to_pylist() if name)
        begun = {name for name in given if name[0].lower() in title.lower() and SURE.fullmatch(name)}
        return sorted(name for name in begun if without_names(title, [name]) != title)

    def perhaps_in(self, column: Cells, looked_at: "Cells | None" = None) -> Cells:
        """Whether a cell might hold a name of its row: it has the first letter of one, however that is written.

        `looked_at` says which cells are looked at; without it all are.
        """
        found, given = np.zeros(len(column), dtype=bool), np.asarray(column.is_valid())
        wanted = given if looked_at is None else given & np.asarray(looked_at.fill_null(False))
        for names in self.columns:
            at = np.flatnonzero(np.asarray(names.is_valid()) & wanted)
            if len(at):
                first = pc.utf8_slice_codeunits(_decomposed(names.take(at)), 0, 1)
                strange = pc.invert(pc.match_substring_regex(first, COMPARED)).to_numpy(zero_copy_only=False)
                found[at] |= (np.strings.find(_letters(column.take(at)), _letters(first)) >= 0) | strange
        return pa.array(found)


def _decomposed(column: Cells) -> Cells:
    """Without width, accents joined to letters, or case."""
    folded: Cells = pc.utf8_lower(pc.utf8_normalize(column, "NFKD"))  # type: ignore[attr-defined]  # stubs lack it
    return folded


def _letters(column: Cells) -> Any:
    return _decomposed(column).to_numpy(zero_copy_only=False).astype(np.dtypes.StringDType())


def names_of(cells: dict[str, Cells], survey: Survey) -> Names:
    """The names that the respondent of each row gave."""
    personal = [cells[field.name] for field in survey.fields() if field.question.personal]
    return Names(tuple(chain.from_iterable(map(_with_parts, map(_names, personal)))))


def _with_parts(column: Cells) -> Iterator[Cells]:
    """The column without cells that are titles, and further ones for the names in cells that hold more than a name."""
    plain: Any = pc.match_substring_regex(column, PLAIN)
    titled: Any = pc.match_substring_regex(column, "|".join(TITLES))
    simple = np.asarray(pc.and_not(plain, titled).fill_null(True))
    more: dict[int, Any] = {at: column[at].as_py() for at in np.flatnonzero(~simple).tolist()}
    named = {at: [None if is_only_a_title(cell) else cell, *names_in(cell)] for at, cell in more.items()}
    for number in range(1 + MOST):
        further = {at: names[number] for at, names in named.items() if number < len(names)}
        if number == 0 or further:
            whole = column.to_pylist() if number == 0 else [None] * len(column)
            yield pa.array([further.get(at, cell) for at, cell in enumerate(whole)], pa.string())


def _names(column: Cells) -> Cells:
    stripped: Any = pc.utf8_trim_whitespace(column)
    marks = pa.array([*SILENCE_TEXT, *SILENCE_NUMBER, *ERASED.values()])
    length: Any = pc.utf8_length(stripped)
    unfit: Any = pc.or_(pc.less(length, pa.scalar(SHORTEST)), pc.greater(length, pa.scalar(LONGEST)))
    number: Any = pc.or_(pc.utf8_is_decimal(stripped), pc.is_in(stripped, marks))
    named: Cells = pc.if_else(pc.or_(unfit, number), None, stripped)
    return named
