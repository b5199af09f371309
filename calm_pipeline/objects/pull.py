"""Bringing the current vintage from the store to a folder, every byte of it compared with its manifest."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from calm_pipeline.errors import CalmError
from calm_pipeline.objects.mirror import ABOVE, POINTER, changed, listed, pointed
from calm_pipeline.objects.refusals import OBJECTS
from calm_pipeline.objects.store import Store
from calm_pipeline.vintages import Vintage
from calm_pipeline.vintages.current import MANIFEST, damaged
from calm_pipeline.vintages.manifest import Manifest, named
from calm_pipeline.vintages.refusals import VINTAGES


def pull(store: Store, folder: Path) -> Path:
    """The folder of the current vintage below `folder`; what lies there whole already is not fetched again.

    Raises:
        CalmError: nothing was put there yet, or its pointer is lost; an object is not what was published, or a file
            of an earlier pull is not any more; the store cannot be reached.
    """
    name = pointed(store)
    if name is None:
        if listed(store):
            raise CalmError.of(OBJECTS, "store_pointer_lost", place=store.place(POINTER))
        raise CalmError.of(OBJECTS, "store_empty", place=store.address)
    target = folder / name
    if target.exists():
        for file in Vintage.at(target).damage():
            raise damaged(file)
        return target
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _bring(store, target)
    except CalmError:
        if pointed(store) == name:
            raise
        return pull(store, folder)  # it was removed under our hands, and another one is current
    return target


def _bring(store: Store, target: Path) -> None:
    with TemporaryDirectory(dir=target.parent, prefix=".pulling-", ignore_cleanup_errors=True) as made:
        draft = Path(made, target.name)
        draft.mkdir()
        for name, sha in _manifest(store, draft).files.items():
            key, file = f"{ABOVE}/{target.name}/{name}", (draft / name).resolve()
            if not file.is_relative_to(draft.resolve()):
                raise changed(store, key)
            file.parent.mkdir(parents=True, exist_ok=True)
            if store.save(key, file) != sha:
                raise changed(store, key)
        os.rename(draft, target)


def _manifest(store: Store, draft: Path) -> Manifest:
    """The manifest of the vintage, whose name holds its digest."""
    key = f"{ABOVE}/{draft.name}/{MANIFEST}"
    store.save(key, draft / MANIFEST)
    content = (draft / MANIFEST).read_bytes()
    if named(int(draft.name.partition("-")[0]), content) != draft.name:
        raise changed(store, key)
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        raise CalmError.of(VINTAGES, "foreign_vintage", file=store.place(key)) from None
