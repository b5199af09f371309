"""An edition for Stata: a .dta file with one row a submission, for Stata 14 and later."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pyreadstat

from calm_pipeline.dissemination import frames
from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.matrix import Matrix
from calm_pipeline.dissemination.variables import Missing, Variable
from calm_pipeline.dissemination.wording import in_bytes, in_characters

CODES: dict[Missing, str] = {Missing.NOT_ASKED: "a", Missing.BLANK: "b"}
"""Extended missing values, which Stata writes .a and .b."""
LONGEST_LABEL, LONGEST_VALUE = 80, 32000
"""Stata's limits: of labels of files and variables in characters, of those of values in bytes."""
VERSION = 14
_CLOCK, _STAMP, _HEAD = b"<timestamp>\x11", b"01 Jan 1980 00:00", 4096


def write_dta(edition: Edition, variables: Sequence[Variable], cells: Matrix, language: str, file: Path) -> None:
    """Write the .dta file: .a is not asked, .b left blank; a text of more than 2,045 bytes becomes a strL."""
    in_label, in_value = partial(in_characters, most=LONGEST_LABEL), partial(in_bytes, most=LONGEST_VALUE)
    valued = {one.name: frames.value_labels(one, language, CODES, in_value) for one in variables if not one.is_text}
    pyreadstat.write_dta(
        frames.frame(variables, cells, CODES),
        file,
        file_label=in_label(frames.title(edition, language)),
        column_labels=frames.labels(variables, language, in_label),
        version=VERSION,
        variable_value_labels={name: values for name, values in valued.items() if values},
        missing_user_values={one.name: list(CODES.values()) for one in variables if one.silent},
    )
    with file.open("rb") as content:
        start = content.read(_HEAD).index(_CLOCK) + len(_CLOCK)
    frames.undate(file, start, _STAMP)
