"""What people put around the table of an export, as far as the survey file declares it: title rows and a total row."""

from collections.abc import Sequence
from dataclasses import dataclass

from calm_pipeline.exports.wenjuanxing import METADATA


@dataclass(frozen=True)
class Surround:
    """At most `rows_above` rows above the header, and at most one below the answers that begins with `total_below`."""

    rows_above: int = 0
    total_below: str | None = None

    def above(self, records: Sequence[list[str]]) -> int:
        """How many rows stand above the header, which is the first of these that names a column of the platform."""
        nearest = enumerate(records[: self.rows_above + 1])
        return next((place for place, record in nearest if names_a_column(record)), 0)

    def below(self, records: Sequence[list[str]]) -> int:
        """1 if the last row is the total."""
        first = next(filter(None, records[-1]), "") if records else ""
        return int(self.total_below is not None and first.strip() == self.total_below)


NOTHING = Surround()


def names_a_column(record: Sequence[str]) -> bool:
    """Whether a row holds the title of a column that the platform itself writes."""
    return any(cell.strip() in METADATA.values() for cell in record)
