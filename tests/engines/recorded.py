"""A plugin of pytest: the raw frames that tests of malformed submissions make are kept in CALM_RECORDED, one a file.

Each test ends there as skipped, before anything is judged, so only the first frame of each is kept.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calm_pipeline.exports.submission import Submission
from calm_pipeline.survey import Survey
from tests.malformed import examples

NUMBERS = count()


@pytest.fixture(autouse=True)
def recording(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    make = examples.raw_frame

    def recorded(survey: Survey, submissions: Sequence[Submission], kinds: Sequence[str]) -> pa.Table:
        pq.write_table(make(survey, submissions, kinds), Path(os.environ["CALM_RECORDED"], f"{next(NUMBERS):04}"))
        pytest.skip("recorded")

    monkeypatch.setattr(examples, "raw_frame", recorded)
    yield
