"""The inbox: exports and the register are fetched from the store, and go back only where an erasure wrote them anew."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from calm_pipeline import files
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.privacy import shown
from calm_pipeline.objects import notes
from calm_pipeline.objects.notes import Note
from calm_pipeline.objects.refusals import OBJECTS
from calm_pipeline.objects.store import Item, Store
from calm_pipeline.root import EXPORTS, Root, own, received
from calm_pipeline.vintages import writing

RAW, DRAFTS = "raw", ".fetching"


class Fetched(NamedTuple):
    """Names of files: those that came, those unchanged, those here alone, and objects that are no exports."""

    new: list[str]
    same: list[str]
    here: list[str]
    passed: list[str]


def fetch(root: Root, edition: str, store: Store, by: str) -> Fetched:
    """Bring the exports of an edition, and the register, from the store: all that changed there, or nothing.

    What lies here and not there stays. `by` names who fetches, for whoever comes second.

    Raises:
        CalmError: the store cannot be read; a file that would be replaced is not what was fetched; the folder is a
            link; somebody else writes the edition.
    """
    with writing(root, edition, by):
        here = {file.name for file in root.exports(edition)}
        there = store.list(f"{RAW}/{edition}")
        wanted = {name: item for name, item in there.items() if _export(name)}
        register = store.item(f"{RAW}/{root.register.name}")
        with _drafts(root.raw(edition)) as drafts:
            due = _bring(store, f"{RAW}/{edition}", root.raw(edition), wanted, drafts)
            also = {root.register.name: register} if register else {}
            new = due + _bring(store, RAW, root.register.parent, also, drafts)
    same = sorted({*wanted, *also} - {*new})
    return Fetched(sorted(new), same, sorted(here - there.keys()), sorted(there.keys() - wanted.keys()))


def put_back(root: Root, edition: str, store: Store, by: str) -> tuple[list[str], list[str]]:
    """Put exports that were written anew since they were fetched over what the store holds of them.

    Call it once somebody was erased: there is no other reason for which an export may change here.

    Returns:
        The names of those put, and of those in the store that are not what was fetched: nobody knows who is in them.

    Raises:
        CalmError: the store does not take them; somebody else writes the edition.
    """
    with writing(root, edition, by):
        folder, known = root.raw(edition), notes.read(root.raw(edition))
        there = {name: item for name, item in store.list(f"{RAW}/{edition}").items() if _export(name)}
        found = {name: _written(folder, name) for name in there if _fetched(known.get(name), there[name])}
        ours = {name: file for name, file in found.items() if file is not None}
        due = {name: file for name, file in ours.items() if received(file) != known[name].sha256}
        for name, file in due.items():
            _put_back(store, f"{RAW}/{edition}", folder, name, file)
    return sorted(due), sorted(there.keys() - ours.keys())


def _put_back(store: Store, above: str, folder: Path, name: str, file: Path) -> None:
    """What held the person goes first: cut off between the two, the file is still here."""
    if file.name != name:
        store.remove(f"{above}/{name}")
    store.put(f"{above}/{file.name}", file)
    sha256, item = received(file), store.item(f"{above}/{file.name}")
    if item is None or store.digest(f"{above}/{file.name}") != sha256:
        raise CalmError.of(OBJECTS, "store_failed", place=store.place(f"{above}/{file.name}"), kind="SHA-256")
    known = {one: note for one, note in notes.read(folder).items() if one != name}
    notes.write(folder, {**known, file.name: Note(stamp=item.stamp, sha256=sha256)})


def _bring(store: Store, above: str, folder: Path, wanted: Mapping[str, Item], drafts: Path) -> list[str]:
    known = notes.read(folder)
    due = [
        name for name, item in wanted.items() if not _fetched(known.get(name), item) or not (folder / name).is_file()
    ]
    came = {name: store.save(f"{above}/{name}", drafts / name) for name in due}
    for name, sha256 in came.items():
        _check_replaceable(folder / name, known.get(name), sha256)
        if (drafts / name).stat().st_size != wanted[name].size:
            raise CalmError.of(OBJECTS, "store_failed", place=store.place(f"{above}/{name}"), kind="size")
    for name in due:
        files.sync(drafts / name)
        os.replace(drafts / name, folder / name)
    if due:
        files.sync(folder)
        fresh = {name: Note(stamp=wanted[name].stamp, sha256=came[name]) for name in due}
        notes.write(folder, {**known, **fresh})
    return due


def _check_replaceable(file: Path, note: Note | None, sha256: str) -> None:
    """Raise CalmError if a file would be lost that did not come from the store."""
    if os.path.lexists(file) and received(file) not in (sha256, note.sha256 if note else sha256):
        raise CalmError.of(OBJECTS, "fetch_conflict", file=f"{file.parent.name}/{shown(file.name)}")


def _fetched(note: Note | None, item: Item) -> bool:
    return note is not None and note.stamp == item.stamp


def _written(folder: Path, name: str) -> Path | None:
    """Where a fetched file lies now; an erasure makes an xlsx workbook of an old xls one."""
    found = (folder / name, folder / f"{Path(name).stem}.xlsx") if name.lower().endswith(".xls") else (folder / name,)
    return next((file for file in found if own(file)), None)


def _export(name: str) -> bool:
    return "/" not in name and "\\" not in name and name[0] not in ".~" and Path(name).suffix.lower() in EXPORTS


@contextmanager
def _drafts(folder: Path) -> Iterator[Path]:
    """A folder for what is under way, for its owner alone; what a crash left of one is removed."""
    drafts = folder / DRAFTS
    shutil.rmtree(drafts, ignore_errors=True)
    try:
        yield files.private(drafts)
    finally:
        shutil.rmtree(drafts)
