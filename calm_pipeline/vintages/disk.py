"""Writing that survives a crash: a file is on the disk before its name is, and a name before anything points to it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calm_pipeline.files import sync

DRAFT = ".draft-"


def sync_all(folder: Path) -> None:
    """Wait until everything in a folder is on the disk, the deepest first."""
    for path in sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True):
        sync(path)
    sync(folder)


def sweep(folder: Path) -> None:
    """Remove what a crash left behind, drafts and what was to be removed: call it with publishing locked."""
    for left in folder.glob(f"{DRAFT}*"):
        shutil.rmtree(left)


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """A folder to write to inside `folder`, on its file system; what is left of it, and of crashes, is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    made = folder / f"{DRAFT}{os.getpid()}"
    made.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def keep(made: Path, name: str) -> Path:
    """Give a written draft its name, durably."""
    sync_all(made)
    kept = made.with_name(name)
    os.rename(made, kept)
    sync(kept.parent)
    return kept


def point(pointer: Path, target: Path) -> None:
    """Let a pointer lead to `target` in one step: whoever follows it meets the old target or the new one."""
    link = pointer.with_name(f".{pointer.name}-{os.getpid()}")
    link.unlink(missing_ok=True)
    os.symlink(os.path.relpath(target, pointer.parent), link)
    os.replace(link, pointer)
    sync(pointer.parent)


def discard(folder: Path) -> None:
    """Remove a folder: first under a name that nobody reads, so that no half of it is ever met under its own."""
    doomed = folder.with_name(f"{DRAFT}{folder.name}")
    folder.rename(doomed)
    sync(doomed.parent)
    shutil.rmtree(doomed)
