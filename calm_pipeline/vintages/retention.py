"""How long vintages are kept, and which editions are retired: `schemas/retention.yaml`, and what it prunes."""

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.errors import CalmError
from calm_pipeline.root import Root
from calm_pipeline.survey.model import Frozen
from calm_pipeline.vintages.current import Vintage, folders
from calm_pipeline.vintages.disk import DRAFT, sync


class Retention(Frozen):
    """A vintage is kept as long as either says so."""

    vintages: int = Described(ge=1, description="How many of the latest are kept, however old.")
    days: int = Described(ge=0, description="For how many days each is kept, however many there are.")
    retired: tuple[str, ...] = Described((), description="Editions that shall not be published any more.")


def load_retention(root: Root) -> Retention | None:
    """What is declared; None if nothing is, and then nothing is pruned."""
    return load(root.retention, Retention) if root.retention.exists() else None


def prune(root: Root, declared: Retention | None, now: datetime, current: Vintage) -> list[str]:
    """Remove what need not be kept any longer, never the current vintage; returns what was removed. `now` is UTC.

    A folder whose manifest is not what was published is left for a person to look at.
    """
    if declared is None:
        return []
    candidates = [folder for folder in folders(root)[: -declared.vintages] if folder != current.path]
    old = [folder for folder in candidates if (made := _made(folder)) and now - made > timedelta(declared.days)]
    for folder in old:
        # Under a name that nobody reads, so that no half of a vintage is ever met under its own.
        doomed = folder.with_name(f"{DRAFT}{folder.name}")
        folder.rename(doomed)
        sync(doomed.parent)
        shutil.rmtree(doomed)
    return [folder.name for folder in old]


def _made(folder: Path) -> datetime | None:
    """When a vintage was published; None if its manifest is not what was."""
    with suppress(CalmError):
        return datetime.fromisoformat(Vintage.at(folder).manifest.created)
    return None
