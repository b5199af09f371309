"""The numbers of a file's rows over all its parts: in every part or in none, and each once."""

import numpy as np
import pyarrow as pa

from calm_pipeline.errors import Place
from calm_pipeline.exports.refusals import refusal


class Sequences:
    """Takes part after part of one file; `file` is its name."""

    def __init__(self, file: str) -> None:
        self._file, self._seen, self._none = file, np.empty(0, np.int64), False

    def add(self, frame: pa.Table) -> None:
        """Raise ExportRefused if a number stands in an earlier part, or stands in some parts only."""
        column = frame.column("sequence")
        missing = column.null_count > 0
        if (len(self._seen) and missing) or (self._none and not missing):
            raise refusal("sequence_missing", Place(self._file, int(frame.column("row")[0].as_py())))
        self._none = missing
        if not missing:
            self._add(frame, column.to_numpy())

    def _add(self, frame: pa.Table, numbers: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> None:
        known = np.isin(numbers, self._seen) if len(self._seen) and numbers.min() <= self._seen.max() else None
        if known is not None and known.any():
            at = int(np.flatnonzero(known)[0])
            where = Place(self._file, int(frame.column("row")[at].as_py()))
            raise refusal("sequence_repeated", where, sequence=int(numbers[at]))
        self._seen = np.concatenate([self._seen, numbers])
