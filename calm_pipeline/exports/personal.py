"""What the reader withholds of each row: where it stands, what it says, and what may stand there instead."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

import pyarrow as pa

from calm_pipeline.canonical import canonical
from calm_pipeline.exports.export import FIRST_ROW
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.headers import Column
from calm_pipeline.exports.masking import without_contacts, without_names
from calm_pipeline.exports.names import names_of
from calm_pipeline.exports.person import Cell, Person
from calm_pipeline.exports.privacy import erased
from calm_pipeline.exports.recognise import Recognised
from calm_pipeline.exports.wenjuanxing import JOINT, METADATA, RECONSTRUCTED
from calm_pipeline.survey import Field, Survey

Cells: TypeAlias = "pa.Array[Any]"
ALWAYS = ("source_detail", "ip")
Found: TypeAlias = tuple[int, Cell]


def persons(
    grid: Grid, found: Recognised, cells: dict[str, Cells], guarded: dict[str, Cells], survey: Survey
) -> tuple[Person, ...]:
    """One a row, in the order of the rows.

    Args:
        grid: the file.
        found: where its columns stand.
        cells: the cells of every field as they stand in the file.
        guarded: the same columns, and the platform's, as the reader hands them on.
        survey: the edition.
    """
    rows: dict[int, list[Cell]] = defaultdict(list)
    for at, cell in (*_of_platform(grid, found, guarded, survey), *_of_fields(grid, found, cells, guarded, survey)):
        if cell.value != cell.instead:
            rows[at].append(cell)
    first = FIRST_ROW + grid.above
    return tuple(Person(first + at, tuple(rows[at])) for at in range(grid.rows.num_rows))


def _of_platform(grid: Grid, found: Recognised, guarded: dict[str, Cells], survey: Survey) -> Iterator[Found]:
    """A source that does not count stays, since it decides that; so does the mark of answers that nobody gave."""
    kept = {RECONSTRUCTED, *map(canonical, survey.not_counted.sources)}
    for name in METADATA:
        if name in found.metadata and name in {*ALWAYS, *survey.platform.personal}:
            for at, value in _filled(grid, found.metadata[name]):
                stays = {value, canonical(value)} & kept
                yield at, Cell("platform", name, found.metadata[name], value, value if stays else "")
        elif name in found.metadata and name in guarded and guarded[name].type == pa.string():
            handed_on: list[Any] = guarded[name].to_pylist()
            for at, value in _filled(grid, found.metadata[name]):
                yield at, Cell("text", name, found.metadata[name], value, handed_on[at])
    for place in found.extra:
        yield from ((at, Cell("extra", "", place, value, "")) for at, value in _filled(grid, place))


def _of_fields(
    grid: Grid, found: Recognised, cells: dict[str, Cells], guarded: dict[str, Cells], survey: Survey
) -> Iterator[Found]:
    names = names_of(cells, survey)
    changed = {field.name: _changed(cells[field.name], guarded[field.name]) for field in survey.fields()}
    for column, place in found.columns.items():
        fields = [field for field in survey.fields() if Column(field.key, field.row) == column]
        fields = fields or [field for field in survey.fields() if field.key == column.key]
        personal = fields[0].question.personal
        if not personal and not any(changed[field.name] for field in fields):
            continue
        for at, value in _filled(grid, place):
            if personal:
                yield at, Cell("answer", column.field, place, value, _each(value, fields))
            elif any(at in changed[field.name] for field in fields):
                parts = [changed[field.name].get(at, cells[field.name][at].as_py()) or "" for field in fields]
                several = column.option is not None
                instead = without_names(without_contacts(value), names[at]) if several else _joined(value, parts)
                yield at, Cell("text", column.field, place, value, instead)


def _changed(before: Cells, after: Cells) -> dict[int, str]:
    pairs = zip(before.to_pylist(), after.to_pylist(), strict=True)
    return {at: new or "" for at, (old, new) in enumerate(pairs) if old != new}


def _each(value: str, fields: list[Field]) -> str:
    """Each blank of a sentence is erased by itself, so that those left blank stay so."""
    parts = value.split(JOINT, len(fields) - 1)
    return JOINT.join(part and erased(part, fields[0]) for part in parts)


def _joined(value: str, parts: list[str]) -> str:
    return JOINT.join(parts[: len(value.split(JOINT, len(parts) - 1))])


def _filled(grid: Grid, place: int) -> Iterator[tuple[int, str]]:
    cells: list[Any] = grid.rows[f"c{place}"].to_pylist()
    return ((at, cell) for at, cell in enumerate(cells) if cell is not None)
