"""From what an edition and a vintage were made: SHA-256 by path below the root."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from calm_pipeline.root import Root, digest


def inputs(root: Root, edition: str, read: Callable[[str], pa.Table]) -> dict[str, str]:
    """What an edition was made from. Exports and survey are told as they were when they were read, from its tables."""
    files, about = read("files"), read("editions")
    names, digests = files["file"].to_pylist(), files["sha256"].to_pylist()
    exports = {f"data/raw/{edition}/{name}": sha256 for name, sha256 in zip(names, digests, strict=True)}
    survey = {_path(root, root.survey(edition)): about["survey_sha256"][0].as_py()}
    return dict(sorted({**exports, **declared(root, edition), **survey}.items()))


def declared(root: Root, edition: str) -> dict[str, str]:
    """All declarations that decide what is made of exports, as they are now."""
    return {**judged_by(root, edition), **_digests(root, root.desk)}


def judged_by(root: Root, edition: str) -> dict[str, str]:
    """By which declarations tables are judged, as they are now; the desk's contacts are no part of it."""
    own = (root.survey(edition), root.published(edition), root.claims(edition), root.corrections(edition))
    return _digests(root, *own, root.register, root.tables, root.groupings)


def shared(root: Root) -> dict[str, str]:
    """From what the database of all editions was built besides their tables."""
    return _digests(root, root.dictionary, root.tables, root.views)


def _digests(root: Root, *files: Path) -> dict[str, str]:
    return {_path(root, file): digest(file) for file in files if file.exists()}


def _path(root: Root, file: Path) -> str:
    return file.relative_to(root.path).as_posix()
