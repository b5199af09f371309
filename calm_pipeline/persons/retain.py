"""How long personal data are kept: `schemas/retention.yaml`, and the editions whose time is over."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.persons.erase import Done, expire
from calm_pipeline.persons.held import held
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
        today = now.astimezone(ZoneInfo(survey.fielding.timezone)).date()
        if today > last_day(survey, personal) and _anybody(project, survey.edition):
            done[survey.edition] = expire(project, survey.edition, "retention", now)
    return done


def _anybody(project: Project, edition: str) -> bool:
    """Whether an edition holds data of real persons, in an export or in the vault alone."""
    found = held(project, edition)
    invented = bool(found.exports) and all(export.reconstructed for export in found.exports.values())
    return bool(found.respondents) and not invented
