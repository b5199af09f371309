"""One of the two editions that are compared: its questionnaire and its stored answers."""

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir

from calm_pipeline.engine import value
from calm_pipeline.survey import Survey


@dataclass(frozen=True)
class Year:
    """An edition with its `selections`, its accepted libraries (submission_id, library_id), and what they are worth."""

    survey: Survey
    selections: ir.Table
    accepted: ir.Table
    reconstructed: bool

    @classmethod
    def of(cls, survey: Survey, look: Callable[[str], ir.Table]) -> "Year":
        """The edition of `survey`; `look` gives its published tables by name."""
        submissions, editions = look("submissions"), look("editions")
        accepted = submissions.filter(submissions.status == "accepted").select("submission_id", "library_id")
        return cls(survey, look("selections"), accepted, bool(value(editions.reconstructed.any())))

    def ticks(self) -> ir.Table:
        """library_id, field, option and ticked, a row a library that was asked; a blank is no tick, as in a share."""
        asked = self.selections.filter(self.selections.state != "not_asked").join(self.accepted, "submission_id")
        return asked.select("library_id", "field", "option", ticked=asked.selected.fill_null(0) == 1)


def panel(now: Year, last: Year) -> ir.Table:
    """Of the libraries asked in both editions, by field and option: n, and how many ticked twice, gained or lost."""
    before = last.ticks().rename(ticked_before="ticked")
    both = now.ticks().join(before, ["library_id", "field", "option"])
    return both.group_by("field", "option").agg(
        n=both.count(),
        kept=(both.ticked & both.ticked_before).sum(),
        gained=(both.ticked & ~both.ticked_before).sum(),
        lost=(~both.ticked & both.ticked_before).sum(),
    )
