"""Which code this process runs, told from the code itself."""

from hashlib import sha256
from pathlib import Path

_HERE = Path(__file__).resolve().parents[1]
_FILES = sorted(file for part in ("calm_pipeline", "assets") for file in (_HERE / part).rglob("*.py"))

CODE = sha256(b"".join(file.read_bytes() for file in _FILES)).hexdigest()
"""A digest taken when the process loaded its code: another one means that the code was mended and loaded again."""
