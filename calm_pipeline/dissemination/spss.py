"""An edition for SPSS: a .sav file with one row a submission, and syntax that defines the multiple-response sets."""

import textwrap
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pyreadstat

from calm_pipeline.dissemination import frames, names
from calm_pipeline.dissemination.edition import RECONSTRUCTED, Edition
from calm_pipeline.dissemination.matrix import Matrix
from calm_pipeline.dissemination.variables import Missing, Variable
from calm_pipeline.dissemination.wording import in_bytes, plain
from calm_pipeline.survey import Field

CODES: dict[Missing, float] = {Missing.NOT_ASKED: -3, Missing.BLANK: -2}
LONGEST_TEXT, LONGEST_LABEL, LONGEST_VALUE, LONGEST_TITLE = 32767, 256, 120, 64
"""SPSS's limits in bytes."""
_WRITTEN, _STAMP = 92, b"01 Jan 8000:00:00"
_LINE, _PIECE, _LONGEST_LITERAL = 80, 60, 240
_FORMATS = {"score": "F12.6", "time": "DATETIME20"}
_MEASURES = {"score": "scale", "count": "scale", "number": "scale", "time": "scale", "rank": "ordinal"}


def write_sav(edition: Edition, variables: Sequence[Variable], cells: Matrix, language: str, file: Path) -> None:
    """Write the .sav file: -3 (not asked) and -2 (left blank) are user-missing, texts are cut at 32,767 bytes."""
    texts: Matrix = {
        one.name: [in_bytes(str(cell), LONGEST_TEXT) for cell in cells[one.name]] for one in variables if one.is_text
    }
    silent = [one.name for one in variables if one.silent]
    in_value = partial(in_bytes, most=LONGEST_VALUE)
    valued = {one.name: frames.value_labels(one, language, CODES, in_value) for one in variables if not one.is_text}
    pyreadstat.write_sav(
        frames.frame(variables, {**cells, **texts}, CODES),
        file,
        file_label=in_bytes(frames.title(edition, language), LONGEST_TITLE),
        column_labels=frames.labels(variables, language, partial(in_bytes, most=LONGEST_LABEL)),
        row_compress=True,
        note=_note(edition),
        variable_value_labels={name: values for name, values in valued.items() if values},
        missing_ranges={name: list(CODES.values()) for name in silent},
        variable_measure={one.name: _MEASURES.get(one.kind, "nominal") for one in variables},
        variable_format={one.name: _format(one) for one in variables if not one.is_text},
    )
    frames.undate(file, _WRITTEN, _STAMP)


def _format(one: Variable) -> str:
    return "F8.0" if one.is_whole else _FORMATS[one.kind]


def _note(edition: Edition) -> list[str]:
    """Lines of at most 80 bytes for the file's documents."""
    said = [f"{edition.name}, version {edition.version}"]
    if edition.reconstructed:
        said += [*textwrap.wrap(RECONSTRUCTED.en, _LINE), *textwrap.wrap(RECONSTRUCTED.zh, _LINE // 3)]
    return said


def syntax(variables: Sequence[Variable], language: str, sav: str) -> str:
    """SPSS syntax that defines a set for every question of several ticks in the open file.

    A set is dichotomous: it counts value 1 of its variables, and its categories are named by their labels.
    """
    fields = {one.field.name: one.field for one in variables if one.field and one.kind == "tick"}
    wanted = [(names.of_field(field), field.name) for field in fields.values()]
    sets = dict(zip(fields, names.settled(wanted), strict=True))
    lines = ["* Encoding: UTF-8.", f"* Open {sav}, then run all of this file: it defines the multiple-response sets."]
    lines += [f"* 请先打开 {sav}，再运行本文件的全部语句，以定义多重响应集。", ""]
    for key, field in fields.items():
        ticks = [one.name for one in variables if one.kind == "tick" and one.field == field]
        lines += [*_set(sets[key], field, ticks, language), ""]
    listed = " ".join(f"${name}" for name in sets.values())
    return "\n".join([*lines, *_folded(f"MRSETS /DISPLAY NAME=[{listed}]."), ""])


def _set(name: str, field: Field, ticks: Sequence[str], language: str) -> list[str]:
    label = in_bytes(plain(f"{getattr(field.label, language)} {getattr(field.question, language)}"), LONGEST_LABEL)
    head = [f"MRSETS /MDGROUP NAME=${name}", f"  LABEL={_literal(label)}", "  CATEGORYLABELS=VARLABELS"]
    return [*head, *_folded(f"  VARIABLES={' '.join(ticks)}"), "  VALUE=1."]


def _folded(command: str) -> list[str]:
    """Lines that stand in from the margin, where SPSS in batch mode would look for another command."""
    return textwrap.wrap(command, _LINE, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _literal(text: str) -> str:
    """A text as SPSS reads it; one that is too long for a line, which has 256 bytes, is put together from pieces."""
    size = _PIECE if len(_doubled(text).encode()) > _LONGEST_LITERAL else max(len(text), 1)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return " +\n    ".join(f"'{_doubled(piece)}'" for piece in pieces)


def _doubled(text: str) -> str:
    return text.replace("'", "''")
