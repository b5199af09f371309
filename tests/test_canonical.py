"""The two forms of `canonical`, in Python and in the engine, never disagree."""

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calm_pipeline import engine
from calm_pipeline.canonical import canonical, canonical_expr

ALPHABET = "aZ9 _:：.．()（）[]【】〔〕,，、。-–—－\"“”'‘\u3000\u200b\ufeff\xa0\tＡｐＰ　其他请注明说明图书馆/ΩΣİς"
DATABASE = engine.connect()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("其他（请注明）", "其他【请注明】"),
        ("其他（请注明）", "其他"),
        ("Others. Please specify: _____", "others"),
        ("图书馆主页/App", "图书馆主页／ＡＰＰ "),
        ("A－B", "a–b"),
        ("手册\u200b", " 手册"),
    ],
)
def test_spellings_of_one_label(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [("微信群", "微信公众号"), ("1部", "2部"), ("A/B", "AB"), ("C++", "C")])
def test_labels_that_differ(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(ALPHABET, max_size=12) | st.sampled_from(["其他（请注明）", "x please specify:__"]), max_size=30)
)
def test_python_and_engine_agree(texts: list[str]) -> None:
    table = ibis.memtable({"n": list(range(len(texts))), "text": texts}, schema={"n": "int64", "text": "string"})
    computed = DATABASE.to_pyarrow(table.select("n", form=canonical_expr(table.text))).sort_by("n")
    assert computed["form"].to_pylist() == [canonical(text) for text in texts]
