"""Rows that come in the order of their key are known, in whatever batches, and no others."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from calm_pipeline.order import Order

ROWS = st.lists(st.tuples(st.sampled_from("ab乙"), st.integers(0, 3)), min_size=1, max_size=12)


def kept(rows: list[tuple[str, int]], size: int) -> bool:
    order = Order(("name", "number"))
    batch = pa.RecordBatch.from_pylist([{"name": name, "number": number} for name, number in rows])
    for first in range(0, len(rows), size):
        order.look(batch.slice(first, size))
    return order.kept


@given(ROWS, st.integers(1, 5))
def test_only_what_ascends_is_in_order(rows: list[tuple[str, int]], size: int) -> None:
    assert kept(rows, size) == (rows == sorted(rows))
    assert kept(sorted(rows), size)


def test_a_null_is_in_no_order() -> None:
    order = Order(("name",))
    order.look(pa.record_batch({"name": pa.array(["a", None])}))
    assert not order.kept
