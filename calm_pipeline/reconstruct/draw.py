"""The first draw: correlated traits, and each option to the libraries most inclined to it."""

from calm_pipeline.reconstruct.assumptions import Assumptions
from calm_pipeline.reconstruct.chance import Chance
from calm_pipeline.reconstruct.margins import Margins
from calm_pipeline.reconstruct.refusals import RECONSTRUCTION, ReconstructionError
from calm_pipeline.reconstruct.sample import Column, Sample
from calm_pipeline.survey import Survey

Trait = list[float]


def draw(survey: Survey, margins: Margins, size: int, assumed: Assumptions, chance: Chance) -> Sample:
    """A sample with exactly these margins that keeps every rule of the questionnaire.

    Raises:
        ReconstructionError: a count is larger than the number of libraries that may tick the option.
    """
    sample, traits = Sample(survey, size), _traits(survey, size, assumed, chance)
    for key, question in survey.questions.items():
        if question.type != "multiple":
            continue
        sample.asked[key] = sample.open(key)
        sample.ticks[key] = {}
        for name in sorted(question.options, key=lambda name: not question.options[name].exclusive):
            alone = question.options[name].exclusive
            lean = _inclinations(traits.get(key, [0.0] * size), -1 if alone else 1, assumed.noise, chance)
            sample.ticks[key][name] = _given(sample, key, name, margins[key][name], lean)
        _fill_empty(sample, key)
    return sample


def _traits(survey: Survey, size: int, assumed: Assumptions, chance: Chance) -> dict[str, Trait]:
    """For each question of an index, how much each library tends to tick there."""
    common = [chance.bell() for _ in range(size)]
    found: dict[str, Trait] = {}
    for name, index in survey.indices.items():
        shape = assumed.traits[name]
        trait = [shape.common * shared + shape.own * chance.bell() for shared in common]
        found |= dict.fromkeys(index.questions, trait)
    return found


def _inclinations(trait: Trait, sign: int, noise: float, chance: Chance) -> list[float]:
    """How much each library is inclined to one option: its trait, forwards or backwards, and chance."""
    return [sign * leaning + noise * chance.bell() for leaning in trait]


def _given(sample: Sample, key: str, option: str, count: int, lean: list[float]) -> Column:
    """The column in which the most inclined of those who may have a tick."""
    ranked = sorted(sample.free(key), key=lambda one: lean[one], reverse=True)
    if count > len(ranked):
        words = {"place": f"{key}.{option}", "count": count, "able": len(ranked)}
        raise ReconstructionError.of(RECONSTRUCTION, "too_many_ticks", edition=sample.survey.edition, **words)
    column = [0] * len(lean)
    for one in ranked[:count]:
        column[one] = 1
    return column


def _fill_empty(sample: Sample, key: str) -> None:
    """Who ticked nothing takes over a tick from whoever ticked most, so that everybody who is asked answers."""
    for one in sample.free(key):
        if sample.ticked(key, one):
            continue
        donor = max(sample.free(key), key=lambda other: sample.ticked(key, other))
        name = sample.chosen(key, donor)[-1]
        sample.ticks[key][name][donor], sample.ticks[key][name][one] = 0, 1
