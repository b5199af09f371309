"""What is wrong with all that was published: files that changed, that nobody published, or that are gone.

Beside the vintages that is the report of each edition, which tells of itself whether it is as it was written.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from calm_pipeline.errors import CalmError
from calm_pipeline.report import LANGUAGES
from calm_pipeline.report.seal import intact
from calm_pipeline.retention import Vintages
from calm_pipeline.root import Root
from calm_pipeline.survey.model import Words
from calm_pipeline.vintages.current import MANIFEST, Vintage, current, every, folders, lost, number, pointed_to

DAMAGED = Words(en="is not what was published", zh="与发布时不符")
STRANGE = Words(en="was not published with this vintage", zh="不是随该版本发布的文件")
GONE = Words(en="is gone, though retention keeps it", zh="已缺失，而按保存期限应予保留")
SPOILT = Words(en="is not as `calm report` wrote it", zh="与 `calm report` 写出时不符")


class Wrong(NamedTuple):
    """A place and what is wrong with it."""

    place: str
    what: Words


def watch(root: Root, kept: Vintages | None) -> Iterator[Wrong]:
    """Everything that is wrong; every byte of every vintage and of every report is looked at.

    A manifest that is not what was published leaves nothing to compare its vintage with, so that is all that is said
    of it. `kept` is what is declared of retention; without it every vintage is kept.
    """
    found, damaged = every(root)
    yield from (Wrong(str(folder / MANIFEST), DAMAGED) for folder in damaged)
    for vintage in found:
        yield from (Wrong(str(file), DAMAGED) for file in vintage.damage())
        yield from (Wrong(str(file), STRANGE) for file in _strange(vintage))
    now, wrong = (None, []) if pointed_to(root) in damaged else _pointer(root)
    yield from (Wrong(str(root.vintages / name), GONE) for name in _gone(root, found, now, kept))
    yield from wrong
    yield from (Wrong(str(file), SPOILT) for file in _reports(root) if not intact(file))


def _reports(root: Root) -> list[Path]:
    places = (root.report(edition, lang) for edition in root.editions for lang in LANGUAGES)
    return [file for file in places if file.is_file()]


def _strange(vintage: Vintage) -> list[Path]:
    known = {vintage.path / name for name in (*vintage.manifest.files, MANIFEST)}
    return sorted(path for path in vintage.path.rglob("*") if path not in known and not _folder(path))


def _folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _gone(root: Root, found: list[Vintage], now: Vintage | None, kept: Vintages | None) -> Iterator[str]:
    """The parents that are missing, other than those that pruning may have taken.

    Pruning leaves so many of the latest, and takes none while an older one stays but the current.
    """
    there = {number(folder) for folder in folders(root)}
    passed = [vintage.manifest.number for vintage in found if vintage != now]
    for parent in [vintage.manifest.parent for vintage in found]:
        if parent and (place := number(Path(parent))) not in there:
            later, earlier = sum(one > place for one in there), any(one < place for one in passed)
            if kept is None or later < kept.latest or earlier:
                yield parent


def _pointer(root: Root) -> tuple[Vintage | None, list[Wrong]]:
    """The current vintage, and what is wrong with the pointer to it."""
    try:
        now = current(root)
        error = lost(root) if now is None and folders(root) else None
    except CalmError as caught:
        now, error = None, caught
    if error is None:
        return now, []
    cause = Words(en=f"{error.cause.en}. {error.remedy.en}.", zh=f"{error.cause.zh}。{error.remedy.zh}。")
    return now, [Wrong(error.place.en, cause)]
