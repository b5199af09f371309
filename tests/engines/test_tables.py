"""Every table that a run stores is the same on both engines: of the reference data, of what is malformed, of many."""

import os
import subprocess
import sys
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calm_pipeline.root import digest
from tests.commands import HOME
from tests.engines.stages import Given, grown, make
from tests.malformed import examples
from tests.often import often
from tests.reference import PROJECT, SURVEY, received

MALFORMED = [f"tests/malformed/test_{name}.py" for name in ("cells", "rules", "submissions")]
SUBMISSIONS = 100
TIMES = often(4, 800)
"""How often the reference data are taken over: some six hundred submissions, or a hundred thousand."""


def given(raw: pa.Table) -> Given:
    return Given(SURVEY, raw, PROJECT.register(), PROJECT.contracts(), PROJECT.groupings())


def reference(_: Path) -> Given:
    return given(received().raw)


def malformed(folder: Path) -> Given:
    """What the tests of malformed submissions make, all in one edition."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n0",
        "-q",
        "-p",
        "tests.engines.recorded",
        "-k",
        "not huge",
        *MALFORMED,
    ]
    told = {**os.environ, "CALM_RECORDED": str(folder), "CALM_SKIP_NOTHING": ""}
    subprocess.run(command, cwd=HOME, env=told, check=True, capture_output=True)
    raw = pa.concat_tables(pq.read_table(file) for file in sorted(folder.iterdir()))
    assert raw.num_rows > SUBMISSIONS
    numbers = {"submission_id": [f"2030-{n:04}" for n in range(raw.num_rows)], "sequence": range(raw.num_rows)}
    for name, values in numbers.items():
        field = raw.schema.field(name)
        raw = raw.set_column(raw.schema.get_field_index(name), field, pa.array(values, field.type))
    return Given(examples.SURVEY, raw, examples.REGISTER, PROJECT.contracts(), PROJECT.groupings())


def many(_: Path) -> Given:
    """Until there is something that simulates an edition, the reference data from so many times as many libraries."""
    raw, register = grown(received().raw, PROJECT.root.register, SURVEY, TIMES)
    return Given(SURVEY, raw, register, PROJECT.contracts(), PROJECT.groupings())


@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize("edition", [reference, malformed, many])
def test_every_table_is_the_same(
    edition: object, spark: ibis.BaseBackend, duckdb: ibis.BaseBackend, tmp_path: Path
) -> None:
    assert callable(edition)
    made = edition(tmp_path)
    one, other = make(made, duckdb, tmp_path / "duckdb"), make(made, spark, tmp_path / "spark")
    assert pq.read_metadata(one["violations"]).num_rows > 0
    assert pq.read_metadata(one["selections"]).num_rows > 0
    assert [name for name in one if not alike(one[name], other[name])] == []
    assert list((tmp_path / "spark").glob(".*")) == []


def alike(one: Path, other: Path) -> bool:
    """Byte for byte: the same rows in the same order, and each number to its last digit."""
    return digest(one) == digest(other)
