"""A disk that is full at some size: what was published stays readable, the error says so, and a retry succeeds."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from calm_pipeline.failures import as_calm
from calm_pipeline.vintages import connect
from tests.often import often
from tests.vintages.small import every, frames, makings, published, put, small, write

pytestmark = pytest.mark.xdist_group("full")
WHOLE = 64 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, whose size can be set."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={WHOLE}", "tmpfs", str(folder)], capture_output=True)
    if os.geteuid() != 0 or mounted.returncode != 0:
        pytest.skip("only root may mount a small tmpfs, and not in every container")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def resize(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def used(disk: Path) -> int:
    about = os.statvfs(disk)
    return (about.f_blocks - about.f_bfree) * about.f_frsize


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
