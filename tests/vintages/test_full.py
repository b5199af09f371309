"""A disk that is full at some size: what was published stays readable, the error says so, and a retry succeeds."""

from pathlib import Path

import pytest

from calm_pipeline.failures import as_calm
from calm_pipeline.vintages import connect
from tests.disk import WHOLE, disk, resize, used
from tests.often import often
from tests.vintages.small import every, frames, makings, published, put, small, write

__all__ = ["disk"]
pytestmark = pytest.mark.xdist_group("full")


def test_a_publish_on_a_full_disk(disk: Path) -> None:
    root = small(disk / "root", "2031")
    published(root, "2031", "0")
    before = used(disk)
    published(root, "2031", "-")
    needs = used(disk) - before
    tries, full = often(4, 50), 0
    for n in range(1, tries + 1):
        write(root, "2031", frames("2031", str(n)))
        resize(disk, used(disk) + needs * n // (tries + 1))
        held = [vintage.path.name for vintage in every(root)]
        try:
            put(root, "2031")
        except Exception as error:  # noqa: BLE001
            told = as_calm(error)
            full += 1
        else:
            raise AssertionError("it fitted")
        assert told.code == "disk_full", told.told
        assert [vintage.path.name for vintage in every(root)] == held
        with connect(root) as database:
            assert makings(database) == {"2031": {"-" if n == 1 else str(n - 1)}}
        resize(disk, WHOLE * 8)
        assert put(root, "2031").fresh
        with connect(root) as database:
            assert makings(database) == {"2031": {str(n)}}
    assert full == tries


def test_a_table_that_finds_no_room_on_the_workbench(disk: Path) -> None:
    root = small(disk / "root", "2031")
    published(root, "2031", "0")
    before = root.parquet("selections", "2031").read_bytes()
    resize(disk, used(disk) + 4096)
    with pytest.raises(OSError, match="space") as caught:
        write(root, "2031", frames("2031", "1", 9000))
    assert as_calm(caught.value).code == "disk_full"
    assert root.parquet("selections", "2031").read_bytes() == before
