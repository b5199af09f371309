"""The exports of an edition written again without what is to go, and replaced only if all else is read as before."""

import shutil
from pathlib import Path
from typing import Any

from calm_pipeline import files
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.export import FIRST_ROW, Export
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.pairing import submission_id, with_sequences
from calm_pipeline.exports.person import Cell
from calm_pipeline.exports.privacy import shown
from calm_pipeline.exports.reader import from_grid
from calm_pipeline.exports.recognise import recognise
from calm_pipeline.exports.rewrite import Texts, check_same, name_of, rewritten
from calm_pipeline.exports.sandbox import read_grid
from calm_pipeline.exports.surround import Surround
from calm_pipeline.persons.held import Held
from calm_pipeline.persons.mentions import Mentions
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.survey import Survey
from calm_pipeline.vault.erasures import Erased
from calm_pipeline.vault.refusals import VAULT

DRAFTS = ".erasing"


def sweep(root: Root) -> None:
    """Remove the drafts of exports that a killed erasure left behind."""
    for drafts in (root.path / "data" / "raw").glob(f"*/{DRAFTS}"):
        shutil.rmtree(drafts)


def places(project: Project, found: Held, erased: Erased, about: Mentions) -> dict[Path, Texts]:
    """The cells to change, by file."""
    survey = project.survey(found.edition)
    changes: dict[Path, Texts] = {}
    for path, export in zip(found.exports, with_sequences(list(found.exports.values())), strict=True):
        ids = [submission_id(survey, int(str(sequence))) for sequence in export.table["sequence"].to_pylist()]
        cells = [
            (person.row, cell)
            for one, person in zip(ids, export.persons, strict=True)
            for cell in person.cells
            if one in erased or (cell.kind == "text" and about(cell.value))
        ]
        if not (erased.whole and export.reconstructed):
            named = _naming(path, survey, about) if about.names else {}
            changes[path] = {**named, **{(row, cell.column): _instead(cell, survey, about) for row, cell in cells}}
    return {path: texts for path, texts in changes.items() if texts}


def _instead(cell: Cell, survey: Survey, about: Mentions) -> str:
    """A library that is named after somebody keeps its name."""
    return cell.instead if cell.name == survey.library else about.unnamed(cell.instead)


def _naming(path: Path, survey: Survey, about: Mentions) -> Texts:
    """The cells of answers in which somebody is named, without the names; equal cells are looked at once."""
    grid = read_grid(path, around=_around(survey))
    found = recognise(grid.header, survey, shown(path.name))
    texts: dict[tuple[int, int], str] = {}
    for column, place in found.columns.items():
        question = survey.questions[column.key]
        if not (question.personal or question.identifies):
            cells: Any = grid.rows[f"c{place}"].combine_chunks().dictionary_encode()
            unnamed = {text: about.unnamed(text) for text in cells.dictionary.to_pylist()}
            texts |= {
                (FIRST_ROW + grid.above + at, place): unnamed[text]
                for at, text in enumerate(cells.to_pylist())
                if text and unnamed[text] != text
            }
    return texts


def _around(survey: Survey) -> Surround:
    return Surround(survey.platform.rows_above, survey.platform.total_below)


def rewrite(project: Project, found: Held, path: Path, texts: Texts, about: Mentions) -> Path:
    """Write one export again and put it in its place once it says the same of everybody else."""
    survey = project.survey(found.edition)
    around = _around(survey)
    drafts, target = path.parent / DRAFTS, path.with_name(name_of(path))
    shutil.rmtree(drafts, ignore_errors=True)
    files.private(drafts)
    try:
        draft = drafts / target.name
        files.replace_durably(draft, rewritten(path, texts, around))
        grid = read_grid(draft, around=around)
        check_same(read_grid(path, around=around), grid, texts, shown(path.name))
        _check_read_alike(found.exports[path], from_grid(grid, survey, draft.name), about, survey)
        if target != path and target.exists():
            _check_cut_off(path, target, grid, around)
        shutil.copymode(path, draft)
        draft.replace(target)
        if target != path:
            path.unlink()
        files.sync(path.parent)
    finally:
        shutil.rmtree(drafts)
    return target


def _check_cut_off(path: Path, target: Path, written: Grid, around: Surround) -> None:
    """Raise CalmError unless the workbook that stands there is this one, of an erasure killed before the xls went."""
    there = read_grid(target, around=around)
    if there.header != written.header or not there.rows.equals(written.rows):
        raise CalmError.of(VAULT, "xlsx_there", file=shown(path.name), other=shown(target.name))


def _check_read_alike(before: Export, after: Export, about: Mentions, survey: Survey) -> None:
    if not after.table.equals(about.without(before.table, survey)) or after.reconstructed != before.reconstructed:
        raise CalmError.of(VAULT, "read_otherwise", file=before.file)
