"""What a claim can be tested on: the answers or their reconstruction, and the figures that the report printed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from calm_pipeline.engine import collect, value
from calm_pipeline.marts.printed import printed_pairs, printed_shares
from calm_pipeline.marts.ticks import Ticks
from calm_pipeline.marts.variants import Variant, Variants
from calm_pipeline.published import Ahead, Published
from calm_pipeline.statistics import Estimate
from calm_pipeline.survey import Survey

Basis = Literal["answers", "printed figures", "reconstruction"]
Known = Literal["all", "direction", "nothing"]
"""How much of what a claim needs is determined by what is known."""


@dataclass(frozen=True)
class Outcome:
    """A claim under one variant: `direction` is None where it cannot be told, `variant` where no index plays a part."""

    name: str
    basis: Basis
    figure: float | None
    direction: bool | None
    holds: bool
    variant: Variant | None = None


@dataclass(frozen=True)
class Evidence:
    """All that is known of one edition."""

    survey: Survey
    counts: pd.DataFrame
    ticks_of: dict[str, list[int]]
    variants: Variants
    published: Published | None
    reconstructed: bool

    @classmethod
    def from_tables(
        cls, survey: Survey, selections: ir.Table, counts: ir.Table, editions: ir.Table, published: Published | None
    ) -> "Evidence":
        """Collect what claims are tested on; how many options are ticked counts neither Others nor "none"."""
        kinds = [(field.name, option) for field in survey.choices() for option in field.question.substantive]
        names = {"field": [field for field, _ in kinds], "option": [option for _, option in kinds]}
        counted = selections.semi_join(ibis.memtable(pa.table(names)), ["field", "option"])
        ticked = counted.group_by("field", "submission_id").agg(
            ticks=counted.selected.sum().fill_null(0), asked=(counted.state != "not_asked").any()
        )
        rows = collect(ticked.filter(ticked.asked).select("field", "ticks"))
        ticks_of = {str(name): [int(one) for one in group] for name, group in rows.groupby("field")["ticks"]}
        variants = Variants(survey, Ticks.from_table(selections, survey))
        reconstructed = bool(value(editions.reconstructed.any()))
        return cls(survey, collect(counts), ticks_of, variants, published, reconstructed)

    @property
    def basis(self) -> Basis:
        """What the answers of this edition are."""
        return "reconstruction" if self.reconstructed else "answers"

    @cached_property
    def pairs(self) -> dict[frozenset[str], Estimate]:
        """The printed correlations."""
        found = printed_pairs(self.published) if self.published else {}
        return {pair: estimate for pair, (estimate, _) in found.items()}

    def printed_ahead(self, stage: str) -> bool:
        """Whether the report says of a stage that its mean is ahead on every index."""
        said = self.published.statements.values() if self.published else ()
        return any(isinstance(one, Ahead) and one.stage_option == stage for one in said)

    def shares(self, question: str) -> dict[str, float]:
        """Share of each option as counted; none where nobody was asked."""
        rows = self.counts[(self.counts["field"] == question) & self.counts["share"].notna()]
        return {str(option): float(share) for option, share in zip(rows["option"], rows["share"], strict=True)}

    def printed_shares(self, question: str) -> dict[str, float]:
        """Share of each option of a question that the report printed."""
        if self.published is None:
            return {}
        found = printed_shares(self.published)
        return {option: count / self.published.base for (key, option), (count, _) in found.items() if key == question}
