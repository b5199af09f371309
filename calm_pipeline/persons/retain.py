"""The editions of which personal data may no longer be kept, and erasing them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pandas as pd

from calm_pipeline.errors import CalmError, Message
from calm_pipeline.exports.privacy import shown_path
from calm_pipeline.failures import as_calm
from calm_pipeline.persons.erase import Done, erase_held, erase_published, erase_stored, note_expired
from calm_pipeline.persons.held import Held, came_back, held, readable, survey_of
from calm_pipeline.persons.mentions import Mentions, mentions
from calm_pipeline.persons.traces import traces
from calm_pipeline.project import Project
from calm_pipeline.retention import Personal, load_retention
from calm_pipeline.survey import Survey
from calm_pipeline.vault.erasures import editions_of
from calm_pipeline.vault.refusals import VAULT
from calm_pipeline.vault.scan import holding
from calm_pipeline.vintages import every

PUBLISHED = "data/warehouse/vintages"
Result = TypeVar("Result")


def last_day(survey: Survey, personal: Personal) -> date:
    """The last day on which personal data of an edition may be kept."""
    return (pd.Timestamp(survey.fielding.closes) + pd.DateOffset(months=personal.months)).date()


@dataclass(frozen=True)
class Due:
    """An edition of which somebody is to be erased, everybody if its time is over, and whom its texts may name."""

    found: Held
    over: bool
    about: Mentions


def expire_all(project: Project, now: datetime) -> dict[str, Done]:
    """Erase everybody of every edition whose time is over, and whoever was erased and came back with a new download.

    What an earlier night left undone is finished. An edition whose exports are all reconstructed holds nobody's data
    and is left alone. The vintages come first, once for all editions, while it is known what to look for in texts.

    Returns:
        What was done, by edition and for the vintages, where anything had to be written; with the vintages, the files
        in which something of what was erased still stands.

    Raises:
        CalmError: of some editions it is not known whether their time is over, or they could not be erased; all
            others are done, and each of these is named.
    """
    editions, errors = _everywhere(project)
    personal = load_retention(project.root.retention).personal
    due = {edition: _tried(errors, partial(_due, project, edition, personal, now)) for edition in editions}
    held_of = {edition: one for edition, one in due.items() if one}
    sought = _noted(project, held_of, now, errors)
    done: dict[str, Done] = {}
    for place, step in _steps(project, editions, {edition: held_of[edition] for edition in sought}):
        one = _tried(errors, step)
        done |= {place: one} if one and one.written else {}
        if place == PUBLISHED and one is None and errors[-1].code != "vintages_left":
            break  # what exports and vault say must be known yet when the vintages are tried again
    if left := holding(project.root.path / "data", frozenset().union(*sought.values())):
        done[PUBLISHED] = replace(done.get(PUBLISHED, Done([], [])), left=left)
    if errors:
        left_over = [_texts_left(project, left)] if left else []
        raise CalmError.of(VAULT, "retention_left", problems=_listed([*errors, *left_over]))
    return done


def _tried(errors: list[CalmError], step: Callable[[], Result]) -> Result | None:
    try:
        return step()
    except (CalmError, OSError) as error:
        errors.append(as_calm(error))
        return None


def _noted(
    project: Project, due: Mapping[str, Due], now: datetime, errors: list[CalmError]
) -> dict[str, frozenset[str]]:
    """Note the editions whose time is over; what to look for afterwards, when nobody knows it any more.

    An edition that could not be noted is left out.
    """
    over = {edition for edition, one in due.items() if one.over}
    sought = {edition: frozenset[str]() for edition in due}
    if not over:
        return sought
    stored, staying = traces(project), [*readable(project, {*project.root.editions} - over)]
    for edition in over:
        found = _tried(errors, partial(note_expired, project, due[edition].found, stored, staying, now))
        if found is None:
            del sought[edition]
        else:
            sought[edition] = found
    return sought


def _steps(
    project: Project, editions: Iterable[str], due: Mapping[str, Due]
) -> Iterator[tuple[str, Callable[[], Done | None]]]:
    yield PUBLISHED, partial(erase_published, project, {edition: one.about for edition, one in due.items()})
    for edition, one in due.items():
        yield edition, partial(erase_held, project, one.found, one.about)
    for edition in (edition for edition in editions if survey_of(project, edition) is None):
        if project.erased(edition):
            yield edition, partial(erase_stored, project, edition)
        yield edition, partial(_check_nothing_held, project, edition)


def check_nothing_left(project: Project, done: Iterable[Done]) -> None:
    """Raise CalmError if something that was erased still stands anywhere, with the files that a person must look at."""
    if left := {file for one in done for file in one.left}:
        raise _texts_left(project, left)


def _texts_left(project: Project, left: Iterable[Path]) -> CalmError:
    files = sorted({shown_path(file.relative_to(project.root.path)) for file in left})
    return CalmError.of(VAULT, "texts_left", files=", ".join(files))


def _everywhere(project: Project) -> tuple[list[str], list[CalmError]]:
    """Every edition of which anything may be held, with a survey or without; and the vintages that do not say so."""
    root, published = project.root, every(project.root)
    found = {*root.editions, *editions_of(root.erasures)}
    for above in (root.path / "data" / "raw", root.vaults):
        found |= {folder.name for folder in above.glob("[!.]*") if folder.is_dir()}
    found |= {edition for vintage in published.readable for edition in vintage.manifest.editions}
    return sorted(found), [*published.damaged.values()]


def _due(project: Project, edition: str, personal: Personal, now: datetime) -> Due | None:
    noted, survey = project.erased(edition), survey_of(project, edition)
    if survey is None:
        return None
    over = now.astimezone(ZoneInfo(survey.fielding.timezone)).date() > last_day(survey, personal)
    found = held(project, edition) if over or noted else None
    if found is None or not (noted or not _invented(found)):
        return None
    over = over and not _invented(found)
    persons = found.respondents.values() if over else came_back(found, noted)
    return Due(found, over, mentions([*persons], project.surveys()))


def _check_nothing_held(project: Project, edition: str) -> None:
    """Raise CalmError if something is held of an edition without a survey, which would say how long it may be."""
    if places := _holding(project, edition):
        raise CalmError.of(VAULT, "no_survey", edition=edition, places=", ".join(places))


def _holding(project: Project, edition: str) -> list[str]:
    """Where an edition without a survey holds personal data, or what may be such."""
    stored, vaults = traces(project), sorted(project.root.vault(edition).glob("*"))
    files = [*project.root.exports(edition), *vaults]
    damaged = [file for file in stored.unread if file.stem == edition]
    places = [*dict.fromkeys(file.parent for file in files), *stored.of_edition(edition), *damaged]
    return [str(place.relative_to(project.root.path)) for place in places]


def _listed(errors: list[CalmError]) -> Message:
    """Each error once, in each language."""
    return Message(" ".join(dict.fromkeys(map(str, errors))), "".join(dict.fromkeys(error.zh for error in errors)))


def _invented(found: Held) -> bool:
    return bool(found.exports) and all(export.reconstructed for export in found.exports.values())
