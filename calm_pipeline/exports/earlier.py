"""Whether an export still holds what earlier exports of the same survey held."""

from collections.abc import Collection
from typing import Any

import pyarrow as pa

from calm_pipeline.errors import Place
from calm_pipeline.exports.pairing import listed, moment
from calm_pipeline.exports.refusals import refusal


def check_earlier(raw: pa.Table, earlier: pa.Table, excused: Collection[int]) -> None:
    """Raise ExportRefused if a submission is gone, or has another time of submission than before.

    `raw` is the raw frame of all files, `earlier` has a number `sequence` and a timestamp `submitted_at`, null where it
    could not be read; nothing is said of the numbers in `excused`.
    """
    now, before = _times(raw), _times(earlier)
    known = before.keys() - set(excused)
    where = Place(" + ".join(sorted({str(file) for file in raw["file"].to_pylist()})))
    if gone := known - now.keys():
        raise refusal("earlier_missing", where, sequences=listed(gone))
    moved = [one for one in known if before[one] and moment(now[one]) != list(before[one].timetuple()[:6])]
    if moved:
        raise refusal("earlier_times", where, sequences=listed(moved))


def _times(frame: pa.Table) -> dict[Any, Any]:
    return dict(zip(frame["sequence"].to_pylist(), frame["submitted_at"].to_pylist(), strict=True))
