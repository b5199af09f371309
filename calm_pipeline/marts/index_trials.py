"""Claims about indices: each is computed anew under every way in which the indices could have been built."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TypeVar

import numpy as np

from calm_pipeline import statistics
from calm_pipeline.claims import Ahead, Correlated, Distinct, Effect
from calm_pipeline.marts.evidence import Known, Outcome
from calm_pipeline.marts.trial import NOTHING, Figures, Trial
from calm_pipeline.marts.variants import Variant
from calm_pipeline.statistics import Floats

SIGNIFICANT = 0.05
OfIndices = TypeVar("OfIndices", Correlated, Distinct, Ahead, Effect)
OfStage = TypeVar("OfStage", Ahead, Effect)


class UnderVariants(Trial[OfIndices]):
    """What follows from the scores of the indices under one variant."""

    @abstractmethod
    def figures(self, variant: Variant) -> Figures:
        """The claim under the variant."""

    def outcomes(self) -> Iterator[Outcome]:
        for variant in self.evidence.variants.over(self.claim.indices):
            yield Outcome(variant.name, self.evidence.basis, *self.figures(variant), variant)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every two of the indices."""
        return list(combinations(self.claim.indices, 2))


class OfCorrelation(UnderVariants[Correlated]):
    """Positive and significant for every two of the indices; the printed r and n decide it too."""

    @property
    def printed(self) -> Known:
        return "all" if all(frozenset(pair) in self.evidence.pairs for pair in self.pairs) else "nothing"

    def outcomes(self) -> Iterator[Outcome]:
        if self.by_print:
            found = [self.evidence.pairs[frozenset(pair)] for pair in self.pairs]
            yield Outcome("printed", "printed figures", *_positive([(one.value, one.p) for one in found]))
        yield from super().outcomes()

    def figures(self, variant: Variant) -> Figures:
        found = [statistics.pearson(*self._complete(variant, pair)) for pair in self.pairs]
        return _positive([(one.value, one.p) for one in found])

    def _complete(self, variant: Variant, pair: Iterable[str]) -> tuple[Floats, Floats]:
        x, y = (self.evidence.variants.scores(variant, index) for index in pair)
        there = np.isfinite(x) & np.isfinite(y)
        return x[there], y[there]


class OfDistinctness(UnderVariants[Distinct]):
    """Apart if every interval of a disattenuated correlation ends below 1, one thing if one begins there."""

    def figures(self, variant: Variant) -> Figures:
        found = [self.evidence.variants.disattenuated(variant, *pair) for pair in self.pairs]
        values = [one.value for one in found if one.value is not None]
        if len(values) < len(found):
            return NOTHING
        one_thing = any(one.low is not None and one.low >= 1 for one in found)
        apart = all(one.high is not None and max(one.high, one.value or 0) < 1 for one in found)
        return max(values), None if not (one_thing or apart) else apart, apart


class BetweenStages(UnderVariants[OfStage]):
    """What follows from the scores of the libraries at a stage and of all others."""

    def sides(self, variant: Variant) -> list[tuple[Floats, Floats]]:
        """For each index the scores at the stage, and those at any other."""
        stages = self.evidence.variants.ticks.stage
        known = np.array([one is not None for one in stages], dtype=bool)
        found = []
        for index in self.claim.indices:
            scores = self.evidence.variants.scores(variant, index)
            there = np.isfinite(scores) & known
            found.append((scores[there & (stages == self.claim.stage)], scores[there & (stages != self.claim.stage)]))
        return found


class OfLead(BetweenStages[Ahead]):
    """A higher mean on every index, significantly; the report may print the direction."""

    @property
    def printed(self) -> Known:
        return "direction" if self.evidence.printed_ahead(self.claim.stage) else "nothing"

    def figures(self, variant: Variant) -> Figures:
        sides = self.sides(variant)
        if any(min(map(len, side)) == 0 for side in sides):
            return NOTHING
        leads = [float(here.mean() - rest.mean()) for here, rest in sides]
        found = _positive([(lead, statistics.welch(*side)) for lead, side in zip(leads, sides, strict=True)])
        sizes = [statistics.hedges_g(*side).value for side in sides]
        return min((one for one in sizes if one is not None), default=None), *found[1:]


class OfSize(BetweenStages[Effect]):
    """A lead of which even the lower end of the interval is of the size claimed, on every index."""

    def figures(self, variant: Variant) -> Figures:
        found = [statistics.hedges_g(*side) for side in self.sides(variant)]
        sizes = [one.value for one in found if one.value is not None]
        if len(sizes) < len(found):
            return NOTHING
        low = min(one.low or 0.0 for one in found)
        return min(sizes), min(sizes) > 0, low >= self.claim.at_least


def _positive(found: list[tuple[float | None, float | None]]) -> Figures:
    """Values with their p: the smallest value; whether all exceed 0; whether all do so after Holm's correction."""
    values = [value for value, _ in found if value is not None]
    if len(values) < len(found):
        return NOTHING
    adjusted = statistics.holm([p for _, p in found])
    above = min(values) > 0
    return min(values), above, above and all(p is not None and p < SIGNIFICANT for p in adjusted)
