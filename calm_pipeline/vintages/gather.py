"""What a publish takes together: an edition from the workbench, all else as it was published; nothing may be gone."""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from calm_pipeline.errors import CalmError
from calm_pipeline.parts import unite
from calm_pipeline.root import Root, place
from calm_pipeline.tables import Contract
from calm_pipeline.vintages.current import Vintage, damaged, whole
from calm_pipeline.vintages.refusals import VINTAGES, listed


def check_nothing_removed(root: Root, before: Vintage | None, beside: Collection[str], names: Collection[str]) -> None:
    """Raise CalmError if an edition that is published, other than those in `beside`, lacks its survey or a table."""
    for edition in before.manifest.editions if before else ():
        if edition not in beside:
            if edition not in root.editions:
                raise CalmError.of(VINTAGES, "removed_edition", edition=edition)
            _check_complete(root, edition, names)


def _check_complete(root: Root, edition: str, names: Collection[str]) -> None:
    if missing := [name for name in names if not root.parquet(name, edition).exists()]:
        raise CalmError.of(VINTAGES, "incomplete_edition", edition=edition, missing=listed(missing))


def gather(
    root: Root,
    edition: str,
    before: Vintage | None,
    taken: Mapping[str, Contract],
    gone: Collection[str],
    draft: Path,
) -> None:
    """Copy what is published into the draft: from the workbench what is taken, all else from the vintage before.

    What lies there in parts is published as one file.
    """
    _check_complete(root, edition, taken)
    for name, contract in taken.items():
        source, target = root.parquet(name, edition), draft / place(name, edition)
        if source.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            unite(source, contract, target)
        else:
            _copy(source, target)
    for other, held in before.manifest.editions.items() if before else ():
        for name, table in held.tables.items():
            if before and other not in gone and (other != edition or name not in taken):
                source, target = (folder / place(name, other) for folder in (before.path, draft))
                _copy(source, target)
                if not whole(target, table.sha256):
                    raise damaged(source)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
