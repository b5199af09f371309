"""One corrected submission among many: nothing else is made anew, and all comes out as if everything had been."""

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from unittest import mock

import pyarrow.parquet as pq
import pytest

from benchmarks import core
from benchmarks.corrected import correct
from benchmarks.simulated import simulated
from calm_pipeline import apart, parts
from calm_pipeline.project import Project
from calm_pipeline.root import Root, digest
from tests.remade import remade

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*fetch_record_batch:DeprecationWarning"),
]
CHECKOUT = Path(__file__).parents[1]
EDITION, SUBMISSIONS = "2023", 400
ALONE = {"clean_submissions", "repairs", "violations", "accepted_submissions", "selections", "answers", "index_ticks"}


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    """Ten submissions a part, three parts a query."""
    with mock.patch.object(parts, "TAIL", 1), mock.patch.object(apart, "AT_ONCE", 3):
        yield


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated(CHECKOUT, tmp_path_factory.mktemp("corrected") / "root", SUBMISSIONS)


def run(root: Path) -> dict[str, list[str]]:
    """Which parts were made of each table whose parts are made alone."""
    with remade() as made:
        core.run(root, EDITION)
    return made


def tables(root: Path) -> dict[str, str]:
    """The digest of every stored table."""
    files = sorted((root / "data" / "warehouse").glob("*/*/*.parquet"))
    return {file.parent.name: digest(file) for file in files}


def test_of_one_corrected_submission_two_parts_are_made(root: Path) -> None:
    """Before, a part that is not what was made is made anew, and nothing else."""
    whole = run(root)
    assert whole.keys() == ALONE
    assert {name: len(made) for name, made in whole.items()} == dict.fromkeys(ALONE, SUBMISSIONS // 10 + 1)
    first = tables(root)
    part = Project(Root(root)).file("selections", EDITION) / "2023-001.parquet"
    pq.write_table(pq.read_table(part).slice(1), part)
    assert run(root) == {"selections": ["2023-001"]}
    assert tables(root) == first
    before, last = (name[:-1] for name in correct(root, EDITION))
    made, corrected = run(root), tables(root)
    assert made["clean_submissions"] == made["repairs"] == [before, last]
    assert made["selections"] == made["answers"] == made["index_ticks"] == [before, last]
    assert corrected["selections"] != first["selections"]
    rmtree(root / "data" / "warehouse")
    assert run(root).keys() == ALONE
    assert tables(root) == corrected
