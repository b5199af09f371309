"""Which code this process runs, told from the code itself."""

from hashlib import sha256
from pathlib import Path

KINDS = (".py", ".j2", ".js", ".css")
_HERE = Path(__file__).resolve().parents[1]


def files(home: Path) -> list[Path]:
    """All that decides what is made and how it looks: code, templates, and which versions of libraries are locked.

    Where this was installed from a wheel nothing says which are.
    """
    inside = (file for part in ("calm_pipeline", "assets") for file in (home / part).rglob("*"))
    lock = home / "requirements.lock"
    return [*sorted(file for file in inside if file.suffix in KINDS), *([lock] if lock.exists() else [])]


def code(home: Path) -> str:
    """A digest of them."""
    return sha256(b"".join(file.read_bytes() for file in files(home))).hexdigest()


CODE = code(_HERE)
"""Taken when the process loaded its code: another one means that the code was mended and loaded again."""
