"""The warehouse of the reference data, built once from the published tables, without a run."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pandas as pd

from calm_pipeline import store
from calm_pipeline.project import Project
from calm_pipeline.root import Root, digest
from calm_pipeline.vintages import disk
from calm_pipeline.vintages.manifest import Manifest, named
from tests.commands import HOME
from tests.published import CONTRACTS, in_contract, published
from tests.reference import EDITION


def project_in(folder: Path) -> Project:
    """The declarations of this checkout in a folder of its own, with the tables stored and nothing built."""
    shutil.copytree(HOME / "schemas", folder / "schemas")
    project = Project(Root(folder))
    store_edition(project, EDITION, published())
    return project


def store_edition(project: Project, edition: str, frames: dict[str, pd.DataFrame]) -> None:
    for name, contract in CONTRACTS.items():
        frame = frames[name].assign(edition=edition)
        store.write(in_contract(name, frame), contract, project.file(name, edition))


def vintage_of(root: Root, fill: Callable[[duckdb.DuckDBPyConnection], object]) -> Path:
    """A vintage whose database holds what a test puts into it, as the current one; returns the database."""
    with disk.draft(root.vintages) as draft:
        with duckdb.connect(str(draft / "calm.duckdb")) as database:
            fill(database)
        sha256 = digest(draft / "calm.duckdb")
        content = Manifest(number=1, parent=None, created="2031-01-01T00:00:00Z", code="-", shared={}, database=sha256)
        (draft / "manifest.json").write_bytes(content.as_bytes())
        disk.point(root.pointer, disk.keep(draft, named(1, content.as_bytes())))
    return root.database


@cache
def built() -> Project:
    project = project_in(Path(mkdtemp(), "project"))
    project.publish(EDITION, (), "a test")
    return project


@contextmanager
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built().root.database), read_only=True) as database:
        yield database


def ask(statement: str) -> pd.DataFrame:
    with opened() as database:
        return database.sql(statement).df()
