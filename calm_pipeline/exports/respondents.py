"""Who sent the submissions of an edition, over all its files, and which of them were erased and are in a file again."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.export import Export
from calm_pipeline.exports.pairing import listed, submission_id, with_sequences
from calm_pipeline.exports.person import Person, Respondent, merged
from calm_pipeline.exports.remarks import remark
from calm_pipeline.survey import Survey


def respondents(exports: Sequence[Export], survey: Survey) -> dict[str, Respondent]:
    """Who sent each submission, over all files; of no submission whose rows are all erased anything is left."""
    rows: dict[str, list[Person]] = {}
    for export in sorted(with_sequences(exports), key=lambda export: export.kind == "number"):
        sequences: list[Any] = export.frame.column("sequence").to_pylist()
        for sequence, person in zip(sequences, export.persons, strict=True):
            rows.setdefault(submission_id(survey, sequence), []).append(person)
    return {name: merged(name, found) for name, found in rows.items() if any(map(_tells, found))}


def told_of_erased(
    read: Mapping[Path, Export | ExportRefused], survey: Survey, erased: Container[str]
) -> dict[Path, Export]:
    """The files that hold data of persons who were erased, with a remark that says so."""
    exports = {path: result for path, result in read.items() if isinstance(result, Export)}
    told = {}
    for path, numbered in zip(exports, with_sequences(list(exports.values())), strict=True):
        again = [name for name in respondents([numbered], survey) if name in erased]
        if again:
            said = remark("holds_erased", submissions=listed(again))
            told[path] = replace(exports[path], remarks=(*exports[path].remarks, said))
    return told


def _tells(person: Person) -> bool:
    return any(cell.kind != "extra" for cell in person.cells)
