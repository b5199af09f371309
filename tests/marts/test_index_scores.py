"""Scores and what is told of them do not depend on the engine, nor on the order in which rows come."""

import math
from collections.abc import Iterator

import ibis
import pandas as pd

from calm_pipeline.marts import index_scores, index_ticks, stage_comparison
from tests.reference import DATABASE, PROJECT, SURVEY, frame, tables

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


def test_stages_are_compared_alike_in_whatever_order_scores_come() -> None:
    selections = tables()["selections"]
    scores = DATABASE.to_pyarrow(index_scores(index_ticks(selections, SURVEY)))
    one, other = (
        stage_comparison(
            ibis.memtable(scores.sort_by([("submission_id", way)])), selections, SURVEY, PROJECT.groupings()
        )
        for way in ("ascending", "descending")
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)
