"""A table of many submissions as a folder of parts: ten thousand names each, every one a Parquet file like any."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calm_pipeline.sheet import Sheet, rows_at_once
from calm_pipeline.tables import Contract

TAIL = 4
"""Submissions whose names differ in no more than so many last characters lie in one part."""
OPEN = 16
"""Parts that are written at a time."""


class Parts:
    """Takes rows of which those of a part come one after the other, or at least not far apart."""

    def __init__(self, contract: Contract, folder: Path) -> None:
        self._contract, self._folder = contract, folder
        self._open: dict[str, Sheet] = {}
        self._done: set[str] = set()

    def begin(self, part: str) -> Sheet:
        """The part of that name, which is there from now on even if it stays empty."""
        if part not in self._open:
            if part in self._done:
                raise ValueError("rows about the same submissions are too far apart")
            if len(self._open) == OPEN:
                self._close(next(iter(self._open)))
            self._open[part] = Sheet(self._contract, self._folder / f"{part}.parquet")
        return self._open[part]

    def add(self, batch: pa.RecordBatch) -> None:
        """The next rows."""
        for part, rows in _cut(batch):
            self.begin(part).add(rows)

    def close(self) -> None:
        """Write what remains; of no rows at all an empty part."""
        if not self._done and not self._open:
            self.begin("none")
        for part in list(self._open):
            self._close(part)

    def _close(self, part: str) -> None:
        self._open.pop(part).close()
        self._done.add(part)


def _cut(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    ids: Any = batch["submission_id"]
    ends: Any = pc.min_max(ids).as_py()
    lengths: Any = pc.min_max(pc.binary_length(ids)).as_py()
    if batch.num_rows and lengths["min"] == lengths["max"] and ends["min"][:-TAIL] == ends["max"][:-TAIL]:
        yield ends["min"][:-TAIL], batch
    elif batch.num_rows:
        names: Any = pc.utf8_slice_codeunits(ids, 0, -TAIL)
        for name in names.unique().to_pylist():
            yield name, batch.filter(pc.equal(names, name))


def put(draft: Path, file: Path) -> None:
    """Put a folder of parts where the table is; one file alone becomes the table's only one.

    Of a folder there is an instant in which the table is not there; whoever writes it holds its edition.
    """
    made = list(draft.iterdir())
    new = made[0] if len(made) == 1 else draft
    before = draft.with_name(f"{draft.name}.before")
    rmtree(before, ignore_errors=True)
    if file.is_dir() or (file.exists() and new.is_dir()):
        os.replace(file, before)
    os.replace(new, file)
    before.unlink() if before.is_file() else rmtree(before, ignore_errors=True)


def unite(folder: Path, contract: Contract, to: Path) -> None:
    """All parts as one file."""
    sheet = Sheet(contract, to)
    for part in sorted(folder.glob("*.parquet")):
        for batch in pq.ParquetFile(part, page_checksum_verification=True).iter_batches(rows_at_once(contract)):
            sheet.add(batch)
    sheet.close()
