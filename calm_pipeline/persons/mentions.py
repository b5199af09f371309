"""Whether a text is about persons who are to be erased: somebody else may have written their number or name into it."""

from collections.abc import Collection
from dataclasses import dataclass

from calm_pipeline.exports.everybody import NOBODY, Everybody, everybody
from calm_pipeline.exports.masking import mobiles
from calm_pipeline.exports.named import names_in
from calm_pipeline.exports.person import Respondent
from calm_pipeline.survey import Survey


@dataclass(frozen=True)
class Mentions:
    """Mobile numbers, and names that mean a person wherever they stand."""

    numbers: frozenset[str] = frozenset()
    names: Everybody = NOBODY

    def __call__(self, text: str) -> bool:
        """Whether one of them is in the text."""
        return bool(mobiles(text) & self.numbers) or self.names.named_in(text)


def mentions(persons: Collection[Respondent], survey: Survey) -> Mentions:
    """What others may have written of these persons in answer to a survey."""
    answers = [answer.strip() for one in persons for answer in one.answers.values()]
    names = {*answers, *(name for answer in answers for name in names_in(answer))}
    return Mentions(frozenset(one.mobile for one in persons if one.mobile), everybody(names, survey))
