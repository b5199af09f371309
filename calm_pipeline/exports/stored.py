"""The frame of one file on disk while an edition is received: what the reader hands on, so nothing personal."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Self
from weakref import finalize

import numpy as np
import pyarrow as pa
from pyarrow import ipc

PACKED = ipc.IpcWriteOptions(compression="lz4")


class Folder:
    """A folder that is there as long as something of what lies in it is at hand."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="calm-"))
        finalize(self, rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class Stored:
    """Stands in for a table that is too large for memory, as far as pairing needs one: batches and single columns.

    `first` is the number of the first row where rows are known by their position, None where they have a sequence.
    `folder` is what the file goes with, if it is not there to stay.
    """

    file: Path
    num_rows: int
    first: int | None = None
    folder: Folder | None = None

    def to_batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in the order of the file."""
        at = self.first
        for batch in self._read():
            if at is not None:
                places = pa.array(np.arange(at, at + batch.num_rows))
                batch, at = batch.set_column(0, batch.schema.field(0), places), at + batch.num_rows
            yield batch

    def column(self, name: str) -> "pa.ChunkedArray[Any]":
        """One column, in memory."""
        if self.first is not None and name == "sequence":
            return pa.chunked_array([pa.array(np.arange(self.first, self.first + self.num_rows))])
        return pa.chunked_array([batch.column(name) for batch in self._read(name)])

    def _read(self, *names: str) -> Iterator[pa.RecordBatch]:
        with ipc.open_file(str(self.file)) as about:
            places = [about.schema.get_field_index(name) for name in names] or None
        with ipc.open_file(str(self.file), options=ipc.IpcReadOptions(included_fields=places)) as stored:
            yield from (stored.get_batch(number) for number in range(stored.num_record_batches))

    def by_position(self) -> Self:
        """The same rows, numbered from 1."""
        return replace(self, first=1)


def store(frames: Iterator[pa.Table], folder: Folder) -> Stored:
    """Write frames of one schema one after the other."""
    first, rows, file = next(frames), 0, folder.path / str(len(list(folder.path.iterdir())))
    with ipc.new_file(str(file), first.schema, options=PACKED) as out:
        for frame in chain([first], frames):
            out.write_table(frame)
            rows += frame.num_rows
    return Stored(file, rows, folder=folder)
