"""A publish in a process of its own that is killed: at a step, or from outside at some instant."""

import os
import shutil
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from calm_pipeline.root import Root
from tests.commands import FORKS
from tests.vintages.small import put

STEPS = ((shutil, "copyfile"), (os, "fsync"), (os, "rename"), (os, "replace"), (os, "symlink"), (shutil, "rmtree"))


class Steps:
    """Counts what reaches the disk, and ends the process without a word before step number `last`."""

    def __init__(self, last: int | None) -> None:
        self.last, self.taken = last, list[str]()
        for module, name in STEPS:
            setattr(module, name, self.counted(name, getattr(module, name)))

    def counted(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*given: Any, **named: Any) -> Any:
            if len(self.taken) == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
            self.taken.append(name)
            return step(*given, **named)

        return taken


def _publish(root: Path, edition: str, last: int | None, told: Connection) -> None:
    steps = Steps(last)
    told.send("begun")
    put(Root(root), edition)
    told.send(steps.taken)


def steps_of_a_publish(root: Root, edition: str) -> list[str]:
    """The steps of a publish that nobody kills."""
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=_publish, args=(root.path, edition, None, theirs))
    process.start()
    assert ours.recv() == "begun"
    taken: list[str] = ours.recv()
    process.join()
    assert process.exitcode == 0
    return taken


def killed_at(root: Root, edition: str, step: int) -> None:
    """A publish that ends before a step."""
    _, theirs = FORKS.Pipe()
    process = FORKS.Process(target=_publish, args=(root.path, edition, step, theirs))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def killed_after(root: Root, edition: str, seconds: float) -> bool:
    """A publish that ends after some time; whether it had not ended by itself."""
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=_publish, args=(root.path, edition, None, theirs))
    process.start()
    assert ours.recv() == "begun"
    process.join(seconds)
    process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0
