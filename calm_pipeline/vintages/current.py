"""Reading what is published: the current vintage, earlier ones, and nothing that is not what was published."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from calm_pipeline.errors import CalmError
from calm_pipeline.root import DATABASE, Root, digest, place
from calm_pipeline.vintages.manifest import Manifest, named
from calm_pipeline.vintages.refusals import VINTAGES
from calm_pipeline.warehouse import WAREHOUSE
from calm_pipeline.warehouse import connect as open_database

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Vintage:
    """A published vintage: its own folder, never the pointer to it, and its manifest, which fits the folder's name."""

    path: Path
    manifest: Manifest

    @classmethod
    def at(cls, path: Path) -> "Vintage":
        """The vintage in a folder.

        Raises:
            CalmError: its manifest is gone or not what was published, or of another version of this code.
        """
        file = path / MANIFEST
        try:
            content = file.read_bytes()
        except OSError:
            raise damaged(file) from None
        if named(number(path), content) != path.name:
            raise damaged(file)
        try:
            return cls(path, Manifest.model_validate_json(content))
        except ValidationError:
            raise CalmError.of(VINTAGES, "foreign_vintage", file=file) from None

    def file(self, name: str) -> Path:
        """A file by its path inside the vintage, once its bytes are found to be those that were published.

        Raises:
            CalmError: they are not, or it is gone.
        """
        file = self.path / name
        if not whole(file, self.manifest.files[name]):
            raise damaged(file)
        return file

    def table(self, name: str, edition: str) -> pa.Table:
        """A published table of an edition.

        Raises:
            CalmError: its file is not what was published.
        """
        return pq.read_table(self.file(place(name, edition)), page_checksum_verification=True)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Its database, for reading.

        Raises:
            CalmError: the file is not what was published.
        """
        return open_database(self.file(DATABASE))

    def damage(self) -> list[Path]:
        """Every file that is not what was published."""
        return [self.path / name for name, sha256 in self.manifest.files.items() if not whole(self.path / name, sha256)]


def whole(file: Path, sha256: str) -> bool:
    """Whether a file has these bytes."""
    try:
        return digest(file) == sha256
    except OSError:
        return False


def damaged(file: Path) -> CalmError:
    """The error about a file that is not what was published."""
    return CalmError.of(VINTAGES, "damaged_vintage", file=file)


def current(root: Root) -> Vintage | None:
    """The current vintage; None if no pointer was ever moved. The pointer is followed here, and by nobody afterwards.

    An erasure removes the old folder as soon as the pointer moved, so whoever followed it just before looks again.

    Raises:
        CalmError: it leads nowhere, or to what was not published, or it is lost.
    """
    if target := pointed_to(root):
        try:
            return Vintage.at(target)
        except CalmError:
            if pointed_to(root) == target:
                raise
            return current(root)
    if root.pointer.exists():
        raise damaged(root.pointer)
    if _followed(root):
        raise lost(root)
    return None


def pointed_to(root: Root) -> Path | None:
    """The folder that the pointer leads to, whatever is there; None if there is no pointer."""
    return root.vintages / Path(os.readlink(root.pointer)).name if root.pointer.is_symlink() else None


def _followed(root: Root) -> bool:
    """Whether there was a pointer when a vintage was made: it has a parent, which was current then.

    Of a manifest that cannot be read nobody knows, so that it counts as if it had one.
    """
    found = every(root)
    return bool(found.damaged) or any(vintage.manifest.parent is not None for vintage in found.readable)


def newest(root: Root) -> Vintage | None:
    """The newest vintage of which every byte is as it was published."""
    return next((vintage for vintage in reversed(every(root).readable) if not vintage.damage()), None)


def lost(root: Root) -> CalmError:
    """The error about a pointer that is gone: it names the newest vintage that is whole."""
    found = newest(root)
    if found is None:
        return CalmError.of(VINTAGES, "lost_vintages")
    return CalmError.of(VINTAGES, "lost_pointer", newest=found.path.name)


def connect(root: Root) -> duckdb.DuckDBPyConnection:
    """Open the current warehouse for reading; a later publish neither waits for it nor disturbs it.

    Raises:
        CalmError: there is none yet, or it is not what was published.
    """
    vintage = current(root)
    if vintage is None:
        raise CalmError.of(WAREHOUSE, "no_warehouse", file=root.database)
    try:
        return vintage.connect()
    except (CalmError, duckdb.IOException):
        if pointed_to(root) == vintage.path:
            raise
        return connect(root)


def folders(root: Root) -> list[Path]:
    """The folders of all vintages, oldest first."""
    found = (path for path in root.vintages.glob("[0-9]*-*") if path.is_dir())
    return sorted(found, key=lambda path: (number(path), path.name))


def number(folder: Path) -> int:
    """The number of a vintage by its folder's name."""
    return int(folder.name.partition("-")[0])


class Every(NamedTuple):
    """Every vintage that is kept, oldest first: those whose manifest can be read, and by folder why others' cannot."""

    readable: list[Vintage]
    damaged: dict[Path, CalmError]


def every(root: Root) -> Every:
    """Every vintage; a damaged manifest hides no other. Of the other files nothing is looked at."""
    found = Every([], {})
    for folder in folders(root):
        try:
            found.readable.append(Vintage.at(folder))
        except CalmError as error:
            found.damaged[folder] = error
    return found


def find(root: Root, asked: str) -> Vintage:
    """The vintage of a number, an id, or `current`.

    Raises:
        CalmError: there is none, or its manifest is not what was published.
    """
    now = current(root) if asked == "current" else None
    if now is not None:
        return now
    place = int(asked) if asked.isdecimal() else None
    for path in folders(root):
        if asked == path.name or place == number(path):
            return Vintage.at(path)
    raise CalmError.of(VINTAGES, "no_vintage", asked=asked)
