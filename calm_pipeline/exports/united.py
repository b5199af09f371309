"""All rows of one kind in the order of 序号, over several files: streamed where the files allow it, else in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from calm_pipeline.errors import Place
from calm_pipeline.exports.export import Export
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.stored import Stored

Sequences: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
WHERE = ("file", "row")


@dataclass(frozen=True)
class United:
    """Rows with ascending `sequence`, and the column `file` after those of their frames."""

    frames: Sequence[tuple[str, pa.Table | Stored]]

    @cached_property
    def sequences(self) -> Sequences:
        """The number of each row."""
        return np.concatenate([_sequences(frame) for _, frame in self.frames])

    @property
    def first_file(self) -> str:
        """The file of the first row."""
        file, frame = self.frames[0]
        return file or str(frame.column("file")[0])

    def column(self, name: str) -> list[Any]:
        """One column, in memory."""
        return [value for _, frame in self.frames for value in frame.column(name).to_pylist()]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows."""
        for file, frame in self.frames:
            for batch in frame.to_batches():
                named = batch.schema.get_field_index("file") >= 0
                yield batch if named else batch.append_column("file", pa.array([file] * batch.num_rows, pa.string()))


def united(exports: Sequence[Export]) -> United | None:
    """The rows of these files. The same row twice counts once; two versions of it are refused.

    What an earlier file holds of the numbers of a later one has to be put in order, for which all is read into memory.
    """
    if not exports:
        return None
    ordered = sorted((one for one in exports if one.frame.num_rows), key=lambda one: _sequences(one.frame)[0])
    streamed = United([(one.file, one.frame) for one in ordered or exports])
    return streamed if np.all(np.diff(streamed.sequences) > 0) else _in_order(exports)


def _sequences(frame: pa.Table | Stored) -> Sequences:
    return frame.column("sequence").to_numpy()


def _in_order(exports: Sequence[Export]) -> United:
    frame = pa.Table.from_batches([batch for one in exports for batch in United([(one.file, one.frame)]).batches()])
    first: dict[Any, int] = {}
    for place, sequence in enumerate(frame["sequence"].to_pylist()):
        if sequence in first:
            _check_same(frame, first[sequence], place)
        else:
            first[sequence] = place
    return United([("", frame.take(pa.array([first[sequence] for sequence in sorted(first)], pa.int64())))])


def _check_same(frame: pa.Table, one: int, other: int) -> None:
    earlier, later = frame.slice(one, 1).to_pylist()[0], frame.slice(other, 1).to_pylist()[0]
    if {**earlier, **dict.fromkeys(WHERE)} != {**later, **dict.fromkeys(WHERE)}:
        where = Place(later["file"], later["row"])
        raise refusal("sequence_conflict", where, sequence=later["sequence"], other=earlier["file"])
