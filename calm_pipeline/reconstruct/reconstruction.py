"""The reconstruction as a whole: from printed figures to submissions and a register."""

from dataclasses import dataclass

from calm_pipeline.exports.submission import Submission
from calm_pipeline.published import Published
from calm_pipeline.reconstruct.assumptions import Assumptions, load_assumptions
from calm_pipeline.reconstruct.chance import Chance
from calm_pipeline.reconstruct.drafts import draft_all
from calm_pipeline.reconstruct.draw import draw
from calm_pipeline.reconstruct.fit import Fit, fit
from calm_pipeline.reconstruct.kinds import VALID
from calm_pipeline.reconstruct.margins import margins, targets
from calm_pipeline.reconstruct.register import Library, invent_register
from calm_pipeline.reconstruct.respondents import Desk
from calm_pipeline.reconstruct.stages import place_stages
from calm_pipeline.reconstruct.timeline import arrivals
from calm_pipeline.root import Root
from calm_pipeline.survey import Survey


@dataclass(frozen=True)
class Reconstruction:
    """Submissions in the order of their numbers and the register they belong to.

    `kinds` says for each number what the submission is (`valid`, or a key of `KINDS`), `rules` which rule it breaks,
    empty if none. `swaps` is how many ticks changed places to reach the printed correlations.
    """

    submissions: list[Submission]
    register: list[Library]
    kinds: dict[int, str]
    rules: dict[int, str]
    survey_id: str
    swaps: int

    @property
    def valid(self) -> list[Submission]:
        """The submissions that count."""
        return [one for one in self.submissions if self.kinds[one.sequence] == VALID]


def reconstruct(
    survey: Survey, published: Published, seed: int = 2023, assumed: Assumptions | None = None
) -> Reconstruction:
    """Invent submissions that reproduce every printed figure at once, and others that must not be counted.

    Args:
        survey: the edition.
        published: its printed figures; `published.base` libraries count.
        seed: the same one gives the same submissions on every machine.
        assumed: what is assumed where nothing is printed; that of the current root if not given.

    Raises:
        ValueError: the figures contradict the questionnaire or each other, or cannot be reached.
    """
    if assumed is None:
        assumed = load_assumptions(Root.current().path / "schemas" / "reconstruction" / f"{survey.edition}.yaml")
    chance, wanted, pairs = Chance(seed), margins(survey, published, assumed), targets(published)
    sample = draw(survey, wanted, published.base, assumed, chance)
    swaps = fit(sample, pairs, assumed.tolerance, chance)
    place_stages(Fit(sample, pairs), wanted, assumed, chance)
    shape = assumed.register_
    register = invent_register(shape, survey.eligibility.staff_at_least, chance)
    drafts = draft_all(Desk(sample, assumed, chance), register)
    arrived = arrivals(survey, drafts, shape.provinces, chance)
    return Reconstruction(
        submissions=[one.submission for one in arrived],
        register=register.rows,
        kinds={one.submission.sequence: one.draft.kind for one in arrived},
        rules={one.submission.sequence: one.draft.rule for one in arrived},
        survey_id=assumed.export.survey_id,
        swaps=swaps,
    )
