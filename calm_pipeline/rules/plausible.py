"""Signs that nobody read the questions: everything ticked, or the same place ticked in all of them."""

from functools import reduce
from operator import add, and_

import ibis
import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.rules.conditions import Mask
from calm_pipeline.survey import Field, Survey

FEWEST = 4
"""Choice questions that must have been answered before their pattern means anything."""


def all_ticked(survey: Survey) -> Mask | None:
    """Whether every option that may stand beside others is ticked in every multiple response answered."""
    fields = [field for field in survey.choices() if field.type == "multiple" and _beside(field)]
    if len(fields) < FEWEST:
        return None

    def everything(frame: ir.Table) -> ir.BooleanValue:
        whole = reduce(and_, (_whole(frame, field) | ~_answered(frame, field) for field in fields))
        return whole & _enough(frame, fields)

    return everything


def straight_lined(survey: Survey) -> Mask | None:
    """Whether every choice question answered has one option chosen, always the one at the same place."""
    fields = [field for field in survey.choices() if field.type in ("single", "multiple")]
    if len(fields) < FEWEST:
        return None

    def same_place(frame: ir.Table) -> ir.BooleanValue:
        places = [ibis.ifelse(_answered(frame, field), _only(frame, field), ibis.null("int64")) for field in fields]
        first, last = ibis.least(*places), ibis.greatest(*places)
        return (first == last) & (first > 0) & _enough(frame, fields)

    return same_place


def _answered(frame: ir.Table, field: Field) -> ir.BooleanValue:
    return frame[columns.state(field.name)] == "answered"


def _enough(frame: ir.Table, fields: list[Field]) -> ir.BooleanValue:
    return reduce(add, (_answered(frame, field).cast("int64") for field in fields)) >= FEWEST


def _whole(frame: ir.Table, field: Field) -> ir.BooleanValue:
    return reduce(and_, (frame[columns.tick(field.name, key)] == 1 for key in _beside(field))).fill_null(False)


def _beside(field: Field) -> list[str]:
    """The options that may stand beside others."""
    return [key for key, option in field.options.items() if not option.exclusive]


def _only(frame: ir.Table, field: Field) -> ir.IntegerValue:
    """The place of the one option chosen, from 1; 0 if several are."""
    if field.type == "single":
        return ibis.cases(*((frame[field.name] == key, n) for n, key in enumerate(field.options, 1)), else_=0)
    ticks = [frame[columns.tick(field.name, key)].cast("int64") for key in field.options]
    return ibis.ifelse(reduce(add, ticks) == 1, reduce(add, (n * tick for n, tick in enumerate(ticks, 1))), 0)
