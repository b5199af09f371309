"""How each kind of claim is tested: what is known of it, and what comes out under each variant."""

from collections.abc import Callable, Iterable, Iterator
from functools import singledispatch
from itertools import combinations, pairwise

import numpy as np

from calm_pipeline import statistics
from calm_pipeline.claims import (
    Ahead,
    AnyClaim,
    Cause,
    Correlated,
    Distinct,
    Effect,
    Leading,
    ManyTicks,
    ShareAbove,
)
from calm_pipeline.marts.evidence import Evidence, Known, Outcome
from calm_pipeline.marts.variants import Variant
from calm_pipeline.statistics import Floats

SIGNIFICANT = 0.05
Figures = tuple[float | None, bool | None, bool]
"""The figure that decides, whether the direction is as claimed, whether the claim holds."""
NOTHING: Figures = (None, None, False)


@singledispatch
def known(_claim: AnyClaim, evidence: Evidence) -> Known:
    """How much of the claim is determined; answers determine all of it, printed figures what was printed."""
    return "nothing" if evidence.reconstructed else "all"


@singledispatch
def outcomes(claim: AnyClaim, evidence: Evidence) -> Iterator[Outcome]:
    """The claim under every variant that can be computed."""
    raise NotImplementedError(type(claim).__name__)


@known.register
def _(_claim: Cause, _evidence: Evidence) -> Known:
    return "nothing"


@outcomes.register
def _(_claim: Cause, _evidence: Evidence) -> Iterator[Outcome]:
    return iter(())


@known.register
def _(claim: Correlated, evidence: Evidence) -> Known:
    printed = all(frozenset(pair) in evidence.pairs for pair in combinations(claim.indices, 2))
    return "all" if printed or not evidence.reconstructed else "nothing"


@outcomes.register
def _(claim: Correlated, evidence: Evidence) -> Iterator[Outcome]:
    pairs = list(combinations(claim.indices, 2))
    if evidence.reconstructed and known(claim, evidence) == "all":
        printed = [evidence.pairs[frozenset(pair)] for pair in pairs]
        yield Outcome("printed", "printed figures", *_positive([(one.value, one.p) for one in printed]))

    def test(variant: Variant) -> Figures:
        found = [statistics.pearson(*_complete(evidence, variant, pair)) for pair in pairs]
        return _positive([(one.value, one.p) for one in found])

    yield from _under_each(evidence, claim.indices, test)


@outcomes.register
def _(claim: Distinct, evidence: Evidence) -> Iterator[Outcome]:
    def test(variant: Variant) -> Figures:
        found = [evidence.variants.disattenuated(variant, *pair) for pair in combinations(claim.indices, 2)]
        values = [one.value for one in found if one.value is not None]
        if len(values) < len(found):
            return NOTHING
        one_thing = any(one.low is not None and one.low >= 1 for one in found)
        apart = all(one.high is not None and max(one.high, one.value or 0) < 1 for one in found)
        return max(values), None if not (one_thing or apart) else apart, apart

    yield from _under_each(evidence, claim.indices, test)


@known.register
def _(claim: Ahead, evidence: Evidence) -> Known:
    if not evidence.reconstructed:
        return "all"
    return "direction" if evidence.printed_ahead(claim.stage) else "nothing"


@outcomes.register
def _(claim: Ahead, evidence: Evidence) -> Iterator[Outcome]:
    def test(variant: Variant) -> Figures:
        sides = [_sides(evidence, variant, index, claim.stage) for index in claim.indices]
        if any(min(map(len, side)) == 0 for side in sides):
            return NOTHING
        leads = [float(here.mean() - rest.mean()) for here, rest in sides]
        found = _positive([(lead, statistics.welch(*side)) for lead, side in zip(leads, sides, strict=True)])
        return _smallest_g(sides), *found[1:]

    yield from _under_each(evidence, claim.indices, test)


@outcomes.register
def _(claim: Effect, evidence: Evidence) -> Iterator[Outcome]:
    def test(variant: Variant) -> Figures:
        sides = [_sides(evidence, variant, index, claim.stage) for index in claim.indices]
        found = [statistics.hedges_g(*side) for side in sides]
        if any(one.value is None for one in found):
            return NOTHING
        smallest, low = _smallest_g(sides) or 0.0, min(one.low or 0.0 for one in found)
        return smallest, smallest > 0, low >= claim.at_least

    yield from _under_each(evidence, claim.indices, test)


