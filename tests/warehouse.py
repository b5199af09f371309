"""The warehouse of the reference data, built once from the published tables, without a run."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pandas as pd

from calm_pipeline import store
from calm_pipeline.project import Project
from calm_pipeline.root import Root
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
