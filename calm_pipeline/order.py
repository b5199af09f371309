"""Whether rows that stream by come in the order of a key: each compared with the one before it, over batches too."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Mask: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"


class Order:
    """Looks at batch after batch; `kept` as long as the rows ascend by `key`. Rows with equal keys may come anyhow."""

    def __init__(self, key: Sequence[str]) -> None:
        self._key, self.kept = key, True
        self._last: list[Any] | None = None

    def look(self, batch: pa.RecordBatch) -> None:
        """Look at rows below all that were looked at before."""
        columns: list[Any] = [batch.column(name) for name in self._key]
        if self._last is not None and self.kept:
            columns = [pa.concat_arrays([last, column]) for last, column in zip(self._last, columns, strict=True)]
        self.kept = self.kept and not _descends(columns)
        self._last = [column.slice(len(column) - 1) for column in columns]


def _descends(columns: Sequence[Any]) -> bool:
    """Whether any row comes before the one above it; a null is in no order."""
    open_: Mask = np.ones(len(columns[0]) - 1, dtype=bool)
    for column in columns:
        if column.null_count:
            return True
        above, below = column.slice(0, len(column) - 1), column.slice(1)
        if (open_ & _true(pc.greater(above, below))).any():
            return True
        open_ &= _true(pc.equal(above, below))
        if not open_.any():
            return False
    return False


def _true(mask: Any) -> Mask:
    found: Mask = mask.to_numpy(zero_copy_only=False)
    return found
