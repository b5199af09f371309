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
from calm_pipeline.exports.person import Respondent
from calm_pipeline.exports.privacy import shown_path
from calm_pipeline.failures import as_calm
from calm_pipeline.persons.erase import (
    Done,
    erase_held,
    erase_published,
    erase_stored,
    look_for,
    note_expired,
    take_up,
)
from calm_pipeline.persons.held import Held, came_back, held, readable, survey_of
from calm_pipeline.persons.mentions import Mentions
from calm_pipeline.persons.traces import Traces, traces
from calm_pipeline.persons.unfinished import Sought, forget, left, load
from calm_pipeline.project import Project
from calm_pipeline.retention import Personal, load_retention
from calm_pipeline.survey import Survey
from calm_pipeline.vault.erasures import editions_of
from calm_pipeline.vault.refusals import VAULT
from calm_pipeline.vintages import every

PUBLISHED = "data/warehouse/vintages"
Result = TypeVar("Result")


def last_day(survey: Survey, personal: Personal) -> date:
    """The last day on which personal data of an edition may be kept."""
    return (pd.Timestamp(survey.fielding.closes) + pd.DateOffset(months=personal.months)).date()


@dataclass(frozen=True)
class Due:
    """An edition of which somebody is to be erased, everybody if its time is over, or else who came back."""

    found: Held
    over: bool
    back: list[Respondent]


def expire_all(project: Project, now: datetime) -> dict[str, Done]:
    """Erase everybody of every edition whose time is over, and whoever was erased and came back with a new download.

    What an earlier night or an erasure left undone is finished. An edition whose exports are all reconstructed holds
    nobody's data and is left alone. The vintages come first, once for all editions.

    Returns:
        What was done, by edition and for the vintages, where anything had to be written; with the vintages, the files
        in which something of what was erased still stands.

    Raises:
        CalmError: of some editions it is not known whether their time is over, or they could not be erased; all
            others are done, and each of these is named. Or nobody can tell what an erasure that was cut off looks for.
    """
    before = take_up(project, now)
    editions, errors = _everywhere(project)
    personal = load_retention(project.root.retention).personal
    tried = {edition: _tried(errors, partial(_due, project, edition, personal, now, before)) for edition in editions}
    due = _noted(project, {edition: one for edition, one in tried.items() if one}, now, errors)
    sought, done = load(project), dict[str, Done]()
    for place, step in _steps(project, editions, due, sought.about(project.surveys())):
        one = _tried(errors, step)
        done |= {place: one} if one and one.written else {}
        if place == PUBLISHED and one is None and errors[-1].code != "vintages_left":
            break  # what exports and vault say must be known yet when the vintages are tried again
    if still := left(project, sought):
        done[PUBLISHED] = replace(done.get(PUBLISHED, Done([], [])), left=still)
    if errors:
        left_over = [_texts_left(project, still)] if still else []
        raise CalmError.of(VAULT, "retention_left", problems=_listed([*errors, *left_over]))
    if not still:
        forget(project, sought)
    return done


def _tried(errors: list[CalmError], step: Callable[[], Result]) -> Result | None:
    try:
        return step()
    except (CalmError, OSError) as error:
        errors.append(as_calm(error))
        return None


def _noted(project: Project, due: Mapping[str, Due], now: datetime, errors: list[CalmError]) -> dict[str, Due]:
    """Note the editions whose time is over, and what to look for in each, which nobody knows afterwards.

    An edition of which this failed is left out.
    """
    over = {edition for edition, one in due.items() if one.over}
    stored = traces(project) if over else Traces({}, [])
    staying = [*readable(project, {*project.root.editions} - over)] if over else []

    def noted(edition: str, one: Due) -> Sought:
        if one.over:
            return note_expired(project, one.found, stored, staying, now)
        return look_for(project, edition, one.back)

    return {edition: one for edition, one in due.items() if _tried(errors, partial(noted, edition, one)) is not None}


