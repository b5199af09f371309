"""Where persons stand as pseudonyms: the tables of the workbench, and every vintage, Parquet and database."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from calm_pipeline.errors import CalmError
from calm_pipeline.exports.masking import mobile
from calm_pipeline.exports.person import Respondent
from calm_pipeline.project import STAGES, Project
from calm_pipeline.root import DATABASE, place
from calm_pipeline.store import load
from calm_pipeline.tables import quoted
from calm_pipeline.vault.keys import under_each
from calm_pipeline.vintages import Vintage, every
from calm_pipeline.vintages.current import MANIFEST

SUBMISSION = "submission_id"


@dataclass(frozen=True)
class Traces:
    """Pairs of a submission and a pseudonym by file, and the files that are damaged, so that nobody can tell."""

    places: dict[Path, set[tuple[str, str]]] = field(repr=False)
    unread: list[Path]

    def of(self, submission: str) -> list[Path]:
        """The files in which a submission has a pseudonym."""
        return [file for file, pairs in self.places.items() if any(one == submission for one, _ in pairs)]

    def of_edition(self, edition: str) -> list[Path]:
        """The files in which a submission of an edition has one."""
        editions = {file: {one.rpartition("-")[0] for one, _ in pairs} for file, pairs in self.places.items()}
        return [file for file, found in editions.items() if edition in found]

    def pseudonyms(self, submissions: Collection[str]) -> set[str]:
        """The pseudonyms that these submissions have anywhere."""
        return {shown for pairs in self.places.values() for one, shown in pairs if one in submissions}

    def pseudonyms_in(self, editions: Collection[str]) -> set[str]:
        """The pseudonyms that stand for submissions of these editions."""
        return {shown for pairs in self.places.values() for one, shown in pairs if one.rpartition("-")[0] in editions}

    def submissions(self, pseudonyms: Collection[str]) -> set[str]:
        """The submissions that have one of these pseudonyms anywhere."""
        return {one for pairs in self.places.values() for one, shown in pairs if shown in pseudonyms}


def traces(project: Project, edition: str | None = None) -> Traces:
    """Look through everything that is stored or published, for submissions of one edition or of whatever edition."""
    columns = pseudonymous(project)
    places: dict[Path, set[tuple[str, str]]] = {}
    found = every(project.root)
    unread = [folder / MANIFEST for folder in found.damaged]
    for file, read in [*_workbench(project), *_published(project, found.readable, columns)]:
        try:
            pairs = _pairs(read(), columns)
            wanted = {(one, shown) for one, shown in pairs if edition in (None, one.rpartition("-")[0])}
        except (CalmError, OSError, pa.ArrowException):
            unread.append(file)
        else:
            places |= {file: wanted} if wanted else {}
    return Traces(places, unread)


def pseudonymous(project: Project) -> list[str]:
    """The columns that stand for persons, in whatever table."""
    return sorted({name for contract in project.contracts().values() for name in contract.pseudonyms})


def known_as(project: Project, found: Traces, persons: Collection[Respondent], value: str | None = None) -> set[str]:
    """The pseudonyms of these persons and of a mobile number that was typed: under each key, and as they stand."""
    numbers = {one.mobile for one in persons} | {mobile(value) if value else None}
    computed = {shown for number in numbers if number for shown in under_each(project.keys(), number)}
    return computed | found.pseudonyms({one.submission_id for one in persons})


def _workbench(project: Project) -> Iterator[tuple[Path, Callable[[], pa.Table]]]:
    for name in (*STAGES, *project.contracts()):
        for file in sorted(project.file(name, "").parent.glob("*.parquet")):
            yield file, lambda file=file: load(file)  # type: ignore[misc]


def _published(
    project: Project, found: list[Vintage], columns: list[str]
) -> Iterator[tuple[Path, Callable[[], pa.Table]]]:
    names = [name for name, contract in project.contracts().items() if contract.pseudonyms]
    for vintage in found:
        for edition, held in vintage.manifest.editions.items():
            for name in (name for name in names if name in held.tables):
                file = vintage.path / place(name, edition)
                yield file, lambda vintage=vintage, name=name, edition=edition: vintage.table(name, edition)  # type: ignore[misc]
        yield vintage.path / DATABASE, lambda vintage=vintage: _in_database(vintage, names, columns)  # type: ignore[misc]


def _in_database(vintage: Vintage, names: list[str], columns: list[str]) -> pa.Table:
    stored = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    with vintage.connect() as database:
        there = set(database.execute(stored).fetchall())
        wanted = [
            (name, column) for name in names for column in columns if {(name, column), (name, SUBMISSION)} <= there
        ]
        selects = [
            f"SELECT {SUBMISSION}, {quoted(column)} AS {quoted(columns[0])} FROM {quoted(name)}"  # noqa: S608
            for name, column in wanted
        ]
        return database.execute(" UNION ".join(selects)).to_arrow_table() if selects else pa.table({})


def _pairs(table: pa.Table, columns: list[str]) -> Iterator[tuple[str, str]]:
    if SUBMISSION in table.column_names:
        submissions: list[Any] = table[SUBMISSION].to_pylist()
        for column in (column for column in columns if column in table.column_names):
            cells: list[Any] = table[column].to_pylist()
            yield from ((one, shown) for one, shown in zip(submissions, cells, strict=True) if shown is not None)
