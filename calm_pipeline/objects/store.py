"""An object store behind an fsspec address: list, read, put whole, remove; what goes wrong is told in words of ours."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from calm_pipeline import files
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.privacy import shown
from calm_pipeline.objects.refusals import OBJECTS
from calm_pipeline.objects.telling import told

VARIABLE = "CALM_STORE"
BLOCK = 8 << 20
_ADDRESS = re.compile(r"[a-z][a-z0-9]*://[^@?#\s:]+")


@dataclass(frozen=True)
class Item:
    """An object: its size in bytes, and a stamp that is another one once its content is."""

    size: int
    stamp: str


class Store:
    """Objects by their key below one address. Every object is put whole or not at all."""

    def __init__(self, address: str) -> None:
        """Open the store at an fsspec address.

        Raises:
            CalmError: it is no such address, or the library for it is not installed.
        """
        if not _ADDRESS.fullmatch(address):
            raise CalmError.of(OBJECTS, "store_malformed")
        self.address = address.rstrip("/")
        try:
            with told(self.address):
                self._files, base = fsspec.url_to_fs(address, use_listings_cache=False, skip_instance_cache=True)
        except ValueError:
            raise CalmError.of(OBJECTS, "store_malformed") from None
        self._base: str = base.rstrip("/")
        if not self._base:
            raise CalmError.of(OBJECTS, "store_malformed")

    def place(self, key: str) -> str:
        """Where an object is, as it may be printed."""
        return f"{self.address}/{shown(key)}"

    def list(self, folder: str) -> dict[str, Item]:
        """Every object below a folder, by the rest of its key.

        Raises:
            CalmError: the store cannot be asked.
        """
        above = f"{self._path(folder)}/"
        with told(self.place(folder)):
            found = self._files.find(above.rstrip("/"), detail=True)
        inside = {path: about for path, about in found.items() if path.startswith(above) and about["type"] == "file"}
        return {path.removeprefix(above): _item(about) for path, about in inside.items() if path != above}

    def item(self, key: str) -> Item | None:
        """An object's size and stamp; None if there is none.

        Raises:
            CalmError: the store cannot be asked.
        """
        with suppress(FileNotFoundError), told(self.place(key), FileNotFoundError):
            return _item(self._files.info(self._path(key)))
        return None

    def read(self, key: str) -> bytes | None:
        """A small object; None if there is none.

        Raises:
            CalmError: the store cannot be asked.
        """
        with suppress(FileNotFoundError), told(self.place(key), FileNotFoundError):
            return bytes(self._files.cat_file(self._path(key)))
        return None

    def chunks(self, key: str) -> Iterator[bytes]:
        """The content of an object, piece by piece, all of one state of it.

        Raises:
            CalmError: it is gone, was replaced meanwhile, or cannot be read.
        """
        place = self.place(key)
        with told(place):
            opened = self._files.open(self._path(key), "rb", block_size=BLOCK)
        with opened:
            while chunk := _read(opened, place):
                yield chunk

    def digest(self, key: str) -> str:
        """SHA-256 of an object's bytes as they come back, in hexadecimal.

        Raises:
            CalmError: as `chunks`.
        """
        made = sha256()
        for chunk in self.chunks(key):
            made.update(chunk)
        return made.hexdigest()

    def save(self, key: str, file: Path) -> str:
        """Write an object to a file of this machine; returns the SHA-256 of what came.

        Raises:
            CalmError: as `chunks`.
        """
        made = sha256()
        with file.open("wb") as out:
            for chunk in self.chunks(key):
                made.update(chunk)
                out.write(chunk)
        return made.hexdigest()

    def put(self, key: str, file: Path) -> None:
        """Put a file of this machine there.

        Raises:
            CalmError: the store does not take it.
        """
        path = self._path(key)
        with told(self.place(key)):
            if not self._local:
                self._files.put_file(str(file), path)
                return
            draft = _above(path).with_name(f".{Path(path).name}.{os.getpid()}")
            shutil.copyfile(file, draft)
            os.replace(draft, path)

    def write(self, key: str, content: bytes) -> None:
        """Put a small object there, in one step: whoever reads it meets the old content or the new.

        Raises:
            CalmError: the store does not take it.
        """
        path = self._path(key)
        with told(self.place(key)):
            if self._local:
                files.replace(_above(path), content)
            else:
                self._files.pipe_file(path, content)

    def create(self, key: str, content: bytes) -> bool:
        """Put a small object there unless there is one; whether it was put.

        Raises:
            CalmError: the store does not take it.
        """
        path = self._path(key)
        with suppress(FileExistsError), told(self.place(key), FileExistsError):
            if self._local:
                _above(path)
            self._files.pipe_file(path, content, mode="create")
            return True
        return False

    def remove(self, key: str) -> None:
        """Remove an object; one that is gone already is no error.

        Raises:
            CalmError: the store does not let it go.
        """
        with suppress(FileNotFoundError), told(self.place(key), FileNotFoundError):
            self._files.rm_file(self._path(key))

    @property
    def _local(self) -> bool:
        return isinstance(self._files, LocalFileSystem)

    def _path(self, key: str) -> str:
        return f"{self._base}/{key}"


def configured() -> Store | None:
    """The store that CALM_STORE names; None if it is not set.

    Raises:
        CalmError: it cannot be opened.
    """
    address = os.environ.get(VARIABLE, "").strip()
    return Store(address) if address else None


def required() -> Store:
    """The store that CALM_STORE names.

    Raises:
        CalmError: none is set, or it cannot be opened.
    """
    store = configured()
    if store is None:
        raise CalmError.of(OBJECTS, "store_not_set")
    return store


def _item(about: dict[str, object]) -> Item:
    stamp = next((about[name] for name in ("ETag", "mtime", "created") if name in about), "")
    return Item(int(str(about["size"])), str(stamp))


def _read(opened: fsspec.spec.AbstractBufferedFile, place: str) -> bytes:
    with told(place):
        return bytes(opened.read(BLOCK))


def _above(path: str) -> Path:
    """A path on a disk, once the folder it lies in exists."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Path(path)
