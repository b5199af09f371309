"""When each draft arrives, and what the platform notes beside it: number, time, duration, source, address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.wenjuanxing import RECONSTRUCTED
from calm_pipeline.reconstruct.chance import Chance
from calm_pipeline.reconstruct.drafts import Draft
from calm_pipeline.survey import Survey

SOURCES = ("微信", "微信", "手机提交", "链接")
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")  # set aside for documentation
WEEKEND = 5
MORNING, OFFICE_HOURS = time(8, 20), 13 * 3600


@dataclass(frozen=True)
class Arrival:
    """A submission with what is known about it."""

    submission: Submission
    draft: Draft


def arrivals(survey: Survey, drafts: list[Draft], capitals: Mapping[str, str], chance: Chance) -> list[Arrival]:
    """Submissions in the order of their numbers, which have gaps where the platform deleted something."""
    addresses = chance.shuffled([f"{network}.{host}" for network in NETWORKS for host in range(1, 255)])
    sequence, found = 0, []
    for moment, place, address in zip(
        _moments(survey, len(drafts), chance), _order(drafts, chance), addresses, strict=False
    ):
        draft = drafts[place]
        sequence += 1 + (1 + chance.below(2)) * chance.happens(0.1)
        source = draft.source or chance.pick(SOURCES)
        submission = Submission(
            sequence=sequence,
            submitted_at=moment,
            seconds=chance.skewed(260, 3900),
            source=source,
            source_detail=RECONSTRUCTED,
            ip=f"{address}({draft.province}-{capitals[draft.province]})",
            answers=draft.answers,
        )
        found.append(Arrival(submission, draft))
    return found


def _order(drafts: list[Draft], chance: Chance) -> list[int]:
    """Any order in which superseded drafts come before the ones that supersede them."""
    order = chance.shuffled(range(len(drafts)))
    for one, draft in enumerate(drafts):
        if draft.before is not None:
            mine, its = order.index(one), order.index(draft.before)
            order[min(mine, its)], order[max(mine, its)] = one, draft.before
    return order


def _moments(survey: Survey, number: int, chance: Chance) -> list[datetime]:
    """Different moments on working days of the fielding period, ascending."""
    opens, closes = survey.fielding.opens, survey.fielding.closes
    found: dict[datetime, None] = {}
    while len(found) < number:
        day = opens + timedelta(days=chance.below((closes - opens).days + 1))
        moment = datetime.combine(day, MORNING) + timedelta(seconds=chance.below(OFFICE_HOURS))
        if day.weekday() < WEEKEND:
            found[moment] = None
    return sorted(found)
