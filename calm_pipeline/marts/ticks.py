"""The ticks behind the indices as arrays, once an edition; everything that varies an index starts from them."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from calm_pipeline.engine import collect
from calm_pipeline.statistics import Floats
from calm_pipeline.survey import Survey


@dataclass(frozen=True)
class Ticks:
    """Accepted submissions in the order of their ids.

    `ticked` holds by question an array (n x options in the questionnaire's order) of 0 and 1, 0 also where nothing was
    asked or said; `asked` by question who was asked; `stage` the option chosen, or None.
    """

    ticked: Mapping[str, Floats]
    asked: Mapping[str, npt.NDArray[np.bool_]]
    stage: npt.NDArray[np.object_]

    @classmethod
    def from_table(cls, selections: ir.Table, survey: Survey) -> "Ticks":
        """Take the questions of the indices and the stage out of `selections`."""
        keys = dict.fromkeys(key for index in survey.indices.values() for key in index.questions)
        wanted = [*keys, survey.stage] if survey.stage else list(keys)
        columns = ["submission_id", "question", "option", "state", "selected"]
        frame = collect(selections.filter(selections.question.isin(wanted)).select(*columns))
        ids = frame["submission_id"].drop_duplicates().sort_values()
        ticked, asked = {}, {}
        for key in keys:
            rows = frame[frame["question"] == key]
            wide = rows.pivot(index="submission_id", columns="option", values="selected")
            wide = wide.reindex(index=ids, columns=list(survey.questions[key].options))
            ticked[key] = wide.astype(float).fillna(0.0).to_numpy()
            asked[key] = ids.isin(rows.loc[rows["state"] != "not_asked", "submission_id"]).to_numpy(bool)
        chosen = frame[(frame["question"] == survey.stage) & (frame["selected"] == 1)]
        stage = chosen.set_index("submission_id")["option"].reindex(ids).astype(object).to_numpy()
        return cls(ticked, asked, stage)

    @property
    def n(self) -> int:
        """How many submissions there are."""
        return len(self.stage)
