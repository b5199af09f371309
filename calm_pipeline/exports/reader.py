"""From one file to an export: every column found, its kind known, and what is personal kept apart from it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline.canonical import canonical
from calm_pipeline.errors import ExportRefused, Place
from calm_pipeline.exports.complete import check_complete, fitting
from calm_pipeline.exports.differing import on_columns
from calm_pipeline.exports.export import FIRST_ROW, PLATFORM, Export
from calm_pipeline.exports.file_name import Hint, hint
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.headers import Column, Kind
from calm_pipeline.exports.kinds import kind_of
from calm_pipeline.exports.masking import without_names
from calm_pipeline.exports.names import Names, names_of
from calm_pipeline.exports.pairing import join
from calm_pipeline.exports.personal import persons
from calm_pipeline.exports.privacy import guard, shown
from calm_pipeline.exports.recognise import Recognised, recognise
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.sandbox import How, Limits, read_grid, read_grids
from calm_pipeline.exports.sequences import Sequences
from calm_pipeline.exports.surround import Surround
from calm_pipeline.exports.wenjuanxing import JOINT, RECONSTRUCTED, SILENCE_NUMBER, SILENCE_TEXT
from calm_pipeline.survey import Field, Survey

__all__ = ["Export", "from_grid", "join", "read_file", "read_parts"]
Cells: TypeAlias = "pa.Array[Any]"
SEQUENCE = re.compile(r"\s*(\d{1,15})(?:\.0+)?\s*")
PLAIN_SEQUENCE = "^[1-9][0-9]{0,14}$"
LONGEST_SOURCE = 1000
MISFITS = ("other_survey", "summary", "missing_column", "repeated_column", "mixed_kinds")


def read_file(path: Path, survey: Survey, limits: Limits | None = None, *, others: Sequence[Survey] = ()) -> Export:
    """Read one export, by text or by number. Raises ExportRefused; personal data leave it in `persons` alone."""
    promised = hint(path.name)
    if promised.kind == "score":
        raise refusal("by_score", Place(shown(path.name)))
    around = Surround(survey.platform.rows_above, survey.platform.total_below)
    return from_grid(read_grid(path, limits, around), survey, shown(path.name), others)


def read_parts(
    path: Path, survey: Survey, how: How, *, others: Sequence[Survey] = (), personal: bool = True
) -> Iterator[Export]:
    """Read one export part by part; the last part has the remarks on the file.

    Args:
        path: the file.
        survey: the edition.
        how: `exact`, or `plain` for a file that is large and plain.
        others: editions to name if the file fits one of them.
        personal: whether `persons` are wanted.

    Raises:
        ExportRefused: the file is refused; the parts that came before do not count.
        Doubtful: it is not plain; the same holds for parts.
    """
    name, promised = shown(path.name), hint(path.name)
    if promised.kind == "score":
        raise refusal("by_score", Place(name))
    around = Surround(survey.platform.rows_above, survey.platform.total_below)
    sequences, kind, rows = Sequences(name), None, 0
    for grid in read_grids(path, how, None, around):
        export = from_grid(grid, survey, name, others, Part(kind, personal))
        kind, rows = export.kind, rows + grid.rows.num_rows
        sequences.add(export.table)
        yield export
    _check_rows(rows, promised, name)


@dataclass(frozen=True)
class Part:
    """What is known beforehand of a part of a file: its kind, None for the first; and whether persons are wanted."""

    kind: Kind | None = None
    personal: bool = True
    whole: bool = False


WHOLE = Part(whole=True)


def from_grid(grid: Grid, survey: Survey, file: str, others: Sequence[Survey] = (), part: Part = WHOLE) -> Export:
    """The export whose cells are `grid`. `file` is its name. Raises ExportRefused.

    A header that is not the survey's is compared with those of `others`, so that the refusal can say where it fits.
    """
    try:
        return _export(grid, survey, file, part)
    except ExportRefused as refused:
        fits = fitting(grid.header, others, file) if refused.code in MISFITS else []
        if fits:
            raise refusal("other_edition", Place(file), edition=survey.edition, fits=", ".join(fits)) from refused
        raise refused.below(grid.above) from refused


def _export(grid: Grid, survey: Survey, file: str, part: Part) -> Export:
    promised = hint(file)
    found = recognise(grid.header, survey, file)
    if not found.columns:
        summary = promised.kind == "summary"
        raise refusal("summary" if summary else "other_survey", Place(file), edition=survey.edition)
    kind = part.kind or kind_of(grid, found, survey, promised, file)
    check_complete(grid.header, found, survey, kind, file)
    if part.whole:
        _check_rows(grid.rows.num_rows, promised, file)
    if promised.kind in ("text", "number") and promised.kind != kind:
        raise refusal("kind_differs", Place(file), promised=promised.kind, found=kind)
    cells = {field.name: _cells(grid, found, field) for field in survey.fields()}
    names = names_of(cells, survey)
    _check_named(file, names, survey)
    frame = guard(_platform(grid, found, survey, file), cells, survey, names)
    remarks = (*grid.remarks, *on_columns(grid.header, found, survey, kind))
    withheld = persons(grid, found, cells, frame, survey) if part.personal else ()
    return Export(file, kind, pa.table(frame), _reconstructed(grid, found), remarks, withheld)


def _reconstructed(grid: Grid, found: Recognised) -> bool:
    """The mark travels with the rows, so that it outlives a renamed, resaved or converted file.

    It counts on every row alone: whoever answers can put it into a link.
    """
    place = found.metadata.get("source_detail")
    marks = [] if place is None else _column(grid, place).unique().to_pylist()
    return marks == [RECONSTRUCTED]


def _check_named(file: str, names: Names, survey: Survey) -> None:
    """A file's name stands in tables, manifests and messages. What the platform calls every file is nobody's name."""
    title, suffix = Path(file).stem, Path(file).suffix
    usual = f"按文本 按序号 {survey.title.zh} {survey.title.en}"
    if within := [name for name in names.within(title) if without_names(usual, [name]) == usual]:
        raise refusal("named_after", Place(without_names(title, within) + suffix))


def _check_rows(rows: int, promised: Hint, file: str) -> None:
    if promised.rows is not None and promised.rows != rows:
        raise refusal("row_count", Place(file), expected=promised.rows, found=rows)


def _platform(grid: Grid, found: Recognised, survey: Survey, file: str) -> dict[str, Cells]:
    count = grid.rows.num_rows
    empty = pa.nulls(count, pa.string())
    own = {name: _column(grid, place) for name, place in found.metadata.items()}
    flags = [canonical(source) for source in survey.not_counted.sources]
    sources = own.get("source", empty).dictionary_encode()
    marked = [canonical((source or "")[:LONGEST_SOURCE]) in flags for source in sources.dictionary.to_pylist()]
    flagged = pa.array(marked, pa.bool_()).take(sources.indices).fill_null(canonical("") in flags)
    values: dict[str, Any] = {
        "sequence": _sequences(grid, found, file),
        "row": np.arange(FIRST_ROW + grid.above, FIRST_ROW + grid.above + count),
        "submitted_at": own.get("submitted_at", empty),
        "duration": own.get("duration", empty),
        "flagged": flagged,
    }
    return {name: pa.array(values[name], kind) for name, kind in PLATFORM.items()}


def _sequences(grid: Grid, found: Recognised, file: str) -> Cells:
    """序号 of each row, or null in all of them."""
    if "sequence" not in found.metadata:
        return pa.nulls(grid.rows.num_rows, pa.int64())
    place = found.metadata["sequence"]
    cells = _column(grid, place)
    if cells.null_count == len(cells):
        return pa.nulls(len(cells), pa.int64())
    plain = pc.and_kleene(pc.is_valid(cells), pc.match_substring_regex(cells, PLAIN_SEQUENCE))
    if pc.all(plain).as_py() and pc.count_distinct(cells).as_py() == len(cells):
        return pc.cast(cells, pa.int64())
    return pa.array(_each_sequence(cells, lambda row: Place(file, row, place, grid.header[place])), pa.int64())


def _each_sequence(cells: Cells, place: Callable[[int], Place]) -> list[int]:
    seen: dict[int, None] = {}
    for row, cell in enumerate(cells.to_pylist(), FIRST_ROW):
        if not cell:
            raise refusal("sequence_missing", place(row))
        number = SEQUENCE.fullmatch(cell)
        if not number:
            raise refusal("sequence_malformed", place(row))
        if int(number[1]) in seen:
            raise refusal("sequence_repeated", place(row), sequence=int(number[1]))
        seen[int(number[1])] = None
    return list(seen)


def _column(grid: Grid, place: int) -> Cells:
    return grid.rows[f"c{place}"].combine_chunks()


def _cells(grid: Grid, found: Recognised, field: Field) -> Cells:
    """The cells of one field, wherever the dialect put them."""
    if (own := Column(field.key, field.row)) in found.columns:
        return _column(grid, found.columns[own])
    if field.row is not None:
        return pa.array(_blank(_column(grid, found.columns[Column(field.key)]), field), pa.string())
    options: list[Any] = [_column(grid, found.columns[Column(field.key, None, option)]) for option in field.options]
    joined: Cells = pc.binary_join_element_wise(*options, JOINT, null_handling="replace", null_replacement="")
    return joined


def _blank(column: Cells, field: Field) -> Iterator[str | None]:
    """One blank of a sentence whose blanks share a column; a mark of silence stands for all of them."""
    rows = list(field.question.rows)
    place = rows.index(field.row or "")
    for cell in column.to_pylist():
        if cell is None or cell.strip() in (*SILENCE_TEXT, *SILENCE_NUMBER):
            yield cell
        else:
            parts = cell.split(JOINT, len(rows) - 1)
            yield (parts[place] or None) if place < len(parts) else None
