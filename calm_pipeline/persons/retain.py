"""How long personal data are kept: `schemas/retention.yaml`, and the editions whose time is over."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.persons.erase import Done, erase_again, expire
from calm_pipeline.persons.held import Held, held
from calm_pipeline.project import Project
from calm_pipeline.survey import Survey
from calm_pipeline.survey.model import Frozen


class Personal(Frozen):
    """How long it is known who answered."""

    months: int = Described(ge=0, le=120, description="Months after the last day of fielding.")


class Retention(BaseModel):
    """The part of the file that is about persons; other sections belong to others."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    personal: Personal


def load_retention(file: Path) -> Personal:
    """Read the section `personal`.

    Raises:
        CalmError: the file is missing or breaks the model; it names every place.
    """
    return load(file, Retention).personal


def last_day(survey: Survey, personal: Personal) -> date:
    """The last day on which personal data of an edition may be kept."""
    return (pd.Timestamp(survey.fielding.closes) + pd.DateOffset(months=personal.months)).date()


def expire_all(project: Project, now: datetime) -> dict[str, Done]:
    """Erase everybody of every edition whose time is over, and whoever was erased and came back with a new download.

    An edition whose exports are all reconstructed holds nobody's data and is left alone.

    Raises:
        CalmError: an export cannot be read, or a vault not opened.
    """
    personal = load_retention(project.root.retention)
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
