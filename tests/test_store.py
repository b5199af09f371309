"""What is stored keeps its contract: every kind of breach is named, and the one quick question misses none."""

import math
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calm_pipeline import engine, store
from calm_pipeline.errors import CalmError
from calm_pipeline.store import breaches
from calm_pipeline.tables import Column, Contract

# ibis itself still asks pandas and DuckDB in ways that both call old.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*fetch_record_batch:DeprecationWarning"),
]

COLUMNS = {
    "id": Column(en="a", zh="a", type="string"),
    "kind": Column(en="a", zh="a", type="string", nullable=True, values=("text", "number")),
    "ticked": Column(en="a", zh="a", type="integer", values=(0, 1)),
    "score": Column(en="a", zh="a", type="number"),
    "rest": Column(en="a", zh="a", type="number", nullable=True),
}
STAGE = Contract(en="a", zh="a", stage="stage", key=("id",), columns=COLUMNS)
MART = Contract(en="a", zh="a", stage="mart", key=("id",), columns=COLUMNS)
ROWS = [
    {"id": "1", "kind": "text", "ticked": 0, "score": 0.5, "rest": None},
    {"id": "2", "kind": None, "ticked": 1, "score": -1.0, "rest": 2.0},
]
NOT_NULL, LISTED = "not_nullable", "isin"


def table(rows: list[dict[str, Any]], contract: Contract = STAGE) -> ir.Table:
    loose = pa.schema([field.with_nullable(True) for field in contract.arrow()])
    return ibis.memtable(pa.Table.from_pylist(rows, loose))


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS])
@pytest.mark.parametrize("contract", [STAGE, MART])
def test_a_table_that_keeps_its_contract_has_no_breach(rows: list[dict[str, Any]], contract: Contract) -> None:
    assert breaches(table(rows), contract) == []


@pytest.mark.parametrize(
    ("column", "value", "promise"),
    [
        ("id", None, NOT_NULL),
        ("ticked", None, NOT_NULL),
        ("score", None, NOT_NULL),
        ("score", math.nan, NOT_NULL),
        ("kind", "picture", LISTED),
        ("kind", "", LISTED),
        ("ticked", 2, LISTED),
    ],
)
def test_a_broken_promise_is_named_with_its_column_and_without_its_value(
    column: str, value: object, promise: str
) -> None:
    (found,) = breaches(table([ROWS[0], {**ROWS[1], column: value}]), STAGE)
    assert found.column == column
    assert promise in found.promise
    assert "picture" not in str(found)


def test_a_key_given_twice_is_a_breach_between_stages_only() -> None:
    twice = table([ROWS[0], {**ROWS[1], "id": "1"}])
    (found,) = breaches(twice, STAGE)
    assert found.column == "table"
    assert breaches(twice, MART) == []


@pytest.mark.parametrize("rows", [[], ROWS])
def test_columns_are_looked_at_also_where_there_are_no_rows(rows: list[dict[str, Any]]) -> None:
    whole = table(rows)
    assert [found.column for found in breaches(whole.drop("score"), MART)] == ["table"]
    assert [found.column for found in breaches(whole.mutate(more=ibis.literal(1)), MART)] == ["table"]
    assert [found.column for found in breaches(whole.mutate(ticked=whole.ticked.cast(str)), MART)] == ["ticked"]


values = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["1", "2", "3", "4", None]),
        "kind": st.sampled_from(["text", "number", "text ", None]),
        "ticked": st.sampled_from([0, 1, 1, 0, 2, None]),
        "score": st.sampled_from([0.0, 1.5, 2.5, math.nan, None]),
        "rest": st.sampled_from([0.0, math.nan, None]),
    }
)


@given(rows=st.lists(values, min_size=1, max_size=4))
@pytest.mark.parametrize("contract", [STAGE, MART])
def test_the_quick_question_doubts_what_pandera_finds_wrong(rows: list[dict[str, Any]], contract: Contract) -> None:
    keys = [row["id"] for row in rows]
    broken = {name for name in ("id", "ticked", "score") if any(_absent(row[name]) for row in rows)}
    broken |= {"kind"} if any(row["kind"] == "text " for row in rows) else set()
    broken |= {"ticked"} if any(row["ticked"] == 2 for row in rows) else set()
    broken |= {"table"} if contract is STAGE and len(set(keys)) < len(keys) else set()
    assert {found.column for found in breaches(table(rows), contract)} == broken


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def test_what_is_written_is_read_again_in_the_order_of_its_key(tmp_path: Path) -> None:
    file = tmp_path / "t" / "2023.parquet"
    assert store.write(table(ROWS[::-1]), STAGE, file) == 2
    assert engine.collect(store.read(engine.connect(), file))["id"].to_list() == ["1", "2"]
    assert [found.name for found in file.parent.iterdir()] == [file.name]


def test_a_flipped_bit_in_a_stored_table_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "t" / "2023.parquet"
    store.write(table(ROWS), STAGE, file)
    content = file.read_bytes()
    place = content.index(b"text")
    file.write_bytes(content[:place] + b"T" + content[place + 1 :])
    for look in (store.load, lambda file: store.read(engine.connect(), file)):
        with pytest.raises(CalmError) as caught:
            look(file)
        assert (caught.value.code, caught.value.place.en) == ("damaged_table", str(file))
        assert "所存数据表已损坏" in caught.value.zh
    with pytest.raises(FileNotFoundError):
        store.load(tmp_path / "nothing")
