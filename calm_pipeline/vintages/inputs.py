"""From what an edition and a vintage were made: SHA-256 by path below the root, the key, the edition before."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline.root import Root, digest
from calm_pipeline.vintages.manifest import KEY, Edition

LOOKED_BACK_AT = ("answers", "editions", "option_counts", "selections", "submissions")
"""What trends and the rules that compare read of the edition before."""


def inputs(root: Root, edition: str, read: Callable[[str], pa.Table], others: Mapping[str, Edition]) -> dict[str, str]:
    """What an edition was made from. Exports and survey are told as they were when they were read, from its tables.

    `others` are the published editions: the latest one before this is what this one looks back at.
    """
    files, about = read("files"), read("editions")
    names, digests = files["file"].to_pylist(), files["sha256"].to_pylist()
    exports = {f"data/raw/{edition}/{name}": sha for name, sha in zip(names, digests, strict=True)}
    survey = {_path(root, root.survey(edition)): about["survey_sha256"][0].as_py()}
    made_from = {**exports, **declared(root, edition), **survey, **_key(read("submissions"))}
    return dict(sorted({**made_from, **_before(edition, others)}.items()))


def _key(submissions: pa.Table) -> dict[str, str]:
    """The fingerprint with which every pseudonym under a key begins; nothing without pseudonyms."""
    found: Any = pc.extract_regex(submissions["respondent"], r"^(?P<key>[^-]+)-")
    keys = {key for key in pc.struct_field(found, "key").unique().to_pylist() if key}
    return {KEY: " ".join(sorted(keys))} if keys else {}


def _before(edition: str, others: Mapping[str, Edition]) -> dict[str, str]:
    name = max((other for other in others if other < edition), default=None)
    if name is None:
        return {}
    tables = others[name].tables
    said = " ".join(tables[one].logical for one in LOOKED_BACK_AT if one in tables)
    return {f"edition {name}": sha256(said.encode()).hexdigest()}


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