@known.register
def _(claim: ShareAbove, evidence: Evidence) -> Known:
    printed = claim.option in evidence.printed_shares(claim.question)
    return "all" if printed or not evidence.reconstructed else "nothing"


@outcomes.register
def _(claim: ShareAbove, evidence: Evidence) -> Iterator[Outcome]:
    def test(shares: dict[str, float]) -> Figures:
        share = shares.get(claim.option)
        return NOTHING if share is None else (share, share > claim.share, share > claim.share)

    yield _counted(claim, claim.question, evidence, test)


@known.register
def _(claim: Leading, evidence: Evidence) -> Known:
    printed = _listed(evidence, claim.question) <= set(evidence.printed_shares(claim.question))
    return "all" if printed or not evidence.reconstructed else "nothing"


@outcomes.register
def _(claim: Leading, evidence: Evidence) -> Iterator[Outcome]:
    def test(shares: dict[str, float]) -> Figures:
        rest = [share for option, share in shares.items() if option in others]
        ahead = [shares[option] for option in claim.options if option in shares]
        if len(ahead) < len(claim.options) or not rest:
            return NOTHING
        gaps = [min(ahead) - max(rest)]
        if claim.ordered:
            gaps += [before - after for before, after in pairwise(ahead)]
        return min(gaps), min(gaps) > 0, min(gaps) > 0

    others = _listed(evidence, claim.question) - set(claim.options)
    yield _counted(claim, claim.question, evidence, test)


@outcomes.register
def _(claim: ManyTicks, evidence: Evidence) -> Iterator[Outcome]:
    ticks = evidence.ticks_of.get(claim.question, [])
    share = sum(one > claim.more_than for one in ticks) / len(ticks) if ticks else None
    above = None if share is None else share > claim.share
    yield Outcome("counted", evidence.basis, share, above, bool(above))


def _under_each(evidence: Evidence, indices: Iterable[str], test: Callable[[Variant], Figures]) -> Iterator[Outcome]:
    for variant in evidence.variants.over(indices):
        yield Outcome(variant.name, evidence.basis, *test(variant), variant)


def _counted(
    claim: AnyClaim, question: str, evidence: Evidence, test: Callable[[dict[str, float]], Figures]
) -> Outcome:
    """A claim about counts, tested on the printed ones where the answers are reconstructed from them."""
    if evidence.reconstructed and known(claim, evidence) == "all":
        return Outcome("printed", "printed figures", *test(evidence.printed_shares(question)))
    return Outcome("counted", evidence.basis, *test(evidence.shares(question)))


def _positive(found: list[tuple[float | None, float | None]]) -> Figures:
    """Values with their p: the smallest value; whether all exceed 0; whether all do so after Holm's correction."""
    values = [value for value, _ in found if value is not None]
    if len(values) < len(found):
        return NOTHING
    adjusted = statistics.holm([p for _, p in found])
    above = min(values) > 0
    return min(values), above, above and all(p is not None and p < SIGNIFICANT for p in adjusted)


def _complete(evidence: Evidence, variant: Variant, pair: Iterable[str]) -> tuple[Floats, Floats]:
    x, y = (evidence.variants.scores(variant, index) for index in pair)
    there = np.isfinite(x) & np.isfinite(y)
    return x[there], y[there]


def _sides(evidence: Evidence, variant: Variant, index: str, stage: str) -> tuple[Floats, Floats]:
    """The scores of the libraries at a stage, and of those at any other."""
    scores, stages = evidence.variants.scores(variant, index), evidence.variants.ticks.stage
    there = np.isfinite(scores) & np.array([one is not None for one in stages], dtype=bool)
    return scores[there & (stages == stage)], scores[there & (stages != stage)]


def _smallest_g(sides: list[tuple[Floats, Floats]]) -> float | None:
    found = [statistics.hedges_g(*side).value for side in sides]
    return min((one for one in found if one is not None), default=None)


def _listed(evidence: Evidence, question: str) -> set[str]:
    options = evidence.survey.questions[question].options
    return {key for key, option in options.items() if option.role != "other"}
