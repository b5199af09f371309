"""All exports of an edition at once: the raw frame of those that can be read, and a receipt for every file."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.export import Export
from calm_pipeline.exports.pairing import empty, join
from calm_pipeline.exports.reader import read_file
from calm_pipeline.survey import Survey

ORIGIN = "origin.yaml"


@dataclass(frozen=True)
class Received:
    """`raw`: one row a submission of the files that were read. `files`: one row a file, the refused ones included."""

    files: pa.Table
    raw: pa.Table


def receive(paths: Sequence[Path], survey: Survey, folder: Path) -> Received:
    """Read every file of an edition; a refused file leaves a receipt and nothing else.

    Args:
        paths: the exports.
        survey: the edition they belong to.
        folder: where `origin.yaml` may say which files are reconstructed.

    Raises:
        ExportRefused: files that can be read contradict each other.
    """
    made = _reconstructed(folder / ORIGIN)
    read = [(path, _read(path, survey)) for path in paths]
    exports = [result for _, result in read if isinstance(result, Export)]
    receipts = [_receipt(path, result, survey, made) for path, result in read]
    return Received(_table(receipts), join(exports, survey) if exports else empty(survey))


def _read(path: Path, survey: Survey) -> Export | ExportRefused:
    try:
        return read_file(path, survey)
    except ExportRefused as refused:
        return refused


def _receipt(path: Path, result: Export | ExportRefused, survey: Survey, made: frozenset[str]) -> dict[str, Any]:
    bytes_ = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
    digest = sha256(bytes_).hexdigest()
    about = {
        "edition": survey.edition,
        "file": path.name,
        "sha256": digest,
        "bytes": len(bytes_),
        "reconstructed": digest in made,
    }
    if isinstance(result, ExportRefused):
        return {**about, "verdict": "refused", "code": result.code, "reason_en": str(result), "reason_zh": result.zh}
    return {**about, "verdict": "read", "kind": result.kind, "rows": result.frame.num_rows}


def _table(receipts: list[dict[str, Any]]) -> pa.Table:
    names = (
        "edition",
        "file",
        "sha256",
        "bytes",
        "kind",
        "rows",
        "verdict",
        "code",
        "reason_en",
        "reason_zh",
        "reconstructed",
    )
    return pa.Table.from_pylist([dict.fromkeys(names) | receipt for receipt in receipts])


def _reconstructed(origin: Path) -> frozenset[str]:
    """The digests of the files that this project made itself."""
    if not origin.exists():
        return frozenset()
    return frozenset(yaml.safe_load(origin.read_text(encoding="utf-8"))["files"].values())
