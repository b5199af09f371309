"""What erasures under way look for, on the disk until every byte was looked through: a kill makes nobody forget it.

Encrypted where a key is set; without one it is as plain as the exports are.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken

from calm_pipeline import files
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.person import Respondent
from calm_pipeline.persons.held import Held
from calm_pipeline.persons.mentions import Mentions, mentions
from calm_pipeline.project import Project
from calm_pipeline.survey import Survey, Words
from calm_pipeline.vault.refusals import VAULT
from calm_pipeline.vault.scan import holding
from calm_pipeline.vault.vault import locked

EVERYWHERE = ""
PLACE = "data/vault/unfinished"
TAKEN_UP = Words(
    en="an erasure did not come to its end, or left something to look at; it is taken up first",
    zh="有一次删除尚未完成，或仍有内容待人工核对；现先继续处理",
)


@dataclass(frozen=True)
class Sought:
    """Whom and which texts erasures look for, in an edition or EVERYWHERE; of what is `over` everybody goes."""

    persons: Mapping[str, tuple[Respondent, ...]] = field(default_factory=dict, repr=False)
    texts: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    over: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return any(self.persons.values()) or any(self.texts.values())

    def __or__(self, more: "Sought") -> "Sought":
        persons = {
            place: _once([*self.persons.get(place, ()), *more.persons.get(place, ())])
            for place in {*self.persons, *more.persons}
        }
        texts = {
            place: self.texts.get(place, frozenset()) | more.texts.get(place, frozenset())
            for place in {*self.texts, *more.texts}
        }
        return Sought(persons, texts, self.over | more.over)

    def of(self, edition: str) -> list[Respondent]:
        """Who is looked for in the texts of an edition."""
        return [*self.persons.get(EVERYWHERE, ()), *self.persons.get(edition, ())]

    def about(self, surveys: list[Survey]) -> Callable[[str], Mentions]:
        """By edition, what is taken out of its texts."""
        return cache(lambda edition: mentions(self.of(edition), surveys))

    @property
    def everybody(self) -> list[Respondent]:
        """Who is looked for anywhere."""
        return [one for some in self.persons.values() for one in some]

    @property
    def asked(self) -> dict[str, set[str]]:
        """The submissions of requests, by edition."""
        ids = {one.submission_id for one in self.persons.get(EVERYWHERE, ())}
        return {edition: {one for one in ids if edition_of(one) == edition} for edition in map(edition_of, ids)}


def edition_of(submission: str) -> str:
    """The edition of a submission."""
    return submission.rpartition("-")[0]


def _once(persons: Iterable[Respondent]) -> tuple[Respondent, ...]:
    found = {json.dumps(asdict(one), sort_keys=True): one for one in persons}
    return tuple(found[name] for name in sorted(found))


def load(project: Project) -> Sought:
    """What erasures that were cut off look for, or that left something to look at; nothing if all came to their end.

    Raises:
        CalmError: it is encrypted and no key that is set opens it, or it was changed.
    """
    file = project.root.unfinished
    if not file.exists():
        return Sought()
    about = _opened(project, file.read_bytes())
    persons = {place: tuple(Respondent(**one) for one in some) for place, some in about["persons"].items()}
    texts = {place: frozenset(some) for place, some in about["texts"].items()}
    return Sought(persons, texts, frozenset(about["over"]))


def _opened(project: Project, content: bytes) -> Any:
    keys = project.keys()
    try:
        plain = content.startswith(b"{") or keys is None
        return json.loads(content if plain else keys.vault.decrypt(content))  # type: ignore[union-attr]
    except (InvalidToken, ValueError):
        raise CalmError.of(VAULT, "unfinished_closed") from None


def keep(project: Project, more: Sought) -> Sought:
    """Look for this too, from now on and after a crash; call it where the vaults are held.

    Returns:
        All that is looked for.

    Raises:
        CalmError: as `load`; it stays as it is.
    """
    sought = Sought() | load(project) | more
    if more:
        _write(project, sought)
    return sought


def renew(project: Project) -> None:
    """Encrypt it with the first key; raises CalmError as `load`."""
    if sought := load(project):
        _write(project, sought)


def _write(project: Project, sought: Sought) -> None:
    about = {
        "persons": {place: [*map(asdict, some)] for place, some in sought.persons.items()},
        "texts": {place: sorted(some) for place, some in sought.texts.items()},
        "over": sorted(sought.over),
    }
    content, keys = json.dumps(about).encode(), project.keys()
    files.replace_durably(project.root.unfinished, keys.vault.encrypt(content) if keys else content)


def left(project: Project, sought: Sought) -> list[Path]:
    """The files in which something of it still stands, or which are damaged, so that nobody can tell."""
    root, texts = project.root, dict(sought.texts)
    everywhere = holding(root.path, texts.pop(EVERYWHERE, frozenset()))
    found = {*everywhere, *holding(root.path / "data", frozenset().union(*texts.values()))}
    return sorted(found - {root.unfinished})


def forget(project: Project, sought: Sought) -> None:
    """Nothing of it stands anywhere any more; what another erasure has added since is kept, with this."""
    file = project.root.unfinished
    if file.exists():
        with locked(project.root.vaults):
            if load(project) == sought:
                file.unlink()
                files.sync(file.parent)


def waiting(project: Project, edition: str | None = None) -> Held:
    """Who is looked for, of one edition or of whatever edition, as far as it is known who they are."""
    everybody = [one for one in load(project).everybody if one.answers or one.platform]
    known = {one.submission_id: one for one in everybody if edition in (None, edition_of(one.submission_id))}
    return Held(EVERYWHERE, {}, {PLACE: known} if known else {})
