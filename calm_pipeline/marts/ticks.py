"""The ticks behind the indices as arrays, once an edition; everything that varies an index starts from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from calm_pipeline.survey import Survey

Bytes: TypeAlias = npt.NDArray[np.int8]
BITS = 62
"""Ticks that a number of the engine holds."""


@dataclass(frozen=True)
class Ticks:
    """Accepted submissions in the order of their ids.

    `ticked` holds by question an array (n x options in the questionnaire's order) of 0 and 1, 0 also where nothing was
    asked or said; `asked` by question who was asked; `stage` the option chosen, or None.
    """

    ticked: Mapping[str, Bytes]
    asked: Mapping[str, npt.NDArray[np.bool_]]
    stage: npt.NDArray[np.object_]

    @classmethod
    def from_table(cls, selections: ir.Table, survey: Survey) -> "Ticks":
        """Take the questions of the indices and the stage out of `selections`."""
        keys = list(dict.fromkeys(key for index in survey.indices.values() for key in index.questions))
        each = {key: _of_question(selections, key, list(survey.questions[key].options)) for key in keys}
        return cls(
            ticked={key: ticked for key, (ticked, _) in each.items()},
            asked={key: asked for key, (_, asked) in each.items()},
            stage=_stages(selections, survey.stage or ""),
        )

    @property
    def n(self) -> int:
        """How many submissions there are."""
        return len(self.stage)


def _of_question(selections: ir.Table, key: str, options: list[str]) -> tuple[Bytes, npt.NDArray[np.bool_]]:
    """Who ticked what of a question, and who was asked; the engine puts the ticks of a submission into bits."""
    rows = selections.filter(selections.question == key)
    words = {f"bits_{first}": options[first : first + BITS] for first in range(0, len(options), BITS)}
    bits = {name: _bits(rows, some).sum().cast("int64") for name, some in words.items()}
    asked = (rows.state != "not_asked").any()
    found = rows.group_by("submission_id").agg(**bits, asked=asked).order_by("submission_id").to_pyarrow()
    ticked = [_bit(found[name], place) for name, some in words.items() for place in range(len(some))]
    return np.column_stack(ticked), found["asked"].to_numpy().astype(bool)


def _bit(words: "pa.ChunkedArray[Any]", place: int) -> Bytes:
    return (words.to_numpy() >> place & 1).astype(np.int8)


def _bits(rows: ir.Table, options: list[str]) -> ir.IntegerValue:
    """In a ticked row the bit of its option."""
    places = ((rows.option == option, ibis.literal(1 << place, "int64")) for place, option in enumerate(options))
    return rows.selected.fill_null(0) * ibis.cases(*places, else_=ibis.literal(0, "int64"))


def _stages(selections: ir.Table, key: str) -> npt.NDArray[np.object_]:
    chosen = selections.filter(selections.question == key, selections.selected == 1)
    all_ = selections.select("submission_id").distinct()
    found = all_.left_join(chosen.select("submission_id", stage="option"), "submission_id").order_by("submission_id")
    return np.array(found.stage.to_pyarrow().to_pylist(), dtype=object)
