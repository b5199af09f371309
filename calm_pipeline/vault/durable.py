"""Files with personal data: written whole or not at all, for their owner alone, and on the disk when it is said."""

import os
from pathlib import Path

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


def replace(file: Path, content: bytes, mode: int = PRIVATE_FILE) -> None:
    """Put `content` in the place of `file`; after a crash there is the old content or the new."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    settle(file.parent)


def settle(folder: Path) -> None:
    """Have what was renamed or removed in a folder on the disk; Windows does so by itself."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def private(folder: Path) -> Path:
    """The folder, made with all above it, and closed to everybody but its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    return folder
