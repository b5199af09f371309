"""Tables made part by part, on tables of three columns."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calm_pipeline import apart, engine, parts, sheet, store
from calm_pipeline.root import digest
from calm_pipeline.tables import Column, Contract
from tests.remade import remade

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*fetch_record_batch:DeprecationWarning"),
]


def contract(made: str = "alone") -> Contract:
    kinds = {"submission_id": "string", "n": "integer"}
    columns = {name: Column.model_validate({"en": "a", "zh": "a", "type": kind}) for name, kind in kinds.items()}
    return Contract.model_validate(
        {"en": "a", "zh": "a", "stage": "stage", "parts": made, "key": ("submission_id",), "columns": columns}
    )


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    with mock.patch.object(parts, "TAIL", 1), mock.patch.object(apart, "AT_ONCE", 2):
        yield


def rows(*numbers: int, add: int = 0) -> pa.Table:
    return pa.table({"submission_id": [f"2031-{n:04}" for n in numbers], "n": [n + add for n in numbers]})


def stored(folder: Path, name: str, frame: store.Frame, made: str = "together") -> Path:
    store.write(frame, contract(made), folder / name)
    return folder / name


def made(folder: Path, frame: Callable[..., ir.Table], *files: Path) -> list[str]:
    """The parts that were made of the table `made`."""
    database = engine.connect()
    with remade() as seen:
        stored(folder, "made", frame(*(store.read(database, file) for file in files)), "alone")
    return sorted(seen.get(folder.name, []))


def twice(table: ir.Table) -> ir.Table:
    return table.mutate(n=table.n * 2)


def said(file: Path) -> dict[str, int]:
    found = store.load(file)
    return dict(zip(found["submission_id"].to_pylist(), found["n"].to_pylist(), strict=True))


def test_a_table_of_one_part_is_a_file(tmp_path: Path) -> None:
    file = stored(tmp_path, "one", rows(*range(10)))
    assert file.is_file()
    assert made(tmp_path, twice, file) == []
    assert said(tmp_path / "made") == {f"2031-{n:04}": 2 * n for n in range(10)}


def test_what_grew_beyond_one_part_is_a_folder_and_becomes_a_file_again(tmp_path: Path) -> None:
    for count in (10, 31, 10):
        file = stored(tmp_path, "one", rows(*range(count)))
        assert file.is_dir() == (count > 10)
        assert len(said(file)) == count
        assert [one.name for one in tmp_path.iterdir()] == ["one"]


def test_only_parts_that_changed_are_made(tmp_path: Path) -> None:
    file = stored(tmp_path, "one", rows(*range(45)))
    every = [f"2031-00{n}" for n in range(5)]
    assert made(tmp_path, twice, file) == every
    assert made(tmp_path, twice, file) == []
    stored(tmp_path, "one", rows(*range(15), *range(16, 52)))
    assert made(tmp_path, twice, file) == ["2031-001", "2031-004", "2031-005"]
    assert said(tmp_path / "made") == {f"2031-{n:04}": 2 * n for n in range(52) if n != 15}
    before = digest(tmp_path / "made")
    assert made(tmp_path, lambda table: table.mutate(n=table.n * 3), file) == [*every, "2031-005"]
    assert digest(tmp_path / "made") != before


def test_what_is_in_memory_counts_too(tmp_path: Path) -> None:
    file = stored(tmp_path, "one", rows(*range(25)))

    def beside(more: int) -> Callable[[ir.Table], ir.Table]:
        def joined(table: ir.Table) -> ir.Table:
            known = ibis.memtable(rows(*range(25), add=more).rename_columns(["submission_id", "other"]))
            both = table.left_join(known, "submission_id")
            return both.select("submission_id", n=both.other)

        return joined

    assert len(made(tmp_path, beside(1), file)) == 3
    assert made(tmp_path, beside(1), file) == []
    assert len(made(tmp_path, beside(2), file)) == 3
    assert said(tmp_path / "made")["2031-0024"] == 26


def test_parts_that_one_of_the_tables_lacks_and_parts_that_stay_empty(tmp_path: Path) -> None:
    one, other = stored(tmp_path, "one", rows(*range(41))), stored(tmp_path, "it's", rows(1, 2, 35))

    def both(table: ir.Table, known: ir.Table) -> ir.Table:
        return table.semi_join(known, "submission_id")

    assert len(made(tmp_path, both, one, other)) == 5
    assert said(tmp_path / "made") == {"2031-0001": 1, "2031-0002": 2, "2031-0035": 35}
    assert len(list((tmp_path / "made").glob("*.parquet"))) == 5
    assert made(tmp_path, twice, tmp_path / "made") == [f"2031-00{n}" for n in range(5)]


def test_rows_out_of_order_are_put_in_order_within_their_part(tmp_path: Path) -> None:
    file = stored(tmp_path, "one", rows(*range(25)))
    made(tmp_path, lambda table: table.order_by(table.n % 7), file)
    assert list(said(tmp_path / "made")) == [f"2031-{n:04}" for n in range(25)]


def test_the_same_rows_make_the_same_bytes_however_they_come(tmp_path: Path) -> None:
    whole = rows(*range(1000)).combine_chunks()
    with mock.patch.object(sheet, "CELLS_AT_ONCE", 60):
        found = set()
        for size in (1, 7, 30, 999, 1000):
            reader = pa.RecordBatchReader.from_batches(whole.schema, whole.to_batches(size))
            found.add(digest(stored(tmp_path, "one", reader, "none")))
    assert len(found) == 1
    assert pq.read_metadata(tmp_path / "one").num_row_groups == 34


def test_a_part_that_was_changed_is_made_anew(tmp_path: Path) -> None:
    file = stored(tmp_path, "one", rows(*range(25)))
    made(tmp_path, twice, file)
    before = digest(tmp_path / "made")
    pq.write_table(rows(3), tmp_path / "made" / "2031-000.parquet")
    assert made(tmp_path, twice, file) == ["2031-000"]
    assert digest(tmp_path / "made") == before


def test_parts_become_one_file(tmp_path: Path) -> None:
    file = stored(tmp_path, "one", rows(*range(25)))
    parts.unite(file, contract(), tmp_path / "whole")
    assert pq.read_table(tmp_path / "whole").equals(rows(*range(25)).cast(contract().arrow()))


def test_names_of_several_lengths_stay_whole(tmp_path: Path) -> None:
    """Where numbers have more digits than the survey declares, parts are not in the order of names."""
    numbers = [*range(9995, 10015), *range(99995, 100005)]
    file = stored(tmp_path, "one", rows(*numbers))
    made(tmp_path, twice, file)
    assert said(tmp_path / "made") == {f"2031-{n:04}": 2 * n for n in numbers}
    parts.unite(tmp_path / "made", contract(), tmp_path / "whole")
    names = pq.read_table(tmp_path / "whole")["submission_id"].to_pylist()
    assert names == sorted(said(tmp_path / "made"))


def test_what_a_killed_process_of_the_same_number_left_is_no_bar(tmp_path: Path) -> None:
    for left in (f".one.{os.getpid()}", f".one.{os.getpid()}.before"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "2031-009.parquet").write_bytes(b"half")
    for count in (31, 25):
        file = stored(tmp_path, "one", rows(*range(count)))
        assert len(said(file)) == count
    assert [one.name for one in tmp_path.iterdir()] == ["one"]
