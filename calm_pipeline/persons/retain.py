"""The editions of which personal data may no longer be kept, and erasing them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from calm_pipeline.persons.erase import Done, erase_again, expire
from calm_pipeline.persons.held import Held, held
from calm_pipeline.project import Project
from calm_pipeline.retention import Personal, load_retention
from calm_pipeline.survey import Survey


def last_day(survey: Survey, personal: Personal) -> date:
    """The last day on which personal data of an edition may be kept."""
    return (pd.Timestamp(survey.fielding.closes) + pd.DateOffset(months=personal.months)).date()


def expire_all(project: Project, now: datetime) -> dict[str, Done]:
    """Erase everybody of every edition whose time is over, and whoever was erased and came back with a new download.

    An edition whose exports are all reconstructed holds nobody's data and is left alone.

    Raises:
        CalmError: an export cannot be read, or a vault not opened.
    """
    personal = load_retention(project.root.retention).personal
    done: dict[str, Done] = {}
    for survey in project.surveys():
        edition, today = survey.edition, now.astimezone(ZoneInfo(survey.fielding.timezone)).date()
        over, noted = today > last_day(survey, personal), project.erased(edition)
        found = held(project, edition) if over or noted else None
        if found and over and found.respondents and not _invented(found):
            done[edition] = expire(project, found, now)
        elif found and any(name in noted for name in found.respondents):
            done[edition] = erase_again(project, found)
    return done


def _invented(found: Held) -> bool:
    return bool(found.exports) and all(export.reconstructed for export in found.exports.values())
