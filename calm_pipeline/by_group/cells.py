"""Counts by group as cells of a system: which are small, and all that everybody knows of how they hang together."""

from math import inf

import numpy as np
import pandas as pd

from calm_pipeline.disclosure import Relations, exposed, protect
from calm_pipeline.survey import Field, Survey

NUMBERS = ("asked", "answered", "count")
Place = tuple[str, str, str]
"""Field, group and option; or field, group and the name of a base."""


class Cells:
    """The counts of one grouping.

    A count is small if fewer than the threshold ticked an option or fewer did not. None and all count as small: where
    all 13 libraries of a group ticked it, everybody learns what each of them answered; where 12 did, only the one who
    knows to be the exception does. To hide the second and show the first would be upside down.

    Known to everybody are the submissions of each group, the totals of `option_counts` and the questionnaire: which
    options exclude each other, who is asked what, and that who answers ticks something. Other groupings add nothing, as
    they share only totals with this one.
    """

    def __init__(self, table: pd.DataFrame, survey: Survey, threshold: int) -> None:
        self.table, self.survey, self.threshold = table, survey, threshold
        self.accepted: dict[str, int] = dict(zip(table["group_name"], table["accepted"].tolist(), strict=True))
        self.true = {(row["field"], row["group_name"], row["option"]): row for row in table.to_dict("records")}
        self.relations, self.small = Relations(), list[bool]()
        self.bases, self.ticks = dict[Place, int](), dict[Place, int]()
        fields = list(survey.choices())
        for one in fields:
            for group in self.accepted:
                self._bases(one, group)
                self._options(one, group)
            self._totals(one)
        for one in fields:
            for group in self.accepted:
                self._gates(one, group)

    def hidden(self) -> pd.DataFrame:
        """Which of the numbers must not be shown, in the rows of the table."""
        system = self.relations.system()
        found = protect(system, np.array(self.small, bool), self.threshold).hidden
        places = list(zip(self.table["field"], self.table["group_name"], self.table["option"], strict=True))
        hidden = {
            **{name: [found[self.bases[*place[:2], name]] for place in places] for name in NUMBERS[:2]},
            "count": [found[self.ticks[place]] for place in places],
        }
        return pd.DataFrame(hidden, index=self.table.index)

    def exposed(self, stored: pd.DataFrame) -> list[Place]:
        """The places at which rows of the stored table tell more than they may.

        A number counts as shown if any row shows it, or a share or an interval from which it can be reckoned.
        """
        hidden = np.ones(len(self.small), bool)
        for row in stored.to_dict("records"):
            place = (row["field"], row["group_name"])
            cells = {name: self.bases[*place, name] for name in NUMBERS[:2]}
            cells["count"] = self.ticks[*place, row["option"]]
            shares = any(pd.notna(row[name]) for name in ("share", "low", "high"))
            for name, cell in cells.items():
                hidden[cell] &= pd.isna(row[name]) and not (shares and name != "answered")
        found = exposed(self.relations.system(), np.array(self.small, bool), hidden, self.threshold)
        return [place for places in (self.bases, self.ticks) for place, cell in places.items() if found[cell]]

    def _add(self, group: str, value: int, of: int, *, known: bool = False) -> int:
        """A number that counts some `of` so many of a group; if `known`, everybody knows it."""
        self.small.append(not known and min(value, of - value) < self.threshold)
        return self.relations.cell(value, value if known else 0, value if known else self.accepted[group])

    def _bases(self, one: Field, group: str) -> None:
        true = self.true[one.name, group, next(iter(one.options))]
        asked = self._add(group, true["asked"], self.accepted[group], known=not one.question.gated)
        answered = asked
        if not one.question.required:
            answered = self._add(group, true["answered"], true["asked"])
            self.small[answered] = self.small[asked]  # silence tells nothing of a library but that it was asked
            self.relations.relate([answered], [asked], at_least=-inf)
        self.bases[one.name, group, "asked"], self.bases[one.name, group, "answered"] = asked, answered

    def _options(self, one: Field, group: str) -> None:
        answered, cells = self.bases[one.name, group, "answered"], dict[str, int]()
        for option in one.options:
            true = self.true[one.name, group, option]
            cells[option] = self.ticks[one.name, group, option] = self._add(group, true["count"], true["answered"])
        if one.type == "single":
            self.relations.relate(cells.values(), [answered])
            return
        alone = [cells[option] for option, about in one.options.items() if about.exclusive]
        self.relations.relate(cells.values(), [answered], at_most=inf)
        for other in [[cell] for cell in cells.values() if cell not in alone] or [[]]:
            self.relations.relate([*alone, *other], [answered], at_least=-inf)

    def _totals(self, one: Field) -> None:
        lines = [[self.bases[one.name, group, name] for group in self.accepted] for name in NUMBERS[:2]]
        lines += [[self.ticks[one.name, group, option] for group in self.accepted] for option in one.options]
        for cells in lines:
            total = sum(self.relations.cells[cell][0] for cell in cells)
            self.relations.relate(cells, [], total, total)

    def _gates(self, one: Field, group: str) -> None:
        """Who is asked, by the options that open or close the question."""
        asked, size = self.bases[one.name, group, "asked"], self.accepted[group]
        opens, closes = one.question.asked_if, one.question.asked_unless
        for key, options in opens.items():
            ticks = [self.ticks[key, group, option] for option in options]
            self.relations.relate([asked], ticks, at_least=-inf)
            if len(opens) == 1 and not closes:
                for some in self._each(key, ticks):
                    self.relations.relate([asked], some, at_most=inf)
        for key, options in closes.items():
            ticks = [self.ticks[key, group, option] for option in options]
            if not opens:
                self.relations.relate([asked, *ticks], [], size, inf)
            if len(closes) == 1:
                for some in self._each(key, ticks):
                    self.relations.relate([asked, *some], [], -inf, size)

    def _each(self, key: str, ticks: list[int]) -> list[list[int]]:
        """At least so many chose any of the options: all together where only one can be chosen, else each of them."""
        return [ticks] if self.survey.questions[key].type == "single" else [[tick] for tick in ticks]
