"""An old download in the place of a newer one is noticed: its answers are those of an earlier vintage."""

from pathlib import Path

import ibis
import pytest

from calm_pipeline.checks import answers_are_new
from calm_pipeline.root import Root
from calm_pipeline.vintages import current
from calm_pipeline.vintages.returned import returned
from tests.vintages.small import frames, put, small, write

EDITION = "2031"
pytestmark = pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning")


def says(root: Root, *answers: str) -> ibis.Table:
    """These answers on the workbench, one a submission."""
    made = frames(EDITION, "-", len(answers))
    made["submissions"] = made["submissions"].assign(as_received=list(answers))
    write(root, EDITION, made)
    return ibis.memtable(made["submissions"])


def test_answers_of_an_earlier_vintage_come_back_with_its_number(tmp_path: Path) -> None:
    root = small(tmp_path, EDITION)
    for answers in (("a", "x"), ("b", "x"), ("b", "y"), ("c", "y")):
        assert returned(root, EDITION, says(root, *answers)) == {}
        put(root, EDITION)
    assert returned(root, EDITION, says(root, "c", "y", "a")) == {}  # a new submission is nobody's earlier answer
    assert returned(root, EDITION, says(root, "a", "x")) == {f"{EDITION}-0000": 1, f"{EDITION}-0001": 2}
    assert returned(root, EDITION, says(root, "b", "y")) == {f"{EDITION}-0000": 3}
    put(root, EDITION)
    assert returned(root, EDITION, says(root, "b", "y")) == {}  # said once, when it happened


def test_a_damaged_vintage_is_passed_over_and_another_edition_is_not_asked(tmp_path: Path) -> None:
    root = small(tmp_path, EDITION)
    says(root, "a")
    put(root, EDITION)
    first = current(root)
    assert first is not None
    says(root, "b")
    put(root, EDITION)
    assert returned(root, "2032", says(root, "a")) == {}
    assert returned(root, EDITION, says(root, "a")) == {f"{EDITION}-0000": 1}
    (first.path / "tables" / "submissions" / f"{EDITION}.parquet").write_bytes(b"PAR1")
    assert returned(root, EDITION, says(root, "a")) == {}


def test_the_desk_is_told_which_and_what_to_do() -> None:
    found = answers_are_new({f"2031-{n:04}": 3 for n in range(7)})
    assert (found.holds, found.mild, found.figures) == (False, True, {"submissions": 7})
    assert "2031-0000 (3)" in found.sentence.en
    assert "and others" in found.sentence.en
    assert "请重新下载" in found.sentence.zh
    assert answers_are_new({}).holds
