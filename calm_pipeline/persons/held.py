"""Whose data are held, and where: the exports as received and the vault, of one edition or of all."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from calm_pipeline.canonical import canonical
from calm_pipeline.errors import CalmError, ExportRefused
from calm_pipeline.exports.export import Export
from calm_pipeline.exports.masking import mobile
from calm_pipeline.exports.named import names_in
from calm_pipeline.exports.pairing import without_sequences
from calm_pipeline.exports.person import Respondent
from calm_pipeline.exports.reader import read_file
from calm_pipeline.exports.respondents import respondents
from calm_pipeline.persons.mentions import Mentions
from calm_pipeline.project import Project
from calm_pipeline.survey import Survey
from calm_pipeline.vault.erasures import Erased
from calm_pipeline.vault.refusals import VAULT

VAULT_PLACE = "data/vault"


@dataclass(frozen=True)
class Held:
    """What is held of an edition: the exports that can be read by their file, and who is in each place."""

    edition: str
    exports: dict[Path, Export] = field(repr=False)
    places: dict[str, dict[str, Respondent]] = field(repr=False)

    @property
    def respondents(self) -> dict[str, Respondent]:
        """Everybody who is in any place, by submission; as the exports have it, where they do."""
        found: dict[str, Respondent] = {}
        for place in self.places.values():
            found = place | found
        return found


def held(project: Project, edition: str) -> Held:
    """Read the exports and the vault of an edition.

    Raises:
        CalmError: an export cannot be read, or there is a vault and no key that opens it.
    """
    survey, keys = project.survey(edition), project.keys()
    exports = {path: _read(project, path, edition) for path in project.root.exports(edition)}
    places = {f"data/raw/{edition}/{export.file}": respondents([export], survey) for export in exports.values()}
    if any(project.root.vault(edition).glob("*.vault")):
        if keys is None:
            raise CalmError.of(VAULT, "no_key")
        places[f"{VAULT_PLACE}/{edition}"] = project.vault(edition, keys).read()
    return Held(edition, exports, places)


def check_numbered(found: Held) -> None:
    """Raise CalmError if rows are known by their position alone: the next download may have another person there."""
    if without_sequences(found.exports.values()):
        raise CalmError.of(VAULT, "no_sequence", edition=found.edition)


def came_back(found: Held, erased: Erased) -> list[Respondent]:
    """Whom the notes name and a new download brought again; of an edition whose time is over nobody is named."""
    return [] if erased.whole else [one for name, one in found.respondents.items() if name in erased]


def survey_of(project: Project, edition: str) -> Survey | None:
    """The survey of an edition; None if its file is gone or cannot be read."""
    return next((survey for survey in project.surveys() if survey.edition == edition), None)


def readable(project: Project, editions: Iterable[str]) -> Iterator[Held]:
    """What is held of these editions, without those that cannot be read."""
    for edition in editions:
        with suppress(CalmError, OSError):
            yield held(project, edition)


def _read(project: Project, path: Path, edition: str) -> Export:
    try:
        return read_file(path, project.survey(edition), others=project.others(edition))
    except ExportRefused as refused:
        raise CalmError.of(VAULT, "unreadable_export", file=refused.where.file, code=refused.code) from None


def matching(everybody: Iterable[Respondent], value: str) -> list[Respondent]:
    """Who is meant by a submission, or else by a mobile number, a name or an IP address."""
    number, text, everybody = mobile(value), canonical(value), list(everybody)
    named = [one for one in everybody if one.submission_id == value.strip()]
    return named or [one for one in everybody if text and (_is(one, text) or (number and one.mobile == number))]


def _is(one: Respondent, text: str) -> bool:
    written = [canonical(name) for cell in one.answers.values() for name in (cell, *names_in(cell))]
    return text in (*written, canonical(one.platform.get("ip", "").split("(")[0]))


def check_one(found: Iterable[Respondent]) -> None:
    """Raise CalmError, with the submissions, unless these are one person's: one mobile number, or one name without any.

    Two people can have one name, and a whole university one address.
    """
    persons = {one.submission_id: one.mobile or frozenset(map(canonical, one.answers.values())) for one in found}
    if len(set(persons.values())) > 1:
        raise CalmError.of(VAULT, "several_persons", submissions=", ".join(sorted(persons)))


def same_person(everybody: Iterable[Respondent], wanted: Iterable[Respondent]) -> list[Respondent]:
    """These submissions and all others with the same mobile number: a person may have answered twice."""
    ids, numbers = {one.submission_id for one in wanted}, {one.mobile for one in wanted} - {None}
    return [one for one in everybody if one.submission_id in ids or one.mobile in numbers]


def mentioning(everybody: Iterable[Respondent], about: Mentions) -> Iterator[Respondent]:
    """Who wrote of these persons in a text."""
    return (one for one in everybody if any(map(about, one.withheld.values())))
