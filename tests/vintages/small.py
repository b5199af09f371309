"""A warehouse of five small tables that publishes in a moment; every table says of which making it is."""

import shutil
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from calm_pipeline import store, vintages
from calm_pipeline.project import Project
from calm_pipeline.root import Root, digest
from calm_pipeline.vintages import Declarations, Name, Outcome, Vintage, current, publish
from calm_pipeline.vintages.proofs import Looking, Proof, proved
from tests.commands import HOME

HERE = Project(Root(HOME))
TABLES = ("editions", "files", "libraries", "submissions", "selections")
CONTRACTS = {
    name: about.model_copy(update={"references": {to: key for to, key in about.references.items() if to in TABLES}})
    for name, about in HERE.contracts().items()
    if name in TABLES
}
DECLARED = Declarations(CONTRACTS, {}, HERE.dictionary())
GATE = Name("selections", "contract")
SAYS = {
    "string": "-",
    "integer": 1,
    "number": 0.5,
    "boolean": True,
    "date": date(2031, 5, 1),
    "timestamp": datetime(2031, 5, 9),
}


def small(folder: Path, *editions: str) -> Root:
    """A root whose editions have a survey file and nothing else."""
    (folder / "schemas" / "surveys").mkdir(parents=True)
    for edition in editions:
        (folder / "schemas" / "surveys" / f"{edition}.yaml").write_text("-", encoding="utf-8")
    return Root(folder)


def rows(name: str, edition: str, count: int, **said: Any) -> pd.DataFrame:
    """Rows that keep the table's contract; what the arguments say stands in the columns of their names."""
    made = {}
    for column, about in CONTRACTS[name].columns.items():
        value = about.values[0] if about.values else SAYS[about.type]
        made[column] = [said.get(column, value)] * count
    frame = pd.DataFrame(made).assign(edition=edition)
    if "submission_id" in frame:
        frame["submission_id"] = [f"{edition}-{n:04}" for n in range(count)]
    return frame.assign(library_id="L1") if "library_id" in frame else frame


def frames(edition: str, making: str, count: int = 40) -> dict[str, pd.DataFrame]:
    """The tables of an edition; `making` stands in every one of them."""
    return {
        "editions": rows("editions", edition, 1, title_en=making),
        "files": rows("files", edition, 1, sha256=making, file="export.csv"),
        "libraries": rows("libraries", edition, 1, name_en=making),
        "submissions": rows("submissions", edition, count, file=making),
        "selections": rows("selections", edition, count, option=making),
    }


def write(root: Root, edition: str, tables: dict[str, pd.DataFrame]) -> None:
    """Put tables on the workbench and prove the gate of them."""
    for name, frame in tables.items():
        store.write(frame, CONTRACTS[name], root.parquet(name, edition))
    prove(root, edition)


def prove(root: Root, edition: str, name: Name = GATE, *, holds: bool = True, blocking: bool = True) -> None:
    look = Looking(lambda _: None, lambda name: digest(root.parquet(name, edition)))

    def find(look: Looking, edition: str) -> Proof:
        look("selections"), look("submissions")
        return Proof(**name._asdict(), blocking=blocking, holds=holds, mild=False, seen={}, figures={"counted": 143})

    proved(root, edition, name, look, find, blocking=blocking)


def put(root: Root, edition: str, gates: Iterable[Name] = (GATE,)) -> Outcome:
    """Publish an edition."""
    return publish(root, edition, DECLARED, list(gates), "a test")


def published(root: Root, edition: str, making: str) -> Outcome:
    """An edition of this making, published."""
    write(root, edition, frames(edition, making))
    return put(root, edition)


def every(root: Root) -> list[Vintage]:
    """Every vintage; none of their manifests is damaged."""
    found = vintages.every(root)
    assert found.damaged == {}
    return found.readable


def state(root: Root) -> dict[tuple[str, str], str]:
    """What is published now: the logical hash of each table of each edition, every byte of it looked at."""
    vintage = current(root)
    assert vintage is not None
    assert vintage.damage() == []
    editions = vintage.manifest.editions.items()
    return {(edition, name): table.logical for edition, held in editions for name, table in held.tables.items()}


MAKINGS = """
SELECT edition, 'editions', title_en FROM editions UNION SELECT edition, 'files', sha256 FROM files
UNION SELECT edition, 'libraries', name_en FROM libraries UNION SELECT edition, 'submissions', file FROM submissions
UNION SELECT edition, 'selections', option FROM selections
"""


def makings(database: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Of which makings the tables of each edition are; one each, if nothing was torn."""
    found: dict[str, set[str]] = {}
    for edition, _, making in database.execute(MAKINGS).fetchall():
        found.setdefault(edition, set()).add(making)
    return found


def without_the_table(root: Root, edition: str, name: str) -> None:
    root.parquet(name, edition).unlink()


def without_the_workbench(root: Root) -> None:
    for folder in ("tables", "stages", "proofs"):
        shutil.rmtree(root.warehouse / folder, ignore_errors=True)
