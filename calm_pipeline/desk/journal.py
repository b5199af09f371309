"""The journal of alerts: an event a line, only ever appended to, and what it says about each alert now."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from filelock import FileLock

from calm_pipeline.files import sync

Happening = Literal["opened", "confirmed", "closed", "sent", "reminded", "not_sent"]
PATIENCE = 60


@dataclass(frozen=True)
class Event:
    """Something that happened to an alert at a moment (UTC). Only what opens it says what it is about.

    `subject` is a submission, a file, a check or a run; `code` the rule or error; `detail` a reason or a channel.
    Nothing in it was written by a respondent.
    """

    at: str
    fingerprint: str
    happening: Happening
    kind: Literal["submission", "check", "run", ""] = ""
    subject: str = ""
    code: str = ""
    severity: str = ""
    library_id: str = ""
    en: str = ""
    zh: str = ""
    run: str = ""
    detail: str = ""


@dataclass
class Alert:
    """The state of one alert: what opened it, whether it is open, and when each channel last had it."""

    opened: Event
    first_opened_at: str
    status: Literal["open", "confirmed", "closed"] = "open"
    ended: Event | None = None
    sent: dict[str, list[str]] = field(default_factory=dict)


def moment(now: datetime) -> str:
    """A moment as the journal writes it."""
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the journal alone; runs and sensors may want to write at the same time.

    Raises:
        filelock.Timeout: somebody else held it for a minute.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock"), timeout=PATIENCE):
        yield


def append(file: Path, events: Iterable[Event]) -> None:
    """Add events, durably: they are on the disk when this returns. Call it with the journal locked."""
    lines = "".join(json.dumps(_brief(event), ensure_ascii=False) + "\n" for event in events)
    if lines:
        with file.open("a+b") as out:
            _drop_half_a_line(out)
            out.write(lines.encode())
            out.flush()
            os.fsync(out.fileno())
            first = out.tell() == len(lines.encode())
        for folder in file.parents[:3] if first else ():  # of the edition, of the desk, of all data: each may be new
            sync(folder)


def _drop_half_a_line(journal: BinaryIO) -> None:
    """What a crash left unfinished was never acknowledged, and must not become part of the next line."""
    journal.seek(0)
    content = journal.read()
    journal.truncate(content.rfind(b"\n") + 1)


def _brief(event: Event) -> dict[str, Any]:
    return {name: value for name, value in asdict(event).items() if value}


def read(file: Path) -> list[Event]:
    """Every event in order. A last line cut off by a crash, maybe within a letter, was never acknowledged: left out."""
    lines = file.read_bytes().split(b"\n") if file.exists() else [b""]
    return [Event(**json.loads(line)) for line in lines[:-1]]


def alerts(events: Iterable[Event]) -> dict[str, Alert]:
    """The state of every alert, by fingerprint, after all the events."""
    found: dict[str, Alert] = {}
    for event in events:
        if event.happening == "opened":
            before = found.get(event.fingerprint)
            first = before.first_opened_at if before else event.at
            found[event.fingerprint] = Alert(event, first)
        elif event.happening in ("confirmed", "closed"):
            alert = found[event.fingerprint]
            alert.status, alert.ended = ("confirmed" if event.happening == "confirmed" else "closed"), event
        elif event.happening in ("sent", "reminded"):
            found[event.fingerprint].sent.setdefault(event.detail, []).append(event.at)
    return found
