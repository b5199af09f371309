"""`calm person` and `calm vault`: requests about one person, the end of what may be kept, and keys."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from calm_pipeline.commands.query import say
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.person import Respondent
from calm_pipeline.exports.privacy import shown_path
from calm_pipeline.objects.erased import reaching
from calm_pipeline.persons import unfinished
from calm_pipeline.persons.erase import Done
from calm_pipeline.persons.erase import erase as erase_persons
from calm_pipeline.persons.held import Held, check_one, held, matching, mentioning, same_person
from calm_pipeline.persons.mentions import mentions
from calm_pipeline.persons.retain import expire_all
from calm_pipeline.persons.traces import Traces, known_as, traces
from calm_pipeline.project import Project
from calm_pipeline.survey import Words
from calm_pipeline.vault.refusals import VAULT
from calm_pipeline.vault.vault import Vault, locked

Ask = Callable[[str], str]
WHO = "Mobile number, name or submission 手机号、姓名或答卷编号: "
SURE = "Erase them for good 确认永久删除？ [y/N] "


def typed(prompt: str) -> str:
    """A line from the terminal, or from what is piped in; never from the command line, which others can see."""
    if sys.stdin.isatty():
        sys.stderr.write(prompt)
        sys.stderr.flush()
    return sys.stdin.readline().strip()


def find(project: Project, edition: str | None, out: Console, *, show: bool, ask: Ask = typed) -> int:
    """Print which submissions are a person's and where their data lie; the data themselves only with `show`.

    Raises:
        CalmError: nobody is held under what was typed.
    """
    found = [held(project, one) for one in ([edition] if edition else project.root.editions)]
    everything = [*found, unfinished.waiting(project, edition)]
    stored = traces(project, edition)
    _tell_unread(project, stored, out)
    persons = _meant(project, everything, stored, ask(WHO))
    for one in persons:
        say(out, one.submission_id, _where(project, everything, stored, one))
        if show:
            for name, text in {**one.answers, **one.platform, **one.withheld}.items():
                out.print(f"    {name}: {text}", markup=False, highlight=False, soft_wrap=True)
    ids = {one.submission_id for one in persons}
    about = mentions(persons, project.surveys())
    others = [other for some in everything for other in mentioning(some.respondents.values(), about)]
    for other in (other for other in others if other.submission_id not in ids):
        words = Words(
            en="another submission; the number or the name is in a text of it",
            zh="另一份答卷，其文本中出现了该手机号或姓名",
        )
        say(out, other.submission_id, words)
    return 0


def _where(project: Project, everything: list[Held], stored: Traces, one: Respondent) -> Words:
    plain = ", ".join(
        place for some in everything for place, found in some.places.items() if one.submission_id in found
    )
    files = stored.of(one.submission_id)
    hidden = ", ".join(_path(project, file) for file in files)
    if plain and hidden:
        return Words(en=f"held in {plain}; as a pseudonym in {hidden}", zh=f"保存于 {plain}；以假名标识存于 {hidden}")
    if plain:
        return Words(en=f"held in {plain}", zh=f"保存于 {plain}")
    if hidden:
        return Words(en=f"held as a pseudonym alone, in {hidden}", zh=f"仅以假名标识存于 {hidden}")
    return Words(en="erased; nothing is held any more", zh="已删除，不再保存任何个人信息")


def _path(project: Project, file: Path) -> str:
    """Without numbers: a file may be named after somebody's."""
    return shown_path(file.relative_to(project.root.path))


def _tell_unread(project: Project, stored: Traces, out: Console) -> None:
    for file in stored.unread:
        words = Words(
            en="damaged, so that nobody can tell who is in it; bring it back from a copy or remove it",
            zh="文件已损坏，无法确定其中涉及哪些人；请从备份恢复或将其删除",
        )
        say(out, _path(project, file), words)


def _meant(project: Project, everything: list[Held], stored: Traces, value: str) -> list[Respondent]:
    """Who is held under a value: in exports and vaults, as a pseudonym alone, or erased, perhaps not to the end."""
    everybody = {name: one for some in reversed(everything) for name, one in some.respondents.items()}.values()
    persons = same_person(everybody, matching(everybody, value))
    erased = project.erased(value.rpartition("-")[0]).submissions
    if not persons and (value in erased or stored.of(value)):
        persons = [Respondent(value, {}, {}, {})]
    more = stored.submissions(known_as(project, stored, persons, value)) - {one.submission_id for one in persons}
    plain = {one.submission_id: one for one in everybody}
    persons += [plain.get(one, Respondent(one, {}, {}, {})) for one in sorted(more)]
    if not persons:
        raise CalmError.of(VAULT, "nobody")
    return persons


