"""One file after reading: what readers hand on and what is joined."""

from dataclasses import dataclass, field

import pyarrow as pa

from calm_pipeline.exports.headers import Kind
from calm_pipeline.exports.person import Person
from calm_pipeline.exports.remarks import Remark
from calm_pipeline.exports.stored import Stored

FIRST_ROW = 2
"""The row below the header, as a spreadsheet counts."""
PLATFORM: dict[str, pa.DataType] = {
    "sequence": pa.int64(),
    "row": pa.int64(),
    "submitted_at": pa.string(),
    "duration": pa.string(),
    "flagged": pa.bool_(),
}


@dataclass(frozen=True)
class Export:
    """The answers of one file, by text or by number.

    `frame` has the columns of PLATFORM and then one text column for each field of the survey; option columns are
    joined by ┋ in the order of the questionnaire. `sequence` is null in all rows if the file has none. Columns that
    no question of the survey owns were dropped. `reconstructed` says that every row of it was made by this project and
    given by no library. `remarks` say what was mended in the file. `persons` are what was withheld, one a row of the
    frame; they go into the vault and nowhere else.
    """

    file: str
    kind: Kind
    frame: pa.Table | Stored
    reconstructed: bool = False
    remarks: tuple[Remark, ...] = ()
    persons: tuple[Person, ...] = field(default=(), repr=False, compare=False)

    @property
    def table(self) -> pa.Table:
        """The frame in memory."""
        return pa.Table.from_batches(self.frame.to_batches()) if isinstance(self.frame, Stored) else self.frame
