"""Scores are what exact arithmetic gives, so that no engine and no order of adding can give others."""

import math
from collections.abc import Iterator

import pandas as pd

from calm_pipeline.marts import index_scores, index_ticks
from tests.reference import DATABASE, SURVEY, frame, tables

PARTS = 10**12


def z_scores(question: str) -> Iterator[tuple[str, int]]:
    """Of each submission, in whole parts."""
    selections = frame("selections")
    counted = (selections["question"] == question) & selections["option"].isin(SURVEY.questions[question].substantive)
    ticked = selections[counted].groupby("submission_id")["selected"].sum().astype(int).to_dict()
    n, total = len(ticked), sum(ticked.values())
    spread = math.sqrt(n * sum(one * one for one in ticked.values()) - total * total)
    yield from ((name, math.floor((n * one - total) / spread * PARTS + 0.5)) for name, one in ticked.items())


def test_z_scores_are_added_in_whole_parts() -> None:
    found = DATABASE.to_pyarrow(index_scores(index_ticks(tables()["selections"], SURVEY))).to_pandas()
    for name, index in SURVEY.indices.items():
        zs = pd.DataFrame([row for key in index.questions for row in z_scores(key)]).groupby(0)[1]
        expected = {one: math.floor(z.sum() / z.count() + 0.5) / PARTS for one, z in zs}
        of_index = found[found["index_name"] == name].set_index("submission_id")["mean_z"]
        assert of_index.to_dict() == expected
