"""An erasure in the store: vintages and exports written anew here take the place of the old ones there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from calm_pipeline.errors import CalmError
from calm_pipeline.objects.inbox import RAW, put_back
from calm_pipeline.objects.mirror import Pushed, push
from calm_pipeline.objects.refusals import OBJECTS
from calm_pipeline.objects.store import Store, configured
from calm_pipeline.root import Root
from calm_pipeline.vault import erasures
from calm_pipeline.vintages.current import folders


class Mirrored(NamedTuple):
    """What became of the vintages, None if none was ever published, and the exports that were put back."""

    vintages: Pushed | None
    exports: list[str]


def mirror(root: Root, store: Store, by: str, *, verify: bool = False) -> Mirrored:
    """Let the store hold what is held here: exports out of which somebody was erased, and vintages.

    Raises:
        CalmError: as `push`, the exports are done then; or persons were erased here, and exports of that edition in the
            store are not those that were fetched, so that the erasure cannot be made in them: all else is done then.
    """
    exports, unknown = _exports(root, store, by)
    vintages = push(root, store, by, verify=verify) if folders(root) else None
    if unknown:
        raise CalmError.of(OBJECTS, "erasure_not_stored", place=store.place(RAW), names=", ".join(unknown))
    return Mirrored(vintages, exports)


def _exports(root: Root, store: Store, by: str) -> tuple[list[str], list[str]]:
    """The exports put back, and those of which nobody knows who is in them.

    An erasure also reaches editions of which nobody was erased: others may have written the number into a text.
    """
    noted = erasures.editions_of(root.erasures)
    exports: list[str] = []
    unknown: list[str] = []
    for edition in sorted({*root.editions, *noted}) if noted else ():
        put, left = put_back(root, edition, store, by)
        exports += [f"{RAW}/{edition}/{name}" for name in put]
        unknown += [store.place(f"{RAW}/{edition}/{name}") for name in left if edition in noted]
    return exports, unknown


@contextmanager
def reaching(root: Root, by: str) -> Iterator[None]:
    """Stand around an erasure: afterwards the store, if one is set, holds no more than what is held here.

    Of an erasure that fails, as much as was done reaches the store, and its own error is told.

    Raises:
        CalmError: as `mirror`; the erasure here is done then, and the same command finishes it there.
    """
    store = configured()
    try:
        yield
    except CalmError:
        with suppress(CalmError):
            _ = store and mirror(root, store, by)
        raise
    if store:
        mirror(root, store, by)
