"""Files put in their place whole or not at all: at once, and where it matters on the disk before anything is said."""

import os
import re
import shutil
from pathlib import Path

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
DRAFT = re.compile(r"\..+\.[0-9]+(\.ordered|\.parts|\.before)?")
"""Also what earlier versions put in order, the folder that Spark fills, and the one in whose place another comes."""


def replace(file: Path, content: str | bytes) -> Path:
    """Write `content` to `file`; a reader finds the file as it was or as it is now, never half of it."""
    draft = _draft(file)
    try:
        draft.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    return file


def replace_durably(file: Path, content: bytes, mode: int = PRIVATE_FILE) -> None:
    """The same for what must outlive a crash, for its owner alone: after one there is the old content or the new."""
    draft = _draft(file)
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    sync(file.parent)


def _draft(file: Path) -> Path:
    return file.with_name(f".{file.name}.{os.getpid()}")


def sweep(folder: Path) -> None:
    """Remove the drafts that killed writers left under `folder`: call it where nobody else can be writing there."""
    for draft in [file for file in folder.rglob(".*") if DRAFT.fullmatch(file.name)]:
        if draft.is_dir() and not draft.is_symlink():
            shutil.rmtree(draft)
        else:
            draft.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file's bytes, or the names in a folder, are on the disk; Windows sees to names by itself."""
    if os.name == "posix":
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def private(folder: Path) -> Path:
    """The folder, made with all above it, and closed to everybody but its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    return folder
