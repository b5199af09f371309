"""Removing the vintages that need not be kept any longer."""

from datetime import datetime, timedelta
from itertools import pairwise

from calm_pipeline.retention import Vintages
from calm_pipeline.root import Root
from calm_pipeline.vintages.current import Vintage, every, folders
from calm_pipeline.vintages.disk import discard


def prune(root: Root, declared: Vintages, now: datetime, current: Vintage) -> list[str]:
    """Remove what need not be kept any longer, never the current vintage; returns what was removed. `now` is UTC.

    Days are counted from when the next one took its place: until then somebody may have begun to read it. A folder
    whose manifest is not what was published is left for a person to look at.
    """
    kept, days = {*folders(root)[-declared.latest :], current.path}, timedelta(declared.days)
    succeeded = pairwise(every(root).readable)
    old = [one.path for one, after in succeeded if one.path not in kept and now - _made(after) > days]
    for folder in old:
        discard(folder)
    return [folder.name for folder in old]


def _made(vintage: Vintage) -> datetime:
    return datetime.fromisoformat(vintage.manifest.created)
