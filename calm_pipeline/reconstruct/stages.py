"""Which library stands at which stage: those that tick much tend to stand further, and the furthest are ahead."""

from math import sqrt

from calm_pipeline.reconstruct.assumptions import Assumptions
from calm_pipeline.reconstruct.chance import Chance
from calm_pipeline.reconstruct.fit import Fit
from calm_pipeline.reconstruct.margins import Margins
from calm_pipeline.reconstruct.refusals import RECONSTRUCTION, ReconstructionError
from calm_pipeline.reconstruct.sample import Column
from calm_pipeline.reconstruct.scores import Scores, mean

ATTEMPTS = 1000


def place_stages(state: Fit, margins: Margins, assumed: Assumptions, chance: Chance) -> None:
    """Tick the stage question in the sample of `state`.

    Raises:
        ReconstructionError: no attempt left the furthest stage ahead of each other one on all indices.
    """
    key = state.sample.survey.stage
    if key is None:
        return
    for _ in range(ATTEMPTS):
        stages = _placed(state, margins[key], assumed, chance)
        if _ahead(state, stages, assumed.stage_order):
            state.sample.asked[key], state.sample.ticks[key] = [1] * state.sample.size, stages
            return
    raise ReconstructionError.of(RECONSTRUCTION, "stage_behind", edition=assumed.edition, stage=assumed.stage_order[0])


def _placed(state: Fit, counts: dict[str, int], assumed: Assumptions, chance: Chance) -> dict[str, Column]:
    size = state.sample.size
    inclined = [assumed.stage_noise * chance.bell() for _ in range(size)]
    for scores in state.scores["mean_z"].values():
        for one, score in enumerate(scores):
            inclined[one] += score * sqrt(size) / len(state.counts)
    order = sorted(range(size), key=lambda one: inclined[one], reverse=True)
    stages: dict[str, Column] = {}
    for stage in assumed.stage_order:
        chosen, order = order[: counts[stage]], order[counts[stage] :]
        stages[stage] = [int(one in chosen) for one in range(size)]
    return stages


def _ahead(state: Fit, stages: dict[str, Column], order: tuple[str, ...]) -> bool:
    first, *others = (stages[stage] for stage in order)
    everybody_else = [1 - one for one in first]
    return all(
        _mean(scores, first) > _mean(scores, other)
        for definition in state.scores.values()
        for scores in definition.values()
        for other in (everybody_else, *others)
    )


def _mean(scores: Scores, members: Column) -> float:
    return mean([score for score, member in zip(scores, members, strict=True) if member])
