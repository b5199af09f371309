"""What it takes to test a claim: how much of it is known, and its figures wherever they can be computed."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from calm_pipeline.claims import Cause, Claim
from calm_pipeline.marts.evidence import Evidence, Known, Outcome

Figures = tuple[float | None, bool | None, bool]
"""The figure that decides, whether the direction is as claimed, whether the claim holds."""
NOTHING: Figures = (None, None, False)
Kind = TypeVar("Kind", bound=Claim)


@dataclass(frozen=True)
class Trial(ABC, Generic[Kind]):
    """A claim before the evidence of its edition."""

    claim: Kind
    evidence: Evidence

    @property
    def printed(self) -> Known:
        """How much of the claim the printed figures determine."""
        return "nothing"

    @property
    def known(self) -> Known:
        """How much of the claim is determined; answers determine all of it, reconstructed ones nothing."""
        return self.printed if self.evidence.reconstructed else "all"

    @property
    def by_print(self) -> bool:
        """Whether the printed figures are what it is tested on, the answers being reconstructed from them."""
        return self.evidence.reconstructed and self.printed == "all"

    @abstractmethod
    def outcomes(self) -> Iterator[Outcome]:
        """The claim in every form that can be computed."""


class OfCause(Trial[Cause]):
    """Nothing a survey at one time could be asked."""

    @property
    def known(self) -> Known:
        return "nothing"

    def outcomes(self) -> Iterator[Outcome]:
        return iter(())
