"""Whom nothing may be taken from again: a line an erasure, without anything personal, appended to and kept.

A download of the platform made before or after brings the same rows again; this is how they are known.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from calm_pipeline import files


@dataclass(frozen=True)
class Erased:
    """The submissions whose respondents were erased; `whole` if the time to keep any of the edition is over."""

    submissions: frozenset[str] = frozenset()
    whole: bool = False

    def __contains__(self, submission: object) -> bool:
        return self.whole or submission in self.submissions

    def __bool__(self) -> bool:
        return self.whole or bool(self.submissions)


def erased_of(file: Path, edition: str) -> Erased:
    """What the notes say of an edition. A last line cut off by a crash was never acknowledged and is left out."""
    notes = [note for note in _notes(file) if note["edition"] == edition]
    single = frozenset(note["submission"] for note in notes if "submission" in note)
    return Erased(single, any("submission" not in note for note in notes))


def editions_of(file: Path) -> set[str]:
    """The editions of which anybody was erased."""
    return {note["edition"] for note in _notes(file)}


def note(file: Path, edition: str, submissions: Iterable[str] | None, reason: str, now: datetime) -> None:
    """Write down, durably, that these submissions are erased, or with None all of an edition; what stands is not
    written twice. `reason` is a word of ours, never of a person.
    """
    before = erased_of(file, edition)
    wanted = [{}] if submissions is None else [{"submission": one} for one in sorted(submissions) if one not in before]
    if submissions is None and before.whole:
        return
    files.private(file.parent)
    about = {"at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "edition": edition, "reason": reason}
    whole = _whole(file)
    lines = "".join(json.dumps({**about, **one}, ensure_ascii=False) + "\n" for one in wanted)
    if lines:
        files.replace_durably(file, whole + lines.encode())


def _whole(file: Path) -> bytes:
    content = file.read_bytes() if file.exists() else b""
    return content[: content.rfind(b"\n") + 1]


def _notes(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in _whole(file).decode().splitlines()]
