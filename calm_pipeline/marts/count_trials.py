"""Claims about counts: computed once, on the printed ones where the answers are reconstructed from them."""

from abc import abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeVar

from calm_pipeline.claims import Leading, ManyTicks, ShareAbove
from calm_pipeline.marts.evidence import Known, Outcome
from calm_pipeline.marts.trial import NOTHING, Figures, Trial

OfShares = TypeVar("OfShares", ShareAbove, Leading)


class OnShares(Trial[OfShares]):
    """What follows from the share of each option of a question."""

    @property
    @abstractmethod
    def needed(self) -> set[str]:
        """The options whose shares decide it."""

    @abstractmethod
    def figures(self, shares: dict[str, float]) -> Figures:
        """The claim on these shares."""

    @property
    def printed(self) -> Known:
        return "all" if self.needed <= set(self.evidence.printed_shares(self.claim.question)) else "nothing"

    def outcomes(self) -> Iterator[Outcome]:
        if self.by_print:
            shares = self.evidence.printed_shares(self.claim.question)
            yield Outcome("printed", "printed figures", *self.figures(shares))
        else:
            shares = self.evidence.shares(self.claim.question)
            yield Outcome("counted", self.evidence.basis, *self.figures(shares))


class OfShare(OnShares[ShareAbove]):
    """One share above a limit."""

    @property
    def needed(self) -> set[str]:
        return {self.claim.option}

    def figures(self, shares: dict[str, float]) -> Figures:
        share = shares.get(self.claim.option)
        return NOTHING if share is None else (share, share > self.claim.share, share > self.claim.share)


class OfRank(OnShares[Leading]):
    """Some shares above all others, Others aside, and in an order if so claimed; the smallest gap decides."""

    @property
    def needed(self) -> set[str]:
        options = self.evidence.survey.questions[self.claim.question].options
        return {key for key, option in options.items() if option.role != "other"}

    def figures(self, shares: dict[str, float]) -> Figures:
        rest = [share for option, share in shares.items() if option in self.needed - set(self.claim.options)]
        ahead = [shares[option] for option in self.claim.options if option in shares]
        if len(ahead) < len(self.claim.options) or not rest:
            return NOTHING
        gaps = [min(ahead) - max(rest)]
        if self.claim.ordered:
            gaps += [before - after for before, after in pairwise(ahead)]
        return min(gaps), min(gaps) > 0, min(gaps) > 0


class OfTicks(Trial[ManyTicks]):
    """How many libraries ticked how many options at once, which no printed count tells."""

    def outcomes(self) -> Iterator[Outcome]:
        ticks = self.evidence.ticks_of.get(self.claim.question, [])
        share = sum(one > self.claim.more_than for one in ticks) / len(ticks) if ticks else None
        above = None if share is None else share > self.claim.share
        yield Outcome("counted", self.evidence.basis, share, above, bool(above))
