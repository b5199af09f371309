"""What a report claims beyond its counts: `schemas/claims/<edition>.yaml`, each claim with the way it is tested.

Not here: verdicts. They are computed (`marts.claims`); a file can only say what is claimed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.survey import Survey, Words
from calm_pipeline.survey.model import Frozen, Key, Label
from calm_pipeline.survey.problem import Place, Problem
from calm_pipeline.survey.references import unknown

Share = Annotated[float, Described(ge=0, lt=1)]


class Claim(Frozen):
    """A sentence of the report; `says` is in our own words."""

    section: Label
    line: int
    says: Words


class Correlated(Claim):
    """Every two of the indices go together, positively and significantly."""

    kind: Literal["correlated"]
    indices: tuple[Key, ...] = Described(min_length=2)


class Distinct(Claim):
    """The indices measure different things: corrected for attenuation, no two of them correlate perfectly."""

    kind: Literal["distinct"]
    indices: tuple[Key, ...] = Described(min_length=2)


class Ahead(Claim):
    """Libraries at one stage score higher than the rest on each index, on the mean and significantly."""

    kind: Literal["ahead"]
    stage: Key
    indices: tuple[Key, ...] = Described(min_length=1)


class Effect(Claim):
    """The lead of one stage is of a size: on each index the interval begins at so many standard deviations or above."""

    kind: Literal["effect"]
    stage: Key
    indices: tuple[Key, ...] = Described(min_length=1)
    at_least: float = Described(gt=0, description="Hedges' g; 0.2 is called small, 0.5 medium, 0.8 large.")


class ShareAbove(Claim):
    """More than this share of the libraries that were asked ticked an option."""

    kind: Literal["share_above"]
    question: Key
    option: Key
    share: Share


class Leading(Claim):
    """These options are the most frequent ones of their question, Others aside."""

    kind: Literal["leading"]
    question: Key
    options: tuple[Key, ...] = Described(min_length=1)
    ordered: bool = False


class ManyTicks(Claim):
    """More than this share of the libraries ticked more than so many options of a question."""

    kind: Literal["many_ticks"]
    question: Key
    more_than: int = Described(ge=0)
    share: Share


class Cause(Claim):
    """One thing brings about another; a survey at one time cannot show that, whatever its figures."""

    kind: Literal["cause"]


AnyClaim = Annotated[
    Correlated | Distinct | Ahead | Effect | ShareAbove | Leading | ManyTicks | Cause,
    Described(discriminator="kind"),
]


class Claims(Frozen):
    """The claims of one edition's report, by name, in its order."""

    edition: str
    claims: dict[Key, AnyClaim] = Described(default_factory=dict)


def load_claims(file: Path, survey: Survey) -> Claims | None:
    """Read the claims of an edition; None if its report has none yet.

    Raises:
        CalmError: the file breaks the model or names what the survey does not have.
    """
    if not file.exists():
        return None
    return load(file, Claims, lambda claims: problems(claims, survey))


def problems(claims: Claims, survey: Survey) -> Iterator[Problem]:
    """Names in the claims that the survey does not have."""
    if claims.edition != survey.edition:
        yield Problem.of(("edition",), "claims_edition", edition=claims.edition, expected=survey.edition)
    for name, claim in claims.claims.items():
        place = ("claims", name)
        if isinstance(claim, Correlated | Distinct | Ahead | Effect):
            for n, index in enumerate(claim.indices):
                if index not in survey.indices:
                    yield unknown((*place, "indices", n), "unknown_index", index, survey.indices)
        if isinstance(claim, Ahead | Effect):
            yield from _stage(claim.stage, survey, (*place, "stage"))
        if isinstance(claim, ShareAbove):
            yield from _options(claim.question, {"option": claim.option}, survey, place)
        elif isinstance(claim, Leading):
            yield from _options(claim.question, dict(enumerate(claim.options)), survey, place)
        elif isinstance(claim, ManyTicks):
            yield from _options(claim.question, {}, survey, place)


def _stage(stage: str, survey: Survey, place: Place) -> Iterator[Problem]:
    if survey.stage is None:
        yield Problem.of(place, "no_stage")
    elif stage not in (options := survey.questions[survey.stage].options):
        yield unknown(place, "unknown_option", stage, options, question=survey.stage)


def _options(key: str, options: dict[str, str] | dict[int, str], survey: Survey, place: Place) -> Iterator[Problem]:
    if key not in survey.questions:
        yield unknown((*place, "question"), "unknown_question", key, survey.questions)
        return
    question = survey.questions[key]
    if not question.options or question.rows:
        yield Problem.of((*place, "question"), "table_no_choice", name=key)
        return
    for word, option in options.items():
        if option not in question.options:
            where = (*place, word) if isinstance(word, str) else (*place, "options", word)
            yield unknown(where, "unknown_option", option, question.options, question=key)
