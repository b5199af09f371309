"""What a file's name promises: its kind, its number of rows, or that it holds no answers at all."""

import re
from dataclasses import dataclass
from typing import Literal

Promise = Literal["text", "number", "score", "summary"]

_NEW = re.compile(r"\d{6,}_按(文本|序号|分数)_.*?(?:_(\d+)_(\d+))?(?:\s*\(\d+\))?\.(?:xlsx?|csv)", re.DOTALL)
_OLD = re.compile(r".*\d+_\d+_([012])(?:\s*\(\d+\))?\.xlsx?", re.DOTALL)
_SUMMARY = re.compile(r"\d{6,}_[0-9A-Za-z]{13,}(?:\s*\(\d+\))?\.xlsx?")
_KINDS: dict[str, Promise] = {
    "文本": "text", "分数": "score", "序号": "number", "0": "text", "1": "score", "2": "number"
}  # fmt: skip


@dataclass(frozen=True)
class Hint:
    """What the name says; None where it says nothing."""

    kind: Promise | None = None
    rows: int | None = None


def hint(name: str) -> Hint:
    """Read a name such as `123456789_按文本_title_3025_2246.xlsx`, of which 2246 are the rows."""
    name = name.removeprefix("副本").strip()
    if new := _NEW.search(name):
        return Hint(_KINDS[new[1]], int(new[3]) if new[3] else None)
    if old := _OLD.fullmatch(name):
        return Hint(_KINDS[old[1]])
    return Hint("summary" if _SUMMARY.fullmatch(name) else None)