def _steps(
    project: Project, editions: Iterable[str], due: Mapping[str, Due], about: Callable[[str], Mentions]
) -> Iterator[tuple[str, Callable[[], Done | None]]]:
    yield PUBLISHED, partial(erase_published, project, about)
    for edition, one in due.items():
        yield edition, partial(erase_held, project, one.found, about(edition))
        if one.over:
            yield edition, partial(_check_none_beside, project, edition)
    for edition in (edition for edition in editions if survey_of(project, edition) is None):
        if project.erased(edition):
            yield edition, partial(erase_stored, project, edition, about(edition))
        yield edition, partial(_check_nothing_held, project, edition)


def check_nothing_left(project: Project, done: Iterable[Done]) -> None:
    """Raise CalmError if something that was erased still stands anywhere, with the files that a person must look at."""
    if still := {file for one in done for file in one.left}:
        raise _texts_left(project, still)


def _texts_left(project: Project, still: Iterable[Path]) -> CalmError:
    files = sorted({shown_path(file.relative_to(project.root.path)) for file in still})
    return CalmError.of(VAULT, "texts_left", files=", ".join(files))


def _everywhere(project: Project) -> tuple[list[str], list[CalmError]]:
    """Every edition of which anything may be held, with a survey or without; and the vintages that do not say so."""
    root, published = project.root, every(project.root)
    found = {*root.editions, *editions_of(root.erasures)}
    for above in (root.path / "data" / "raw", root.vaults):
        found |= {folder.name for folder in above.glob("[!.]*") if folder.is_dir()}
    found |= {edition for vintage in published.readable for edition in vintage.manifest.editions}
    return sorted(found), [*published.damaged.values()]


def _due(project: Project, edition: str, personal: Personal, now: datetime, before: Sought) -> Due | None:
    noted, survey = project.erased(edition), survey_of(project, edition)
    if survey is None:
        return None
    over = now.astimezone(ZoneInfo(survey.fielding.timezone)).date() > last_day(survey, personal)
    begun = bool(noted) or bool(before.of(edition))
    found = held(project, edition) if over or begun else None
    if found is None or not (begun or not _invented(found)):
        return None
    over = over and not _invented(found)
    return Due(found, over, [] if over else came_back(found, noted))


def _check_none_beside(project: Project, edition: str) -> None:
    """Raise CalmError if something lies beside the exports that nobody reads, so that nobody knows whom it holds."""
    if beside := _beside(project, edition):
        files = sorted(shown_path(file.relative_to(project.root.path)) for file in beside)
        raise CalmError.of(VAULT, "kept_beside", edition=edition, files=", ".join(files))


def _beside(project: Project, edition: str) -> list[Path]:
    return [project.root.raw(edition) / name for name in project.root.unread(edition)]


def _check_nothing_held(project: Project, edition: str) -> None:
    """Raise CalmError if something is held of an edition without a survey, which would say how long it may be."""
    if places := _holding(project, edition):
        raise CalmError.of(VAULT, "no_survey", edition=edition, places=", ".join(places))


def _holding(project: Project, edition: str) -> list[str]:
    """Where an edition without a survey holds personal data, or what may be such."""
    stored, vaults = traces(project), sorted(project.root.vault(edition).glob("*"))
    files = [*project.root.exports(edition), *_beside(project, edition), *vaults]
    damaged = [file for file in stored.unread if file.stem == edition]
    places = [*dict.fromkeys(file.parent for file in files), *stored.of_edition(edition), *damaged]
    return [str(place.relative_to(project.root.path)) for place in places]


def _listed(errors: list[CalmError]) -> Message:
    """Each error once, in each language."""
    return Message(" ".join(dict.fromkeys(map(str, errors))), "".join(dict.fromkeys(error.zh for error in errors)))


def _invented(found: Held) -> bool:
    return bool(found.exports) and all(export.reconstructed for export in found.exports.values())