def erase(project: Project, submission: str | None, out: Console, err: Console, *, yes: bool, ask: Ask = typed) -> int:
    """Erase one person everywhere, after a question; 1 if a file is left that a person must look at.

    Raises:
        CalmError: nobody is held under what was given, or several persons, or the question was not answered with y.
    """
    before = unfinished.waiting(project)
    code = _finish(project, out, err)
    found, stored = [held(project, one) for one in project.root.editions], traces(project)
    known, now = [*found, before], [*found, unfinished.waiting(project)]
    _tell_unread(project, stored, err)
    value = submission or ask(WHO)
    check_one(matching((one for some in known for one in some.respondents.values()), value))
    persons = _meant(project, known, stored, value)
    for one in persons:
        say(err, one.submission_id, _where(project, now, stored, one))
    if not yes and ask(SURE).lower() not in ("y", "yes"):
        raise CalmError.of(VAULT, "not_confirmed")
    with reaching(project.root, "calm person"):
        done = erase_persons(project, persons, "request", datetime.now(UTC))
    _tell(project, done, out)
    return max(code, _tell_left(project, [done], err))


def _finish(project: Project, out: Console, err: Console) -> int:
    """Finish an erasure that was cut off, whoever else is asked for; the exit code."""
    if not _tell_unfinished(project, err):
        return 0
    try:
        with reaching(project.root, "calm person"):
            done = erase_persons(project, [], "request", datetime.now(UTC))
    except CalmError as error:
        if error.code != "vintages_left":  # all else is done, and whom is asked for need not wait
            raise
        err.print(error.told, markup=False, highlight=False, soft_wrap=True)
        return 1
    _tell(project, done, out)
    return _tell_left(project, [done], err)


def _tell_unfinished(project: Project, err: Console) -> bool:
    begun = bool(unfinished.load(project))
    if begun:
        say(err, unfinished.PLACE, unfinished.TAKEN_UP)
    return begun


def _tell_left(project: Project, done: Iterable[Done], err: Console) -> int:
    """Name the files that a person must look at; the exit code."""
    left = sorted({file for one in done for file in one.left})
    for file in left:
        words = Words(
            en="still holds something that was erased, or is damaged; it may be somebody else's or the desk's: look "
            "at it",
            zh="仍含有与已删除信息相同的内容，或文件已损坏；内容可能属于他人或出自核查台的决定，请人工核对",
        )
        say(err, _path(project, file), words)
    if left:
        words = Words(
            en="holds what is looked for, and is gone when nothing of it stands anywhere; if what is left may stay, "
            "remove this file",
            zh="保存着所查找的内容，各处均无残留后自动删除；如剩下的内容可以保留，请手工删除该文件",
        )
        say(err, unfinished.PLACE, words)
    return 1 if left else 0


def expire(project: Project, out: Console, err: Console) -> int:
    """Erase everybody of the editions whose time is over; 1 if a file is left that a person must look at."""
    _tell_unfinished(project, err)
    with reaching(project.root, "calm person"):
        done = expire_all(project, datetime.now(UTC))
    for one in done.values():
        _tell(project, one, out)
    if not done:
        say(out, "retention", Words(en="nothing is past its date", zh="没有超过保存期限的内容"))
    return _tell_left(project, done.values(), err)


def _tell(project: Project, done: Done, out: Console) -> None:
    files = ", ".join(_path(project, file) for file in done.written) or "-"
    words = Words(en=f"erased; written anew: {files}", zh=f"已删除；重新写出的文件：{files}")
    say(out, f"{len(done.submissions)} submission(s)", words)


def rotate(project: Project, out: Console) -> int:
    """Encrypt every vault again with the first key.

    Raises:
        CalmError: no key is set, or a vault is opened by none of them: it stays as it is, and all others are done.
    """
    keys = project.keys()
    if keys is None:
        raise CalmError.of(VAULT, "no_key")
    done, closed = [], None
    with locked(project.root.vaults):
        for folder in sorted(file.parent for file in project.root.vaults.glob("*/*.vault")):
            try:
                done += [folder.name] if Vault(folder, keys).rotate() else []
            except CalmError as error:
                closed = error
        unfinished.renew(project)
    if closed:
        raise closed
    words = Words(
        en=f"encrypted with the first key, {keys.fingerprint}; pseudonyms in tables change with the next `calm run`, "
        "until then they begin with the fingerprint of the key before. The other keys can be dropped",
        zh=f"已改用第一个密钥（{keys.fingerprint}）加密；各表中的假名标识在下次 `calm run` 后更新，"
        "此前仍以旧密钥的指纹开头。其余密钥可以停用",
    )
    say(out, ", ".join(done) or "-", words)
    return 0
