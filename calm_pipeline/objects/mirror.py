"""Putting vintages into the store: each whole and read back before the pointer moves, and what is gone here goes there.

The order is what a crash cannot break: objects, the manifest of their vintage, the pointer, and removals last.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from calm_pipeline import files
from calm_pipeline.errors import CalmError
from calm_pipeline.objects.refusals import OBJECTS
from calm_pipeline.objects.store import Item, Store
from calm_pipeline.root import Root
from calm_pipeline.vintages import Vintage, current, every
from calm_pipeline.vintages.current import MANIFEST, damaged, folders
from calm_pipeline.vintages.lock import pushing
from calm_pipeline.vintages.refusals import VINTAGES
from calm_pipeline.warehouse import WAREHOUSE

ABOVE, POINTER, OWNER = "vintages", "current", "owner"
NAMED = re.compile(r"\d{4,}-[0-9a-f]{12}")
There = Mapping[str, Mapping[str, Item]]
"""What lies in the store: by vintage, its objects by path."""


class Pushed(NamedTuple):
    """The vintage that is current there now, and the names of those that were put and removed."""

    current: str
    put: list[str]
    removed: list[str]


def push(root: Root, store: Store, by: str, *, verify: bool = False) -> Pushed:
    """Let the store hold what is published here: every vintage, and none that is gone. Done twice it changes nothing.

    Args:
        root: where it is published.
        store: where it is put.
        by: who puts it, for whoever has to wait.
        verify: read back every object of every vintage, not only those put now.

    Raises:
        CalmError: nothing is published, or it is damaged; an object is not what was published; another warehouse
            puts its vintages there; the store cannot be reached. The pointer leads to a whole vintage all the same.
            Of damaged vintages other than the current one this is said when all else is done.
    """
    with pushing(root, by):
        now = current(root)
        if now is None:
            raise CalmError.of(WAREHOUSE, "no_warehouse", file=root.database)
        there = listed(store)
        _check_owner(root, store)
        leads = pointed(store) == now.path.name
        put = [now.path.name] if _put(store, now, there, verify=verify or not leads) else []
        others, left = _put_others(root, store, now, there, verify=verify)
        if not leads:
            store.write(POINTER, f"{now.path.name}\n".encode())
        removed = _remove_gone(root, store, now)
    if left:
        raise left[0]
    return Pushed(now.path.name, [*put, *others], removed)


def listed(store: Store) -> There:
    """What lies in the store.

    Raises:
        CalmError: it cannot be asked.
    """
    found: dict[str, dict[str, Item]] = {}
    for path, item in store.list(ABOVE).items():
        vintage, _, file = path.partition("/")
        if NAMED.fullmatch(vintage):
            found.setdefault(vintage, {})[file] = item
    return found


def pointed(store: Store) -> str | None:
    """To which vintage the pointer leads; None if it is gone, or says anything else.

    Raises:
        CalmError: the store cannot be asked.
    """
    said = (store.read(POINTER) or b"").decode("ascii", "replace").strip()
    return said if NAMED.fullmatch(said) else None


def _check_owner(root: Root, store: Store) -> None:
    """Take a store that is nobody's; the mark lies with the vintages, so that a warehouse begun anew is another one."""
    mark = root.vintages / ".store"
    if not mark.exists():
        files.replace(mark, uuid4().hex)
    ours = mark.read_bytes()
    if store.read(OWNER) is None:
        store.create(OWNER, ours)
    if store.read(OWNER) != ours:
        raise CalmError.of(OBJECTS, "other_warehouse", place=store.place(OWNER))


def _put_others(
    root: Root, store: Store, now: Vintage, there: There, *, verify: bool
) -> tuple[list[str], list[CalmError]]:
    """The other vintages that were put, and what is wrong with those that are damaged here."""
    found, put = every(root), list[str]()
    left = list(found.damaged.values())
    for vintage in (vintage for vintage in found.readable if vintage.path != now.path):
        try:
            put += [vintage.path.name] if _put(store, vintage, there, verify=verify) else []
        except CalmError as error:
            if not vintage.path.exists():
                continue  # removed meanwhile: by retention, or by an erasure
            if error.code not in VINTAGES:
                raise
            left.append(error)
    return put, left


def _put(store: Store, vintage: Vintage, there: There, *, verify: bool) -> bool:
    """Put what is missing of a vintage, its manifest last; whether anything was. What is put is read back.

    Raises:
        CalmError: a file is not what was published, here or there.
    """
    lies, above = there.get(vintage.path.name, {}), f"{ABOVE}/{vintage.path.name}"
    content = _manifest(vintage)
    if MANIFEST in lies:
        _check_listed(store, vintage, lies)
    for name, sha in vintage.manifest.files.items():
        key = f"{above}/{name}"
        if MANIFEST not in lies and not (name in lies and store.digest(key) == sha):
            store.put(key, vintage.file(name))
        if (MANIFEST not in lies or verify) and store.digest(key) != sha:
            raise changed(store, key)
    if MANIFEST not in lies:
        store.write(f"{above}/{MANIFEST}", content)
    if store.digest(f"{above}/{MANIFEST}") != sha256(content).hexdigest():
        raise changed(store, f"{above}/{MANIFEST}")
    return MANIFEST not in lies


def _check_listed(store: Store, vintage: Vintage, lies: Mapping[str, Item]) -> None:
    """Whether every object is there and as long as the file here."""
    for name in vintage.manifest.files:
        file = vintage.path / name
        if name not in lies or lies[name].size != _size(file):
            if name in lies:
                vintage.file(name)  # else it is this file that is damaged
            raise changed(store, f"{ABOVE}/{vintage.path.name}/{name}")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        raise damaged(file) from None


def _manifest(vintage: Vintage) -> bytes:
    """The bytes of its manifest: another version of this code may have written them in another way."""
    try:
        return (vintage.path / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise damaged(vintage.path / MANIFEST) from None


def _remove_gone(root: Root, store: Store, now: Vintage) -> list[str]:
    """Remove vintages that are gone here, the manifest first: what is left of one is never taken for whole."""
    there = listed(store)
    gone = sorted(there.keys() - {folder.name for folder in folders(root)} - {now.path.name})
    for vintage in gone:
        for file in sorted(there[vintage], key=lambda file: file != MANIFEST):
            store.remove(f"{ABOVE}/{vintage}/{file}")
    return gone


def changed(store: Store, key: str) -> CalmError:
    """The error about an object that is not what was published."""
    return CalmError.of(OBJECTS, "changed_object", place=store.place(key))
