"""What is drawn from: every submission of a reconstruction as the cells of its exports, and which may be mixed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from calm_pipeline.exports.answers import cell
from calm_pipeline.exports.headers import Column, Kind, layout
from calm_pipeline.exports.submission import Submission
from calm_pipeline.reconstruct import Reconstruction
from calm_pipeline.reconstruct.kinds import VALID
from calm_pipeline.rules import Rule
from calm_pipeline.survey import Survey

OWN_NAME = ("unknown_library", "ambiguous_library", "library_missing", "test_submission")
"""Kinds that stand in their library cell themselves; all others answer for the library of their row."""


@dataclass(frozen=True)
class Pool:
    """`submissions` are those of the reconstruction, `valid` the places of the ones that count, by how much they tick.

    `spoilt` are the others: a kind, and the places of the one row or the two rows that it takes.
    """

    survey: Survey
    submissions: Sequence[Submission]
    valid: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    spoilt: Sequence[tuple[str, tuple[int, ...]]]
    rules: Sequence[Rule]

    def columns(self, kind: Kind) -> dict[str, tuple[str, "pa.Array[Any]"]]:
        """Header -> the question and one text a submission, in the order of the export."""
        return {
            title: (column.key, pa.array([self._text(one, column, kind) for one in self.submissions], pa.string()))
            for column, title in layout(self.survey, kind)
        }

    def _text(self, one: Submission, column: Column, kind: Kind) -> str:
        return str(cell(self.survey, one, column, kind))

    @cached_property
    def blocks(self) -> dict[str, int]:
        """Question -> number of its block. Questions that a rule looks at together come from one respondent."""
        joined = {key: key for key in self.survey.questions}

        def first(key: str) -> str:
            return key if joined[key] == key else first(joined[key])

        for rule in self.rules:
            for one, other in zip(rule.questions, rule.questions[1:], strict=False):
                joined[first(other)] = first(one)
        numbers = {key: number for number, key in enumerate(dict.fromkeys(map(first, joined)))}
        return {key: numbers[first(key)] for key in joined}


def pool_of(survey: Survey, rules: Sequence[Rule], made: Reconstruction) -> Pool:
    """The pool of a reconstruction."""
    places = {one.sequence: place for place, one in enumerate(made.submissions)}
    valid = sorted(made.valid, key=lambda one: (_ticks(survey, one), one.sequence))
    return Pool(
        survey,
        made.submissions,
        np.array([places[one.sequence] for one in valid], dtype=np.int64),
        list(_spoilt(survey, made, places)),
        rules,
    )


def _ticks(survey: Survey, one: Submission) -> float:
    """The mean share of ticked options over the questions of all indices."""
    keys = [key for index in survey.indices.values() for key in index.questions]
    shares = [
        len(set(answer) & set(survey.questions[key].substantive)) / len(survey.questions[key].substantive)
        for key in keys
        for answer in [one.answers[key]]
        if isinstance(answer, dict)
    ]
    return sum(shares) / max(len(keys), 1)


def _spoilt(survey: Survey, made: Reconstruction, places: dict[int, int]) -> Iterable[tuple[str, tuple[int, ...]]]:
    of_library: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in made.submissions:
        kind = made.kinds[one.sequence]
        if kind == "contradicting":
            of_library[kind, str(one.answers[survey.library])].append(places[one.sequence])
        elif kind == "superseded":
            yield kind, (places[one.sequence], places[one.sequence])
        elif kind != VALID:
            yield kind, (places[one.sequence],)
    yield from ((kind, tuple(rows)) for (kind, _), rows in of_library.items())
