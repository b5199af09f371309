"""Removing the vintages that need not be kept any longer."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from calm_pipeline.errors import CalmError
from calm_pipeline.retention import Vintages
from calm_pipeline.root import Root
from calm_pipeline.vintages.current import Vintage, folders
from calm_pipeline.vintages.disk import discard


def prune(root: Root, declared: Vintages, now: datetime, current: Vintage) -> list[str]:
    """Remove what need not be kept any longer, never the current vintage; returns what was removed. `now` is UTC.

    A folder whose manifest is not what was published is left for a person to look at.
    """
    candidates = [folder for folder in folders(root)[: -declared.latest] if folder != current.path]
    old = [folder for folder in candidates if (made := _made(folder)) and now - made > timedelta(declared.days)]
    for folder in old:
        discard(folder)
    return [folder.name for folder in old]


def _made(folder: Path) -> datetime | None:
    """When a vintage was published; None if its manifest is not what was."""
    with suppress(CalmError):
        return datetime.fromisoformat(Vintage.at(folder).manifest.created)
    return None
