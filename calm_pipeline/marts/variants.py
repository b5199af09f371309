"""Every way in which an index could have been built instead, and what its items then contribute to the score."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from calm_pipeline import statistics
from calm_pipeline.marts.indices import DEFINITIONS
from calm_pipeline.marts.ticks import Bytes, Ticks
from calm_pipeline.statistics import Estimate, Floats, Scale
from calm_pipeline.survey import Survey

CELLS = 100_000_000
"""How much of the scales is held: all of few submissions, two of many."""


@dataclass(frozen=True)
class Variant:
    """One way to build the indices: with or without Others as an option, and without one of the questions."""

    definition: str
    others: bool = False
    left_out: str | None = None

    @property
    def name(self) -> str:
        """Unique among the variants of an edition."""
        return ".".join([self.definition, "others" if self.others else "plain", self.left_out or "all"])


class Variants:
    """The indices of an edition in every variant; a scale that several claims need is made once, if it can be held."""

    def __init__(self, survey: Survey, ticks: Ticks) -> None:
        self.survey, self.ticks = survey, ticks
        widest = sum(len(question.options) for question in survey.questions.values())
        self._scale = lru_cache(max(2, CELLS // max(ticks.n * widest, 1)))(self._make)

    def over(self, indices: Iterable[str]) -> Iterator[Variant]:
        """All variants of these indices; a question is left out only where others remain."""
        members = [self.survey.indices[name].questions for name in indices]
        spared = [None, *dict.fromkeys(key for questions in members for key in questions)]
        for definition, others, left_out in product(DEFINITIONS, (False, True), spared):
            if all(set(questions) - {left_out} for questions in members):
                yield Variant(definition, others, left_out)

    def scale(self, variant: Variant, index: str) -> Scale:
        """What each option contributes to the score of each submission; NaN in rows without a score."""
        inside = variant.left_out in self.survey.indices[index].questions
        return self._scale(index, variant if inside else Variant(variant.definition, variant.others))

    def scores(self, variant: Variant, index: str) -> Floats:
        """The score of each submission, but for a constant; NaN where there is none."""
        sums: Floats = self.scale(variant, index).items.sum(axis=1)
        return sums

    def disattenuated(self, variant: Variant, one: str, other: str) -> Estimate:
        """The correlation of two indices as if both were measured without error."""
        scales = [self.scale(variant, name) for name in (one, other)]
        there = np.logical_and.reduce([np.isfinite(scale.items).all(axis=1) for scale in scales])
        if not there.all():
            scales = [Scale(scale.items[there]) for scale in scales]
        return statistics.disattenuated(*scales)

    def _make(self, index: str, variant: Variant) -> Scale:
        keys = [key for key in self.survey.indices[index].questions if key != variant.left_out]
        ticks = [self.ticks.ticked[key][:, self._columns(key, others=variant.others)] for key in keys]
        weights = self._weights(variant, keys, ticks)
        return Scale(np.hstack([part * weight for part, weight in zip(ticks, weights, strict=True)]))

    def _columns(self, key: str, *, others: bool) -> list[int]:
        roles = {"substantive", "other"} if others else {"substantive"}
        options = self.survey.questions[key].options.values()
        return [place for place, option in enumerate(options) if option.role in roles]

    def _weights(self, variant: Variant, keys: list[str], ticks: list[Bytes]) -> Iterable[Floats]:
        """What a tick counts, by question; an array (n x 1), since a mean share is one of the questions asked."""
        ones = np.ones((self.ticks.n, 1))
        if variant.definition == "sum":
            return [ones] * len(keys)
        if variant.definition == "mean_share":
            asked = np.column_stack([self.ticks.asked[key] for key in keys])
            counted = asked.sum(axis=1, keepdims=True, dtype=float)
            counted[counted == 0] = np.nan
            return [ones / (counted * part.shape[1]) for part in ticks]
        spreads = [float(part.sum(axis=1).std()) if len(part) else 0.0 for part in ticks]
        varying = sum(spread > 0 for spread in spreads) or np.nan
        return [ones * (1 / (spread * varying) if spread > 0 else 0.0 * varying) for spread in spreads]
