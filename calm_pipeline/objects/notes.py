"""What was fetched: beside the files, of each which object it was and which bytes came."""

from pathlib import Path

from pydantic import TypeAdapter

from calm_pipeline import files
from calm_pipeline.survey.model import Frozen

NAME = ".fetched.json"


class Note(Frozen):
    """A file as it was fetched: the stamp of the object, and the SHA-256 of its bytes."""

    stamp: str
    sha256: str


_NOTES = TypeAdapter(dict[str, Note])


def read(folder: Path) -> dict[str, Note]:
    """The notes of a folder by file name."""
    file = folder / NAME
    return _NOTES.validate_json(file.read_bytes()) if file.exists() else {}


def write(folder: Path, notes: dict[str, Note]) -> None:
    """Write them anew."""
    files.replace(folder / NAME, _NOTES.dump_json(notes, indent=1))
