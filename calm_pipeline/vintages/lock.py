"""One writer: who works on an edition or publishes holds a lock, which the kernel releases when the process ends."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from calm_pipeline.errors import CalmError
from calm_pipeline.root import Root
from calm_pipeline.vintages.refusals import VINTAGES

PATIENCE = 300.0
_HELD: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())


@contextmanager
def writing(root: Root, edition: str, by: str) -> Iterator[None]:
    """Hold an edition alone, from the first write to the end; `by` names the command or run to whom comes second.

    Whoever holds it already, up the same call, may ask again.

    Raises:
        CalmError: somebody else holds it; it is told at once who.
    """
    with _held(root.locks / f"edition-{edition}.lock", by, 0, "edition_locked", edition=edition):
        yield


@contextmanager
def writing_if_free(root: Root, edition: str, by: str) -> Iterator[bool]:
    """The same for what can wait: whether it is held now."""
    with ExitStack() as stack:
        try:
            stack.enter_context(writing(root, edition, by))
        except CalmError:
            yield False
        else:
            yield True


def busy(root: Root, edition: str, by: str) -> bool:
    """Whether somebody holds an edition now; tried only if a holder is written down, so as to refuse nobody."""
    if not (root.locks / f"edition-{edition}.json").exists():
        return False
    with writing_if_free(root, edition, by) as free:
        return not free


@contextmanager
def publishing(root: Root, by: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the pointer alone, for a moment; runs of several editions wait for each other.

    Raises:
        CalmError: somebody else held it for longer than `patience` seconds.
    """
    with _held(root.locks / "publishing.lock", by, patience, "publishing_locked"):
        yield


@contextmanager
def pushing(root: Root, by: str, patience: float = PATIENCE) -> Iterator[None]:
    """Put vintages into the object store alone; publishing goes on meanwhile.

    Raises:
        CalmError: somebody else held it for longer than `patience` seconds.
    """
    with _held(root.locks / "pushing.lock", by, patience, "pushing_locked"):
        yield


@contextmanager
def _held(file: Path, by: str, patience: float, refused: str, **words: str) -> Iterator[None]:
    held = _HELD.get()
    if file in held:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    # A lock bound to its thread could not be released by a resource that another thread takes down.
    lock = FileLock(file, timeout=patience, poll_interval=0.02, thread_local=False)
    holder = file.with_suffix(".json")
    try:
        lock.acquire()
    except Timeout:
        raise CalmError.of(VINTAGES, refused, **words, **_who(holder)) from None
    try:
        about = {"pid": os.getpid(), "host": socket.gethostname(), "by": by, "since": _now()}
        holder.write_text(json.dumps(about), encoding="utf-8")
        _HELD.set(held | {file})
        yield
    finally:
        _HELD.set(held)
        holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> dict[str, object]:
    """Who holds it; unknown in the moment before it is written down."""
    unknown: dict[str, object] = dict.fromkeys(("pid", "host", "by", "since"), "?")
    try:
        return {**unknown, **json.loads(holder.read_bytes())}
    except (OSError, ValueError):
        return unknown


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
