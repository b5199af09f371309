"""Whether an export still holds what earlier exports of the same survey held."""

from collections.abc import Collection, Sequence
from typing import Any

import pyarrow as pa

from calm_pipeline.errors import Place
from calm_pipeline.exports.export import Export
from calm_pipeline.exports.pairing import listed, moment, with_sequences
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.stored import Stored


def check_earlier(exports: Sequence[Export], earlier: pa.Table, excused: Collection[int]) -> None:
    """Raise ExportRefused if a submission is gone, or has another time of submission than before.

    `exports` are all files, `earlier` has a number `sequence` and a timestamp `submitted_at`, null where it could not
    be read; nothing is said of the numbers in `excused`.
    """
    numbered = with_sequences(exports)
    now = {known: time for one in sorted(numbered, key=_by_text) for known, time in _times(one.frame).items()}
    before = _times(earlier)
    known = before.keys() - set(excused)
    where = Place(" + ".join(sorted({one.file for one in exports})))
    if gone := known - now.keys():
        raise refusal("earlier_missing", where, sequences=listed(gone))
    moved = [one for one in known if before[one] and moment(now[one]) != list(before[one].timetuple()[:6])]
    if moved:
        raise refusal("earlier_times", where, sequences=listed(moved))


def _by_text(export: Export) -> bool:
    return export.kind == "text"


def _times(frame: pa.Table | Stored) -> dict[Any, Any]:
    return dict(zip(frame.column("sequence").to_pylist(), frame.column("submitted_at").to_pylist(), strict=True))
