"""The register of a simulation: a library for each row, with the staff that its kind of submission needs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv

from calm_pipeline.clean.register import HEADER
from calm_pipeline.reconstruct import Reconstruction
from calm_pipeline.simulate.cells import identifier, library
from calm_pipeline.simulate.draw import Batch
from calm_pipeline.simulate.pool import Pool


class RegisterWriter:
    """Writes `libraries.csv` batch by batch.

    Staff counts, provinces and types are those of the reconstruction's eligible libraries in turn. The first two
    libraries share the alias by which an ambiguous one calls itself.
    """

    def __init__(self, file: Path, pool: Pool, made: Reconstruction) -> None:
        self._pool = pool
        least = pool.survey.eligibility.staff_at_least
        self._models = [row for row in made.register if row["staff_count"] and int(row["staff_count"]) >= least]
        self._alias = next(_shared(made), "")
        self._schema = pa.schema([(name, pa.string()) for name in HEADER])
        self._writer = csv.CSVWriter(file, self._schema)

    def write(self, batch: Batch) -> None:
        """One row for each row of the batch."""
        numbers = pa.array(range(batch.first, batch.first + batch.size), pa.int64())
        models = pa.array(numbers.to_numpy() % len(self._models))
        model = {name: pa.array([row[name] for row in self._models]).take(models) for name in HEADER}
        names = library(numbers.to_numpy())
        staff: list[Any] = model["staff_count"].to_pylist()
        for number, kind in batch.kinds.items():
            staff[number - batch.first] = self._staff(kind, staff[number - batch.first])
        aliases = [self._alias if batch.first + row < 2 else "" for row in range(batch.size)]
        columns = {
            "library_id": identifier(numbers.to_numpy()),
            "name_zh": names,
            "name_en": pa.array([""] * batch.size),
            "aliases": pa.array(aliases),
            "province": model["province"],
            "type": model["type"],
            "staff_count": pa.array(staff, pa.string()),
        }
        self._writer.write_batch(pa.RecordBatch.from_arrays(list(columns.values()), schema=self._schema))

    def _staff(self, kind: str, otherwise: str) -> str:
        least = self._pool.survey.eligibility.staff_at_least
        return {"below_staff": str(least // 2), "staff_unknown": ""}.get(kind, otherwise)

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


def _shared(made: Reconstruction) -> Iterator[str]:
    one, other = (set(row["aliases"].split("|")) for row in made.register[:2])
    yield from one & other - {""}
