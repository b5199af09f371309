"""Erasing: noted first, so that nothing comes back; then taken out of exports, vault and tables; then looked for."""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from ahocorasick_rs import AhoCorasick

from calm_pipeline import files, vintages
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.named import names_in
from calm_pipeline.exports.names import SHORTEST
from calm_pipeline.exports.person import Respondent
from calm_pipeline.persons.files import places, rewrite, sweep
from calm_pipeline.persons.held import Held, came_back, check_numbered, held, survey_of
from calm_pipeline.persons.mentions import Mentions
from calm_pipeline.persons.traces import SUBMISSION, Traces, known_as, pseudonymous, traces
from calm_pipeline.persons.unfinished import EVERYWHERE, Sought, edition_of, forget, keep, left, load
from calm_pipeline.project import STAGES, Project
from calm_pipeline.root import parts_of
from calm_pipeline.survey import Survey
from calm_pipeline.tables import Contract
from calm_pipeline.vault import erasures, tables
from calm_pipeline.vault.erasures import Erased
from calm_pipeline.vault.refusals import VAULT
from calm_pipeline.vault.vault import locked
from calm_pipeline.vintages import writing

TELLING = ("ip",)
BY = "calm person"
OVER = "retention"


@dataclass(frozen=True)
class Done:
    """What an erasure came to: the submissions, the files written anew, and files to look at.

    `left` still hold something that the person said. A name can be somebody else's, and a decision of the desk may
    repeat one; only a person can tell.
    """

    submissions: list[str]
    written: list[Path]
    left: list[Path] = field(default_factory=list)


def erase(project: Project, wanted: Collection[Respondent], reason: str, now: datetime) -> Done:
    """Erase these persons everywhere under the project's root, and whomever an erasure that was cut off looks for.

    Done twice it changes nothing more.

    Raises:
        CalmError: an export cannot be read, a vault not opened, or a run is under way; nothing was changed then. Or
            an export would be read otherwise: the erasure is noted then, and goes on when it is done again. Or
            vintages are damaged: these stay as they are, everything else is erased, all whole vintages too.
    """
    editions = {edition_of(one.submission_id) for one in wanted}
    everything = [held(project, edition) for edition in project.root.editions]
    for found in everything:
        if found.edition in editions and not project.erased(found.edition).whole:
            check_numbered(found)
    back = [one for found in everything for one in came_back(found, project.erased(found.edition))]
    texts = telling(wanted, everything) | known_as(project, traces(project), wanted)
    more = Sought({EVERYWHERE: (*wanted, *back)}, {EVERYWHERE: frozenset(texts)})
    with alone(project):
        sought = keep(project, more)  # first of all: exports and vaults soon know no more what to look for
        written = _everywhere(project, everything, sought, reason, now)
    still = left(project, sought)
    if not still:
        forget(project, sought)
    return Done(sorted({one.submission_id for one in wanted or sought.everybody}), written, still)


def _everywhere(project: Project, everything: list[Held], sought: Sought, reason: str, now: datetime) -> list[Path]:
    note_again(project, sought, reason, now)
    about = sought.about(project.surveys())
    made = _vintages(project, about)
    written: list[Path] = []
    for edition in ({*sought.asked} | sought.over) - {*project.root.editions}:
        written += _without_a_survey(project, edition, about(edition))
    for found in everything:
        written += carry_out(project, found, about(found.edition))
    return [*written, *_all_done(made)]


def note_again(project: Project, sought: Sought, reason: str, now: datetime) -> None:
    """Note whom erasures look for, as far as it is not noted; call it where the vaults are held."""
    for edition, submissions in sought.asked.items():
        erasures.note(project.root.erasures, edition, submissions, reason, now)
    for edition in sought.over:
        erasures.note(project.root.erasures, edition, None, OVER, now)


def take_up(project: Project, now: datetime) -> Sought:
    """What an erasure that was cut off looks for; it is noted, even if the kill came before."""
    sought = load(project)
    if sought:
        with alone(project):
            note_again(project, sought, "request", now)
    return sought


def note_expired(project: Project, found: Held, stored: Traces, staying: Collection[Held], now: datetime) -> Sought:
    """Note that everybody of an edition is to be erased, and return all that is looked for.

    `stored` are the traces of everybody. `staying` are the editions whose time is not over: what the same people said
    there, and their pseudonyms, stay.
    """
    everybody, root = tuple(found.respondents.values()), project.root
    declared = (root.survey(found.edition), root.tables, root.dictionary, root.views)
    ours = "".join(file.read_text(encoding="utf-8") for file in declared)  # many give 没有 as their number
    said = {text for text in telling(everybody, staying) if len(text) >= SHORTEST and text not in ours}
    known = known_as(project, stored, everybody) - stored.pseudonyms_in({one.edition for one in staying})
    more = Sought({found.edition: everybody}, {found.edition: frozenset(said | known)}, frozenset({found.edition}))
    with alone(project):
        sought = keep(project, more)
        erasures.note(root.erasures, found.edition, None, OVER, now)
    return sought


def look_for(project: Project, edition: str, back: Collection[Respondent]) -> Sought:
    """Look in the texts of an edition for whom a new download brought again; return all that is looked for."""
    if not back:
        return load(project)
    with alone(project):
        return keep(project, Sought({edition: tuple(back)}))


def erase_held(project: Project, found: Held, about: Mentions) -> Done:
    """Take whom the notes name out of all that is held of an edition but the vintages, and what was written of them."""
    erased = project.erased(found.edition)
    with alone(project):
        written = carry_out(project, found, about)
    return Done(sorted(name for name in found.respondents if name in erased), written)


def erase_stored(project: Project, edition: str, about: Mentions) -> Done:
    """The same for whom the notes name of an edition without a survey: what can be reached of it."""
    with alone(project):
        return Done([], _without_a_survey(project, edition, about))


