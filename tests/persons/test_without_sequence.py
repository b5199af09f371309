"""Where no 序号 tells submissions apart nobody is erased by position, which is another's in the next download."""

import csv
from pathlib import Path

import pytest

from calm_pipeline.errors import CalmError
from calm_pipeline.persons.retain import expire_all
from calm_pipeline.project import Project
from calm_pipeline.vault.scan import holding
from tests.persons.edition import EDITION, KEPT, NAME, OTHERS, PERSON, SECRETS, SILENT, hand_in, ingest, project_in
from tests.persons.test_erase import gone, key
from tests.persons.test_retain import OVER

__all__ = ["key"]


def bare(file: Path) -> None:
    """Take 序号 out of an export."""
    with file.open(encoding="utf-8-sig", newline="") as content:
        rows = list(csv.reader(content))
    at = rows[0].index("序号")
    with file.open("w", encoding="utf-8-sig", newline="") as content:
        csv.writer(content).writerows([*row[:at], *row[at + 1 :]] for row in rows)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = project_in(tmp_path)
    bare(hand_in(project, "a.csv"))
    ingest(project)
    return project


def test_nobody_is_erased_by_position_and_nothing_is_noted(project: Project) -> None:
    before = {file: file.read_bytes() for file in project.root.path.rglob("*") if file.is_file()}
    with pytest.raises(CalmError) as caught:
        gone(project)
    assert caught.value.code == "no_sequence"
    assert {file: file.read_bytes() for file in project.root.path.rglob("*") if file.is_file()} == before


def test_a_file_without_numbers_is_refused_once_somebody_was_erased(tmp_path: Path) -> None:
    """The erased one's row is gone from it, so that another stands in her place."""
    project = project_in(tmp_path)
    hand_in(project, "a.csv", who=(PERSON, OTHERS, SILENT))
    ingest(project)
    gone(project)
    bare(hand_in(project, "a.csv", who=(OTHERS, SILENT)))
    found = project.received(EDITION)
    assert found.files["code"].to_pylist() == ["sequence_of_erased"]
    assert (found.raw.num_rows, found.respondents) == (0, None)
    with pytest.raises(CalmError, match="an export has no 序号"):
        expire_all(project, OVER.replace(year=2031))
    assert holding(project.root.raw(EDITION), [KEPT[0]])


def test_an_edition_whose_time_is_over_is_erased_as_a_whole(project: Project) -> None:
    assert holding(project.root.path, [NAME])
    expire_all(project, OVER)
    assert holding(project.root.path, [*SECRETS, *KEPT]) == []
    assert project.received(EDITION).files["verdict"].to_pylist() == ["read"]
