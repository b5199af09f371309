"""From the first draw to the printed correlations: ticks change places within a column, so that margins stay exact."""

from dataclasses import dataclass

from calm_pipeline.reconstruct.chance import Chance
from calm_pipeline.reconstruct.refusals import RECONSTRUCTION, ReconstructionError
from calm_pipeline.reconstruct.sample import Sample
from calm_pipeline.reconstruct.scores import DEFINITIONS, Counts, Scores, centred, product, tick_counts

MOST_TRIALS = 200_000
Pair = tuple[str, str]


@dataclass(frozen=True)
class Swap:
    """A tick moves from one library to another."""

    index: str
    question: str
    option: str
    giver: int
    taker: int


class Fit:
    """A sample, its centred scores by definition and index, and how far their correlations are from the targets."""

    def __init__(self, sample: Sample, targets: dict[Pair, float]) -> None:
        self.sample, self.targets = sample, targets
        self.counts: dict[str, Counts] = {name: tick_counts(sample, name) for name in sample.survey.indices}
        self.scores: dict[str, dict[str, Scores]] = {definition: {} for definition in DEFINITIONS}
        for name in self.counts:
            self._rescore(name)

    def correlations(self) -> dict[tuple[str, Pair], float]:
        """Pearson's r by definition and pair of indices."""
        return {
            (definition, pair): product(self.scores[definition][pair[0]], self.scores[definition][pair[1]])
            for definition in DEFINITIONS
            for pair in self.targets
        }

    def errors(self) -> list[float]:
        """What each correlation lacks or exceeds."""
        return [r - self.targets[pair] for (_, pair), r in self.correlations().items()]

    def loss(self) -> float:
        """The sum of squared errors."""
        errors = self.errors()
        return product(errors, errors)

    def apply(self, swap: Swap) -> None:
        """Make a swap."""
        column, counts = self.sample.ticks[swap.question][swap.option], self.counts[swap.index][swap.question]
        for one, step in ((swap.giver, -1), (swap.taker, 1)):
            column[one] += step
            counts[one] += step
        self._rescore(swap.index)

    def _rescore(self, name: str) -> None:
        for definition, score in DEFINITIONS.items():
            self.scores[definition][name] = centred(score(self.sample, self.counts[name]))


def fit(sample: Sample, targets: dict[Pair, float], tolerance: float, chance: Chance) -> int:
    """Swap ticks until every correlation under every definition is within `tolerance`; return how many it took.

    Only swaps that bring the correlations nearer are kept: a hot start would wash out who ticks much and who little.

    Raises:
        ReconstructionError: the targets are out of reach of this sample.
    """
    state = Fit(sample, targets)
    places = [
        (index, key, option)
        for index, entry in sample.survey.indices.items()
        for key in entry.questions
        for option in sample.survey.questions[key].substantive
    ]
    loss, kept = state.loss(), 0
    for _ in range(MOST_TRIALS):
        if all(abs(error) <= tolerance for error in state.errors()):
            return kept
        swap = _propose(sample, places, chance)
        if swap is None:
            continue
        state.apply(swap)
        if (now := state.loss()) < loss:
            loss, kept = now, kept + 1
        else:
            state.apply(Swap(swap.index, swap.question, swap.option, swap.taker, swap.giver))
    raise ReconstructionError.of(RECONSTRUCTION, "out_of_reach", edition=sample.survey.edition, tolerance=tolerance)


def _propose(sample: Sample, places: list[tuple[str, str, str]], chance: Chance) -> Swap | None:
    """A swap that breaks no rule, if the draw hits one."""
    index, key, option = chance.pick(places)
    free, column = sample.free(key), sample.ticks[key][option]
    givers = [one for one in free if column[one] and sample.ticked(key, one) > 1]
    takers = [one for one in free if not column[one]]
    return Swap(index, key, option, chance.pick(givers), chance.pick(takers)) if givers and takers else None
