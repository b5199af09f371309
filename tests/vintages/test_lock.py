"""One writer an edition, and one publish at a time; the second is told of the first, and a dead one holds nothing."""

import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from calm_pipeline.errors import CalmError
from calm_pipeline.root import Root
from calm_pipeline.vintages import writing
from calm_pipeline.vintages.lock import publishing, writing_if_free
from tests.commands import FORKS, calm, copy_of_the_project
from tests.vintages.small import every, frames, put, small, state, write

pytestmark = pytest.mark.xdist_group("lock")


def _hold(path: Path, edition: str, told: Connection) -> None:
    with writing(Root(path), edition, "calm run 2023"):
        told.send("held")
        told.recv()


class Holder:
    """A process that holds an edition until it is asked to end, or is killed."""

    def __init__(self, root: Root, edition: str) -> None:
        self.ours, theirs = FORKS.Pipe()
        self.process = FORKS.Process(target=_hold, args=(root.path, edition, theirs))
        self.process.start()
        assert self.ours.recv() == "held"

    def end(self) -> None:
        self.ours.send("enough")
        self.process.join()


def test_a_second_run_is_refused_at_once_with_the_holder_named(tmp_path: Path) -> None:
    root = Root(copy_of_the_project(tmp_path))
    holder, begun = Holder(root, "2023"), time.monotonic()
    done = calm(tmp_path, "run", "2023")
    took = time.monotonic() - begun
    holder.end()
    assert done.returncode == 1
    assert done.stderr.startswith("[edition_locked] edition 2023: another run is writing it: calm run 2023, process ")
    assert f"process {holder.process.pid} on {os.uname().nodename}, since 20" in done.stderr
    assert f"进程 {holder.process.pid}，主机 {os.uname().nodename}，始于 20" in done.stderr
    assert took < 20
    assert not root.warehouse.joinpath("tables").exists()


def test_a_holder_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    root = small(tmp_path, "2031")
    holder = Holder(root, "2031")
    with pytest.raises(CalmError, match="another run is writing it"), writing(root, "2031", "second"):
        raise AssertionError
    with writing_if_free(root, "2031", "second") as free:
        assert not free
    with writing(root, "2030", "another edition"):
        pass
    os.kill(holder.process.pid or 0, signal.SIGKILL)
    holder.process.join()
    with writing(root, "2031", "second"), writing(root, "2031", "the same call, further down"):
        pass
    with writing_if_free(root, "2031", "third") as free:
        assert free


def test_a_publish_that_takes_too_long_is_named_to_the_next(tmp_path: Path) -> None:
    root = small(tmp_path, "2031")
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=_publishing, args=(tmp_path, theirs))
    process.start()
    assert ours.recv() == "held"
    with pytest.raises(CalmError) as caught, publishing(root, "second", patience=0.1):
        raise AssertionError
    ours.send("enough")
    process.join()
    assert caught.value.code == "publishing_locked"
    assert f"first, process {process.pid}" in str(caught.value)


def _publishing(path: Path, told: Connection) -> None:
    with publishing(Root(path), "first"):
        told.send("held")
        told.recv()


def _publish(path: Path, edition: str, told: Connection) -> None:
    told.send("ready")
    told.recv()
    put(Root(path), edition)


def test_runs_of_many_editions_publish_side_by_side(tmp_path: Path) -> None:
    editions = [str(2000 + n) for n in range(24)]
    root = small(tmp_path, *editions)
    for edition in editions:
        write(root, edition, frames(edition, edition, 3))
    pipes = [FORKS.Pipe() for _ in editions]
    runs = [
        FORKS.Process(target=_publish, args=(tmp_path, edition, theirs))
        for edition, (_, theirs) in zip(editions, pipes, strict=True)
    ]
    for run in runs:
        run.start()
    for ours, _ in pipes:
        assert ours.recv() == "ready"
    for ours, _ in pipes:
        ours.send("go")
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0] * len(runs)
    assert {edition for edition, _ in state(root)} == set(editions)
    assert [vintage.manifest.number for vintage in every(root)] == list(range(1, len(editions) + 1))
