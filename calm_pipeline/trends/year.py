"""One of the two editions that are compared: its questionnaire and its stored answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from calm_pipeline.engine import value
from calm_pipeline.survey import Survey

PLACE = ("question", "field", "option")
OF_PANEL = ("n_panel", "gained", "lost", "panel_difference", "panel_low", "panel_high", "panel_p")


@dataclass(frozen=True)
class Year:
    """An edition: `counts` are its `option_counts`, `accepted` its accepted submissions (submission_id, library_id)."""

    survey: Survey
    counts: ir.Table
    selections: ir.Table
    accepted: ir.Table
    reconstructed: bool

    @classmethod
    def of(cls, survey: Survey, look: Callable[[str], ir.Table]) -> "Year":
        """The edition of `survey`; `look` gives its published tables by name."""
        submissions, editions = look("submissions"), look("editions")
        accepted = submissions.filter(submissions.status == "accepted").select("submission_id", "library_id")
        reconstructed = bool(value(editions.reconstructed.any()))
        return cls(survey, look("option_counts"), look("selections"), accepted, reconstructed)

    def ticks(self) -> ir.Table:
        """library_id, place and ticked, one row a library that was asked; a blank is no tick, as in a share."""
        asked = self.selections.filter(self.selections.state != "not_asked").join(self.accepted, "submission_id")
        return asked.select("library_id", *PLACE, ticked=asked.selected.fill_null(0) == 1)


def shown(row: Mapping[str, Any], least: int) -> dict[str, Any]:
    """The row without what it says of the libraries of both editions where these are fewer than `least`."""
    few = row.get("n_panel", least) < least
    return {name: value for name, value in row.items() if not (few and name in OF_PANEL)}


def panel(now: Year, last: Year) -> ir.Table:
    """Of the libraries asked in both editions, by option: n, and how many ticked twice, gained or lost."""
    before = last.ticks().rename(ticked_before="ticked")
    both = now.ticks().join(before, ["library_id", *PLACE])
    return both.group_by(*PLACE).agg(
        n=both.count(),
        kept=(both.ticked & both.ticked_before).sum(),
        gained=(both.ticked & ~both.ticked_before).sum(),
        lost=(~both.ticked & both.ticked_before).sum(),
    )
