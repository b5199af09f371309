"""Every table that a run stores is the same on both engines: of the reference data, of what is malformed, of many."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import ibis
import pyarrow.parquet as pq
import pytest

from calm_pipeline.clean.register import HEADER, from_rows
from calm_pipeline.exports.submission import Verbatim
from calm_pipeline.project import Project
from calm_pipeline.root import Root, digest, parts_of
from calm_pipeline.simulate import simulate
from tests.commands import HOME
from tests.engines import MARKS
from tests.engines.stages import Given, make
from tests.engines.test_cells import PARTS
from tests.judged import raw_frame
from tests.malformed import examples
from tests.often import TORTURE
from tests.reference import EDITION, PROJECT, RULES, SURVEY, received

pytestmark = MARKS

AWKWARD = [cell for cell in PARTS if cell.strip()] + [f"学生助理{cell}学生组织（社团等）" for cell in PARTS]
LIBRARIES = ("乙大学图书馆", "乙大学图书馆", "丙大学图书馆", "测试")
MANY = 100_000 if TORTURE else 3000


def reference(_: Path) -> Given:
    return Given(SURVEY, received().raw, PROJECT.register(), PROJECT.contracts(), PROJECT.groupings())


def malformed(_: Path) -> Given:
    """A library for each answer and each awkward cell that may stand in its place, in both exports."""
    places = product([field.name for field in examples.SURVEY.fields()], AWKWARD)
    one = [
        examples.said(n, **{"library": f"甲大学图书馆{n}", name: Verbatim(cell, cell)})
        for n, (name, cell) in enumerate(places, 1)
    ]
    other = [examples.said(len(one) + n, library=name) for n, name in enumerate(LIBRARIES, 1)]
    raw = raw_frame(examples.SURVEY, [*one, *other], ["text", "number"])
    row = dict.fromkeys(HEADER, "") | {"staff_count": "100"}
    names = [f"甲大学图书馆{n}" for n in range(len(one))] + list(LIBRARIES)
    register = from_rows([{**row, "library_id": f"L{n}", "name_zh": name} for n, name in enumerate(names)])
    return Given(examples.SURVEY, raw, register, PROJECT.contracts(), PROJECT.groupings())


def many(folder: Path) -> Given:
    """A simulation, with every kind of submission that must not count."""
    published = PROJECT.published(EDITION)
    assert published is not None
    simulate(Root(HOME), folder / "root", SURVEY, published, RULES, submissions=MANY)
    project = Project(Root(folder / "root"))
    survey = project.survey(EDITION)
    raw = project.received(EDITION).raw
    return Given(survey, raw, project.register(), project.contracts(), project.groupings())


@pytest.mark.parametrize("edition", [reference, malformed, pytest.param(many, marks=pytest.mark.spark)])
def test_every_table_is_the_same(
    edition: Callable[[Path], Given], spark: ibis.BaseBackend, duckdb: ibis.BaseBackend, tmp_path: Path
) -> None:
    made = edition(tmp_path)
    one, other = make(made, duckdb, tmp_path / "duckdb"), make(made, spark, tmp_path / "spark")
    for name in ("violations", "selections"):
        assert sum(pq.read_metadata(part).num_rows for part in parts_of(one[name])) > 0
    assert [name for name in one if not alike(one[name], other[name])] == []
    assert list((tmp_path / "spark").glob(".*")) == []


def alike(one: Path, other: Path) -> bool:
    """Byte for byte: the same rows in the same order, and each number to its last digit."""
    return digest(one) == digest(other)


def test_spark_orders_only_what_depends_on_it(spark: ibis.BaseBackend) -> None:
    from calm_pipeline.spark.backend import in_any_order

    table = ibis.table({"n": "int64", "text": "string"}, "some")
    ordered = table.order_by("n")
    for one in (ordered, ordered.select("text", "n")):
        assert "ORDER BY" in spark.compile(one)
        assert "ORDER BY" not in spark.compile(in_any_order(one))
        assert in_any_order(one).schema() == one.schema()
    for other in (ordered.limit(5), ordered.select(next=ordered.n + 1), table):
        assert in_any_order(other) is other
