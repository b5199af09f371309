"""The names that respondents gave, and which cells of their rows may hold one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline.columns import GIVEN, GIVEN_OTHERWISE
from calm_pipeline.exports.wenjuanxing import SILENCE_NUMBER, SILENCE_TEXT
from calm_pipeline.survey import Survey

Cells: TypeAlias = "pa.Array[Any]"
SHORTEST = 2
ERASED = {GIVEN: "〔已删除〕", GIVEN_OTHERWISE: "〔已删除，原格式不符〕"}
"""What stands in an export where a personal answer was erased; whether one was given, and in which form, stays."""
COMPARED, ABSENT = r"^[\p{Han}a-hj-z]", "\ue000"
"""First letters that are written in one way only once width, accents and case are gone (RE2); and one for no name."""


@dataclass(frozen=True)
class Names:
    """What each respondent answered to personal questions in words: a column a question, null where it is no name."""

    columns: tuple[Cells, ...]

    def __getitem__(self, at: int) -> list[str]:
        """The names of a row."""
        return [name.as_py() for name in (column[at] for column in self.columns) if name.is_valid]

    def perhaps_in(self, column: Cells) -> Cells:
        """Whether a cell might hold a name of its row: it has the first letter of one, however that is written."""
        found = np.zeros(len(column), dtype=bool)
        given = [names for names in self.columns if names.null_count < len(names)]
        if given:
            cells = _letters(column)
            for names in given:
                first = pc.utf8_slice_codeunits(_decomposed(names), 0, 1)
                strange = pc.invert(pc.match_substring_regex(first, COMPARED)).fill_null(False)
                found |= (np.strings.find(cells, _letters(first, ABSENT)) >= 0) | strange.to_numpy(zero_copy_only=False)
        perhaps: Cells = pa.array(found & column.is_valid().to_numpy(zero_copy_only=False))
        return perhaps


def _decomposed(column: Cells) -> Cells:
    """Without width, accents joined to letters, or case."""
    folded: Cells = pc.utf8_lower(pc.utf8_normalize(column, "NFKD"))  # type: ignore[attr-defined]  # stubs lack it
    return folded


def _letters(column: Cells, absent: str = "") -> Any:
    return _decomposed(column).fill_null(absent).to_numpy(zero_copy_only=False).astype(np.dtypes.StringDType())


def names_of(cells: Mapping[str, Cells], survey: Survey) -> Names:
    """The names that the respondent of each row gave."""
    personal = [cells[field.name] for field in survey.fields() if field.question.personal]
    return Names(tuple(map(_names, personal)))


def _names(column: Cells) -> Cells:
    stripped: Any = pc.utf8_trim_whitespace(column)
    marks = pa.array([*SILENCE_TEXT, *SILENCE_NUMBER, *ERASED.values()])
    length: Any = pc.utf8_length(stripped)
    number: Any = pc.or_(pc.utf8_is_decimal(stripped), pc.less(length, pa.scalar(SHORTEST)))
    named: Cells = pc.if_else(pc.or_(number, pc.is_in(stripped, marks)), None, stripped)
    return named
