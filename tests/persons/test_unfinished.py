"""An erasure that is killed anywhere knows afterwards whom it looks for: the next command finishes it from the disk."""

import base64
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from calm_pipeline.commands import person
from calm_pipeline.errors import CalmError
from calm_pipeline.persons import erase as steps
from calm_pipeline.persons import retain
from calm_pipeline.persons.held import Held, held
from calm_pipeline.persons.mentions import Mentions
from calm_pipeline.persons.retain import PUBLISHED, expire_all
from calm_pipeline.persons.unfinished import EVERYWHERE, Sought, forget, keep, load
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.vault.keys import new
from calm_pipeline.vault.scan import holding
from calm_pipeline.vault.vault import locked
from tests.persons.edition import (
    AGAIN,
    EDITION,
    KEPT,
    KEY,
    MOBILE,
    NAME,
    NEXT,
    OTHER,
    OTHERS,
    PERSON,
    SECRETS,
    SILENT,
    hand_in,
    ingest,
    project_in,
    publish,
)
from tests.persons.test_commands import console, said, typed
from tests.persons.test_erase import gone, key
from tests.persons.test_retain import LAST, OVER
from tests.vintages.small import frames, put, write

__all__ = ["key"]
COLLEAGUE = replace(OTHERS, answers={**OTHERS.answers, "advice": f"请问{NAME}老师"})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The person in one edition, named in a text of the next one by somebody else."""
    project = project_in(tmp_path, EDITION, NEXT)
    hand_in(project, "a.csv", who=(PERSON, AGAIN, SILENT))
    hand_in(project, "b.csv", edition=NEXT, who=(COLLEAGUE,))
    for edition in (EDITION, NEXT):
        ingest(project, edition)
    publish(project)
    return project


@pytest.fixture
def old(tmp_path: Path) -> Project:
    """One edition, with all of them."""
    project = project_in(tmp_path)
    hand_in(project, "a.csv", who=(PERSON, AGAIN, COLLEAGUE, SILENT))
    ingest(project)
    publish(project)
    return project


def started(project: Project) -> Project:
    """What a new process knows."""
    return Project(Root(project.root.path))


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def cut_off(project: Project, patched: pytest.MonkeyPatch, at: object, name: str, by: object = killed) -> None:
    with patched.context() as inner:
        inner.setattr(at, name, by)
        with pytest.raises(KeyboardInterrupt):
            gone(project)
    assert project.root.unfinished.exists()


def erase(project: Project, value: str = "2030-0003") -> tuple[int, str]:
    err = console()
    return person.erase(started(project), None, console(), err, yes=True, ask=typed(value)), said(err)


def finished(project: Project) -> bool:
    return not project.root.unfinished.exists() and holding(project.root.path, SECRETS) == []


def before_the_next_edition(
    project: Project, found: Held, about: Mentions, go_on: Callable[..., list[Path]] = steps.carry_out
) -> list[Path]:
    if found.edition == NEXT:
        raise KeyboardInterrupt
    return go_on(project, found, about)


@pytest.mark.parametrize("value", ["2030-0003", MOBILE, NAME])
def test_killed_before_the_scan_the_same_command_scans_until_nothing_is_left(
    value: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = project.root.raw(EDITION) / "notes.md"
    notes.write_text(f"{NAME}来电", encoding="utf-8")
    cut_off(project, monkeypatch, steps, "left")
    assert not held(project, EDITION).places["data/vault/2030"].keys() & {"2030-0003", "2030-0004"}
    for _ in range(2):
        code, told = erase(project, value)
        assert (code, "data/raw/2030/notes.md" in told, "taken up first" in told) == (1, True, True)
        assert project.root.unfinished.exists()
    notes.unlink()
    assert erase(project, value)[0] == 0
    assert finished(project)
    assert "taken up first" not in erase(project)[1]


@pytest.mark.parametrize(
    ("at", "by"),
    [
        ("carry_out", before_the_next_edition),
        *(
            (name, killed)
            for name in ("note_again", "_vintages", "_tables", "places", "rewrite", "_vault", "_all_done")
        ),
    ],
)
def test_killed_at_a_step_it_is_finished_whoever_is_asked_for_next(
    at: str, by: object, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(project, monkeypatch, steps, at, by)
    with pytest.raises(CalmError, match="nobody is held under that value"):
        erase(project, "13700000000")
    assert finished(project)
    assert project.erased(EDITION).submissions == {"2030-0003", "2030-0004"}
    assert holding(project.root.raw(NEXT), KEPT)


def test_killed_by_the_system_the_nightly_schedule_finishes_it(project: Project) -> None:
    program = (
        "import os, pathlib, sys; from calm_pipeline.persons import erase as steps; from calm_pipeline.cli import main;"
        "steps._all_done = lambda *_: os.kill(os.getpid(), 9);"
        "sys.argv = ['calm', 'person', 'erase', '2030-0003', '--yes']; main()"
    )
    begun = subprocess.run([sys.executable, "-c", program], cwd=project.root.path, check=False)
    assert (begun.returncode, project.root.unfinished.exists()) == (-9, True)
    assert "2030-0003" not in held(project, EDITION).respondents
    notes = project.root.raw(NEXT) / "notes.md"
    notes.write_text(MOBILE, encoding="utf-8")
    assert expire_all(started(project), LAST)[PUBLISHED].left == [notes]
    notes.unlink()
    expire_all(started(project), LAST)
    assert finished(project)


def named_in_a_vintage(project: Project) -> Path:
    tables = frames(EDITION, "two")
    tables["submissions"]["respondent"] = None
    tables["selections"].loc[2, "question"] = f"可问{NAME}"
    write(project.root, EDITION, tables)
    put(project.root, EDITION)
    return max(project.root.vintages.iterdir())


def test_a_damaged_vintage_brought_back_loses_the_name_in_somebody_elses_text(project: Project) -> None:
    manifest = named_in_a_vintage(project) / "manifest.json"
    content = manifest.read_bytes()
    manifest.write_bytes(content[1:])
    for _ in range(2):
        with pytest.raises(CalmError, match=manifest.parent.name):
            erase(project)
    assert erase_of_another(project) == "vintages_left"
    assert holding(project.root.path, [OTHER]) == []
    manifest.write_bytes(content)
    assert holding(manifest.parent, [NAME])
    assert erase(project)[0] == 0
    assert finished(project)


def erase_of_another(project: Project) -> str:
    with pytest.raises(CalmError) as error:
        erase(project, OTHER)
    return error.value.code


def test_an_expiry_killed_before_its_scan_is_looked_through_by_the_next(
    old: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = old.root.path / "data" / "notes.md"
    notes.write_text(f"{NAME}来电", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(retain, "left", killed)
        with pytest.raises(KeyboardInterrupt):
            expire_all(old, OVER)
    assert holding(old.root.path, [NAME]) == [notes]
    assert expire_all(started(old), OVER)[PUBLISHED].left == [notes]
    notes.unlink()
    assert expire_all(started(old), OVER) == {}
    assert finished(old)


@pytest.mark.parametrize("at", ["note", "carry_out"])
def test_an_expiry_killed_while_it_erases_is_finished_by_an_erasure_of_anybody(
    at: str, old: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(steps.erasures if at == "note" else steps, at, killed)
        with pytest.raises(KeyboardInterrupt):
            expire_all(old, OVER)
    assert load(old).over == {EDITION}
    code, told = erase(old)
    assert code == 0, told
    assert old.erased(EDITION).whole
    assert finished(old)


def test_it_lies_encrypted_for_its_owner_alone_and_goes_with_a_rotation(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(project, monkeypatch, steps, "left")
    file, fresh = project.root.unfinished, new()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert holding(file.parent, SECRETS) == []
    monkeypatch.setenv("CALM_KEY", f"{fresh},{KEY}")
    assert person.rotate(project, console()) == 0
    monkeypatch.setenv("CALM_KEY", fresh)
    assert erase(project)[0] == 0
    assert finished(project)


@pytest.mark.parametrize("other", ["", base64.b64encode(bytes(32)).decode()])
def test_without_its_key_nothing_is_taken_up_and_nothing_lost(
    other: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(project, monkeypatch, steps, "left")
    before = {file: file.read_bytes() for file in project.root.path.rglob("*") if file.is_file()}
    commands: list[Callable[[], object]] = [
        lambda: erase(project),
        lambda: expire_all(project, LAST),
        *([lambda: person.rotate(project, console())] if other else []),
    ]
    with monkeypatch.context() as patched:
        patched.setenv("CALM_KEY", other)
        for command in commands:
            with pytest.raises(CalmError) as error:
                command()
            assert error.value.code == "unfinished_closed"
    assert {file: file.read_bytes() for file in project.root.path.rglob("*") if file.is_file()} == before
    assert erase(project)[0] == 0


def test_without_a_key_it_is_plain_and_not_told_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALM_KEY")
    project = project_in(tmp_path)
    hand_in(project, "a.csv")
    cut_off(project, monkeypatch, steps, "left")
    file = project.root.unfinished
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert holding(project.root.path, [MOBILE]) == [file]
    plain = file.read_bytes()
    with monkeypatch.context() as patched:
        patched.setenv("CALM_KEY", KEY)
        assert person.rotate(project, console()) == 0
        assert holding(project.root.path, [MOBILE]) == []
    file.write_bytes(plain)
    assert erase(project)[0] == 0
    assert finished(project)


def test_what_another_erasure_has_added_is_not_forgotten(project: Project) -> None:
    with locked(project.root.vaults):
        one = keep(project, Sought({}, {EVERYWHERE: frozenset({"one"})}))
        both = keep(project, Sought({}, {EVERYWHERE: frozenset({"other"})}))
    forget(project, one)
    assert load(project) == both
    forget(project, both)
    assert not project.root.unfinished.exists()