def erase_published(project: Project, about: Callable[[str], Mentions]) -> Done:
    """Take whom the notes name, of all editions, out of the vintages, each of which is made anew once at most.

    `about`: what is taken out of the texts of an edition as well.

    Raises:
        CalmError: vintages are damaged; all others are done.
    """
    if not erasures.editions_of(project.root.erasures):
        return Done([], [])
    with alone(project):
        return Done([], _all_done(_vintages(project, about)))


@contextmanager
def alone(project: Project) -> Iterator[None]:
    """Hold every edition and the vaults: a run that has read a person already would write a pseudonym afterwards.

    What killed writers left behind is removed: it may hold whom nothing may be kept of.

    Raises:
        CalmError: somebody else holds an edition; it is told at once who.
    """
    with ExitStack() as held_alone:
        for edition in project.root.editions:
            held_alone.enter_context(writing(project.root, edition, BY))
        held_alone.enter_context(locked(project.root.vaults))
        sweep(project.root)
        for folder in ("tables", "stages"):
            files.sweep(project.root.warehouse / folder)
        yield


def carry_out(project: Project, found: Held, about: Mentions) -> list[Path]:
    """Take out of an edition all whom the notes name, and these persons out of texts in which others wrote of them.

    The exports and the vault come last, since they tell what to look for.

    Returns:
        The files written anew.

    Raises:
        CalmError: the notes name single submissions, and an export tells none apart; nothing is changed then.
    """
    erased = project.erased(found.edition)
    if erased and not erased.whole:
        check_numbered(found)
    stored, changes = _tables(project, found.edition, erased, about), places(project, found, erased, about)
    written = [rewrite(project, found, path, texts, about) for path, texts in changes.items()]
    return [*stored, *written, *_vault(project, found, erased, about)]


def _without_a_survey(project: Project, edition: str, about: Mentions) -> list[Path]:
    """Vault and tables of an edition whose exports nobody can read any more."""
    erased = project.erased(edition)
    return [*_tables(project, edition, erased, about), *_vault(project, Held(edition, {}, {}), erased, about)]


def _vault(project: Project, found: Held, erased: Erased, about: Mentions) -> list[Path]:
    keys = project.keys()
    if keys is None and any(project.root.vault(found.edition).glob("*.vault")):
        raise CalmError.of(VAULT, "no_key")
    if keys is None:
        return []
    vault = project.vault(found.edition, keys)
    if erased.whole:
        return [vault.file] if vault.destroy() else []
    kept = {name: _without(one, about) for name, one in vault.read().items() if name not in erased}
    return [vault.file] if vault.keep(kept) else []


def _without(one: Respondent, about: Mentions) -> Respondent:
    """The respondent without texts about these persons."""
    kept = {name: text for name, text in one.withheld.items() if not about(text)}
    return Respondent(one.submission_id, one.answers, one.platform, kept)


def _tables(project: Project, edition: str, erased: Erased, about: Mentions) -> list[Path]:
    """The pseudonyms and names in every table of the workbench; what was proved of these tables is so no longer.

    What is kept of exports goes whole: it is read again when it is wanted.
    """
    shutil.rmtree(project.root.kept(edition), ignore_errors=True)
    pseudonyms, survey = pseudonymous(project), survey_of(project, edition)

    def kept(rows: pa.Table) -> pa.Table:
        return _kept(rows, pseudonyms, erased, about, survey)

    stored = [project.file(name, edition) for name in (*STAGES, *project.contracts())]
    return [file for file in stored if sum(tables.change(part, kept) for part in parts_of(file))]


def _vintages(project: Project, about: Callable[[str], Mentions]) -> vintages.Rewritten:
    """The same in everything that was published, also of editions that have no survey file any more."""
    noted = {edition: project.erased(edition) for edition in erasures.editions_of(project.root.erasures)}

    def kept(edition: str, contract: Contract, rows: pa.Table) -> pa.Table:
        erased, survey = noted.get(edition, Erased()), survey_of(project, edition)
        return _kept(rows, contract.pseudonyms, erased, about(edition), survey)

    return vintages.rewrite(project.root, kept, project.contracts(), BY)


def _kept(
    rows: pa.Table, pseudonyms: Collection[str], erased: Erased, about: Mentions, survey: Survey | None
) -> pa.Table:
    if SUBMISSION not in rows.column_names:
        return rows
    return about.without(tables.without(rows, pseudonyms, erased), survey)


def _all_done(made: vintages.Rewritten) -> list[Path]:
    """The vintages made anew.

    Raises:
        CalmError: vintages are damaged; all others are done.
    """
    if made.left:
        raise CalmError.of(VAULT, "vintages_left", names=", ".join(path.name for path in made.left))
    return made.made


def telling(wanted: Collection[Respondent], everything: Iterable[Held]) -> set[str]:
    """What to look for afterwards: what only these persons said of themselves, each number also in eleven digits.

    Of an answer that holds more than a name each name as well.
    """
    ids = {one.submission_id for one in wanted}
    others = [one for some in everything for one in some.respondents.values() if one.submission_id not in ids]
    texts = {text for one in wanted for text in _said(one)}
    sought = AhoCorasick(texts)
    said = (text for one in others for text in _said(one))
    return texts - {text for other in said for text in sought.find_matches_as_strings(other, overlapping=True)}


def _said(one: Respondent) -> set[str]:
    addresses = {text.split("(")[0] for name, text in one.platform.items() if name in TELLING}
    names = {name for text in one.answers.values() for name in names_in(text.strip())}
    answers = {text.strip() for text in one.answers.values()}
    return (answers | names | addresses | ({one.mobile} if one.mobile else set())) - {""}
