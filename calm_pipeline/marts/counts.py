"""How often each option was ticked, with its base and intervals."""

import ibis.expr.types as ir
import pandas as pd

from calm_pipeline import statistics
from calm_pipeline.engine import collect, value
from calm_pipeline.gates import EVERYBODY, gate_sentence
from calm_pipeline.survey import Survey


def option_counts(selections: ir.Table, libraries: ir.Table, survey: Survey) -> pd.DataFrame:
    """Asked, answered and ticked, with 95% intervals of ticked / asked; one row a field and option.

    low and high are Wilson's; finite_low and finite_high take into account how many eligible libraries there are.
    """
    counts = selections.group_by("edition", "question", "field", "option").agg(
        accepted=selections.count(),
        asked=(selections.state != "not_asked").sum(),
        answered=(selections.state == "answered").sum(),
        count=selections.selected.sum().fill_null(0),
    )
    frame = _shown(survey).merge(collect(counts), how="left", on=["edition", "question", "field", "option"])
    numbers = ["accepted", "asked", "answered", "count"]
    frame[numbers] = frame[numbers].fillna(0).astype("int64")
    frame["share"] = (frame["count"] / frame["asked"]).where(frame["asked"] > 0)
    population = value(libraries.filter(libraries.eligible).count())
    bases = zip(frame["accepted"], frame["asked"], frame["count"], strict=True)
    ends = pd.DataFrame([_intervals(*row, population) for row in bases])
    sentences = {key: gate_sentence(survey, key) or EVERYBODY for key in survey.questions}
    frame["base_en"] = [sentences[key].en for key in frame["question"]]
    frame["base_zh"] = [sentences[key].zh for key in frame["question"]]
    return frame.join(ends)


def _intervals(accepted: int, asked: int, count: int, population: int) -> dict[str, float | None]:
    factor = statistics.finite_population_correction(accepted, population)
    low, high = statistics.wilson(count, asked) or (None, None)
    finite_low, finite_high = statistics.wilson_finite(count, asked, factor) or (None, None)
    return {"low": low, "high": high, "finite_low": finite_low, "finite_high": finite_high}


def _shown(survey: Survey) -> pd.DataFrame:
    """Every option of every field, so that none is missing where nobody was asked."""
    rows = [(survey.edition, field.key, field.name, key) for field in survey.choices() for key in field.options]
    return pd.DataFrame(rows, columns=["edition", "question", "field", "option"])
