"""What is said, before any channel lays it out: a title, groups of lines, a foot, in both languages."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from calm_pipeline.survey import Words


@dataclass(frozen=True)
class Group:
    """Lines that belong together, as all findings of one library. They hold no personal data, but may be hostile."""

    head: Words
    lines: tuple[Words, ...]


@dataclass(frozen=True)
class Notice:
    """One thing to tell. Notices with the same `key` are about the same matter: the first word and its reminders."""

    key: str
    title: Words
    groups: tuple[Group, ...]
    foot: Words

    def identity(self, now: datetime) -> str:
        """The same for the same words on one day: a repeat after a broken connection can be told from a reminder."""
        return f"{now:%Y%m%d}-{sha256(json.dumps(as_data(self), sort_keys=True).encode()).hexdigest()[:32]}"


@dataclass(frozen=True)
class Page:
    """A notice, or as much of it as one message of a channel holds."""

    notice: Notice
    number: int = 1
    total: int = 1

    @property
    def mark(self) -> str:
        """What tells one part from the others, behind the title."""
        return "" if self.total == 1 else f" ({self.number}/{self.total})"


def as_data(notice: Notice) -> dict[str, Any]:
    """Plain values for JSON."""
    groups = [
        {"head": group.head.model_dump(), "lines": [line.model_dump() for line in group.lines]}
        for group in notice.groups
    ]
    words = {"title": notice.title.model_dump(), "groups": groups, "foot": notice.foot.model_dump()}
    return {"key": notice.key, **words}
