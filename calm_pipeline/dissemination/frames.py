"""What the files for SPSS and Stata have in common: one frame, labels within limits, bytes without a clock."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.matrix import Cell, Matrix
from calm_pipeline.dissemination.variables import Missing, Variable
from calm_pipeline.dissemination.wording import plain
from calm_pipeline.survey import Words

Codes: TypeAlias = Mapping[Missing, float] | Mapping[Missing, str]
"""What a format writes for each reason of silence."""
_MARK = {"en": "RECONSTRUCTED: ", "zh": "【重建数据】"}


def frame(variables: Sequence[Variable], cells: Matrix, codes: Codes) -> pd.DataFrame:
    """The cells as a frame, reasons of silence as their codes; texts are strings, times datetimes, all else numbers."""
    return pd.DataFrame({one.name: _series(one, cells[one.name], codes) for one in variables})


def _series(one: Variable, cells: Sequence[Cell], codes: Codes) -> pd.Series:
    if one.is_text:
        return pd.Series(cells, dtype="str")
    if one.kind == "time":
        return pd.Series(cells, dtype="datetime64[us]")
    coded = [codes[cell] if isinstance(cell, Missing) else cell for cell in cells]
    lettered = any(isinstance(cell, str) for cell in coded)
    return pd.Series(coded, dtype="object" if lettered else "float64")


def labels(variables: Sequence[Variable], language: str, cut: Callable[[str], str]) -> dict[str, str | None]:
    """The label of each variable, cut to what the program holds."""
    return {one.name: cut(plain(getattr(one.label, language))) for one in variables}


def value_labels(one: Variable, language: str, codes: Codes, cut: Callable[[str], str]) -> dict[Any, str]:
    """The label of each value of a variable, those of the codes of silence among them."""
    worded: dict[Any, Words] = dict(one.values)
    if one.silent:
        worded |= {codes[reason]: reason.label for reason in Missing}
    return {value: cut(plain(getattr(words, language))) for value, words in worded.items()}


def title(edition: Edition, language: str) -> str:
    """The title of the survey, with the mark of reconstruction before it, where no limit can cut it off."""
    mark = _MARK[language] if edition.reconstructed else ""
    return mark + plain(getattr(edition.survey.title, language))


def undate(file: Path, start: int, stamp: bytes) -> None:
    """Write `stamp` over the time of writing that stands at `start`, so that the same data have the same bytes."""
    with file.open("r+b") as content:
        content.seek(start)
        content.write(stamp)
