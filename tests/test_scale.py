"""What must not grow with the number of submissions does not: calls of Python, rows at once, tables put in order anew.

Everything here is counted; nothing looks at a clock.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from unittest import mock

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calm_pipeline import engine, normalize, sheet, store, validate
from calm_pipeline.clean import clean_submissions
from calm_pipeline.exports import plain, reader
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.reader import Part, from_grid
from calm_pipeline.exports.receive import receive
from calm_pipeline.exports.surround import NOTHING, Surround
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.rules import verdicts
from calm_pipeline.simulate import simulate
from calm_pipeline.tables import Column, Contract
from tests.commands import HOME
from tests.reference import EDITION, PROJECT, RULES, SURVEY

# ibis itself still asks pandas and DuckDB in ways that both call old.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*fetch_record_batch:DeprecationWarning"),
]
SIZE = 4000


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("scale") / "root"
    published = PROJECT.published(EDITION)
    assert published is not None
    simulate(Root(HOME), root, SURVEY, published, RULES, submissions=SIZE, malformed=0)
    return root


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, in Python and in C."""
    seen = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal seen
        seen += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return seen


def test_the_reader_calls_no_python_for_each_row(root: Path) -> None:
    """Four times the rows, a quarter more calls at most: only what is strange in a row is looked at by itself."""
    (file,) = Root(root).exports(EDITION)
    (whole,) = plain.parts(file, NOTHING) if SIZE <= plain.ROWS else ()
    survey = Project(Root(root)).survey(EDITION)

    def read(rows: int) -> None:
        cut = Grid(whole.header, whole.rows.slice(0, rows).combine_chunks(), whole.remarks)
        from_grid(cut, survey, "export.csv", (), Part(personal=False))

    read(10)
    quarter, all_ = calls(partial(read, SIZE // 4)), calls(partial(read, SIZE))
    assert all_ < 1.25 * quarter


def test_parts_of_a_large_file_are_small(root: Path) -> None:
    (file,) = Root(root).exports(EDITION)
    with mock.patch.multiple(plain, BLOCK=1 << 18, ROWS=500):
        sizes = [part.rows.num_rows for part in plain.parts(file, NOTHING)]
    assert sum(sizes) == SIZE
    assert max(sizes) < 700


def test_no_part_stays_in_memory_once_it_is_stored(root: Path) -> None:
    held: list[int] = []

    def parts(path: Path, _how: object, _limits: object, around: Surround) -> Iterator[Grid]:
        for part in plain.parts(path, around):
            held.append(pa.total_allocated_bytes())
            yield part

    with mock.patch.object(reader, "read_grids", parts), mock.patch.multiple(plain, BLOCK=1 << 18, ROWS=200):
        received = receive(Root(root).exports(EDITION), Project(Root(root)).survey(EDITION), personal=False)
    assert received.files["rows"].to_pylist() == [SIZE]
    assert len(held) > 15
    assert max(held[10:]) < 1.5 * max(held[:5])


def test_a_row_group_has_so_many_cells_and_no_more(tmp_path: Path) -> None:
    columns = {name: Column(en="a", zh="a", type="integer") for name in ("id", "n")}
    contract = Contract(en="a", zh="a", stage="stage", key=("id",), columns=columns)
    table = ibis.memtable(pa.table({"id": range(9000), "n": range(9000)}))
    with mock.patch.object(sheet, "CELLS_AT_ONCE", 8192):
        store.write(table, contract, tmp_path / "t.parquet")
    about = pq.ParquetFile(tmp_path / "t.parquet").metadata
    assert about.num_rows == 9000
    assert about.num_row_groups >= 2


def test_no_large_table_is_put_in_order_anew(root: Path, tmp_path: Path) -> None:
    """Each submission becomes its rows in their order; sorting them would write every one of them twice."""
    project, database = Project(Root(root)), engine.connect()
    survey, original = project.survey(EDITION), sheet._sort
    sorted_: list[str] = []

    def keep(name: str, frame: store.Frame) -> ibis.Table:
        file = tmp_path / f"{name}.parquet"

        def noted(draft: Path, contract: Contract, to: Path) -> None:
            sorted_.append(name)
            original(draft, contract, to)

        with mock.patch.object(sheet, "_sort", noted):
            store.write(frame, project.contract(name, EDITION), file)
        return store.read(database, file)

    raw = keep("raw_submissions", receive(Root(root).exports(EDITION), survey, personal=False).rows())
    clean = keep("clean_submissions", clean_submissions(raw, survey, project.register()))
    broken = keep("violations", validate.violations(keep("verdicts", verdicts(clean, RULES)), RULES, survey))
    judged = keep("submissions", validate.submissions(clean, broken, survey))
    accepted = keep("accepted_submissions", validate.accepted(clean, judged))
    keep("selections", normalize.selections(accepted, survey))
    keep("answers", normalize.answers(accepted, survey))
    assert sorted_ == []
