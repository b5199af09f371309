"""All exports of an edition at once: the raw frame of those that can be read, and a receipt for every file."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.export import Export
from calm_pipeline.exports.pairing import empty, join
from calm_pipeline.exports.privacy import shown
from calm_pipeline.exports.reader import read_file
from calm_pipeline.survey import Survey

RECEIPT: dict[str, pa.DataType] = {
    "edition": pa.string(),
    "file": pa.string(),
    "sha256": pa.string(),
    "bytes": pa.int64(),
    "kind": pa.string(),
    "rows": pa.int64(),
    "verdict": pa.string(),
    "code": pa.string(),
    "reason_en": pa.string(),
    "reason_zh": pa.string(),
    "reconstructed": pa.bool_(),
}


@dataclass(frozen=True)
class Received:
    """`raw`: one row a submission of the files that were read. `files`: one row a file, the refused ones included."""

    files: pa.Table
    raw: pa.Table


def receive(paths: Sequence[Path], survey: Survey, others: Sequence[Survey] = ()) -> Received:
    """Read every file of an edition; a refused file leaves a receipt and nothing else.

    Files that contradict each other are all refused. `others` are editions to name if a file fits one of them.
    """
    read = {path: _read(path, survey, others) for path in paths}
    exports = [result for result in read.values() if isinstance(result, Export)]
    conflict = None
    try:
        raw = join(exports, survey) if exports else empty(survey)
    except ExportRefused as refused:
        raw, conflict = empty(survey), refused
    receipts = [_receipt(path, result, survey, conflict) for path, result in read.items()]
    return Received(pa.Table.from_pylist(receipts, pa.schema(list(RECEIPT.items()))), raw)


def _read(path: Path, survey: Survey, others: Sequence[Survey]) -> Export | ExportRefused:
    try:
        return read_file(path, survey, others=others)
    except ExportRefused as refused:
        return refused


def _receipt(
    path: Path, result: Export | ExportRefused, survey: Survey, conflict: ExportRefused | None
) -> dict[str, Any]:
    content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
    about = {
        "edition": survey.edition,
        "file": shown(path.name),
        "sha256": sha256(content).hexdigest(),
        "bytes": len(content),
        "verdict": "read",
        "reconstructed": False,
    }
    if isinstance(result, Export):
        about |= {"kind": result.kind, "rows": result.frame.num_rows, "reconstructed": result.reconstructed}
    refused = result if isinstance(result, ExportRefused) else conflict
    if refused is not None:
        about |= {"verdict": "refused", "code": refused.code, "reason_en": str(refused), "reason_zh": refused.zh}
    return about
