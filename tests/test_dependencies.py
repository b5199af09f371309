"""What the audit of dependencies finds, and that nobody who cannot be asked makes it fail."""

import json
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from tests.audit import audit
from tests.dependencies import OPTIONAL, here, locked, problems

HASH = "--hash=sha256:" + "0" * 64
GOOD = f"tool==1.0 \\\n    {HASH} \\\n    {HASH}\nother==2 ; sys_platform == 'nowhere' \\\n    {HASH}\n"


def installed(folder: Path, name: str = "tool", version: str = "1.0", **about: str) -> list[Distribution]:
    place = folder / f"{name}-{version}.dist-info"
    place.mkdir()
    said = {"Metadata-Version": "2.4", "Name": name, "Version": version, "License-Expression": "MIT"} | {
        key.replace("_", "-"): value for key, value in about.items()
    }
    (place / "METADATA").write_text("".join(f"{key}: {value}\n" for key, value in said.items()))
    return [PathDistribution(place)]


def test_what_is_installed_here_is_what_is_locked() -> None:
    assert list(here()) == []


def test_the_lock_of_the_extra_is_sound() -> None:
    entries, wrong = locked(OPTIONAL.read_text(encoding="utf-8"))
    assert "pyspark" in entries
    assert wrong == []


def test_a_sound_lock(tmp_path: Path) -> None:
    assert list(problems(GOOD, installed(tmp_path))) == []


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        (GOOD.replace("==1.0", ">=1.0"), "one version"),
        (GOOD.replace("==1.0", "==1.0,<3"), "one version"),
        ("tool==1.0\n", "SHA-256"),
        (f"tool==1.0 {HASH.replace('sha256', 'md5')}\n", "SHA-256"),
        (GOOD.replace("tool==1.0", "tool @ https://example.org/tool.whl"), "one version"),
        (GOOD.replace("tool==1.0", "tool @ git+https://example.org/tool"), "one version"),
        (GOOD + "--index-url elsewhere\n", "no pinned dependency"),
        (GOOD + "-e ../elsewhere\n", "no pinned dependency"),
        (GOOD.replace("1.0", "1.1"), "installed is 1.0"),
        ("", "not in the lock"),
    ],
)
def test_what_is_wrong_with_a_lock(lock: str, said: str, tmp_path: Path) -> None:
    found = list(problems(lock, installed(tmp_path)))
    assert any(said in one for one in found), found


def test_what_is_missing(tmp_path: Path) -> None:
    found = list(problems(GOOD.replace("== 'nowhere'", "!= 'nowhere'"), installed(tmp_path)))
    assert [one.partition(";")[0] for one in found] == ["other: the lock says ==2, installed is nothing"]


@pytest.mark.parametrize("licence", ["AGPL-3.0", "MIT AND AGPL-3.0", "none"])
def test_a_licence_that_is_not_allowed(licence: str, tmp_path: Path) -> None:
    (found,) = problems(GOOD, installed(tmp_path, License_Expression=licence))
    assert "its licence is not among those allowed" in found


def test_what_came_from_an_address(tmp_path: Path) -> None:
    there = installed(tmp_path)
    (tmp_path / "tool-1.0.dist-info" / "direct_url.json").write_text("{}")
    assert list(problems(GOOD, there)) == ["tool: was installed from an address and not from an index"]


def told(folder: Path, says: str, code: int) -> tuple[int, str]:
    program = folder / "pip-audit"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{says}\nEND\necho no such host >&2\nexit {code}\n")
    program.chmod(0o755)
    return audit(str(program))


def test_nobody_who_cannot_be_asked_makes_it_fail(tmp_path: Path) -> None:
    assert audit(None) == (
        0,
        "It is not known whether the locked versions have vulnerabilities: pip-audit is not installed.\n",
    )
    code, text = told(tmp_path, "", 1)
    assert code == 0
    assert "could not ask OSV (no such host)" in text


def test_a_vulnerability_fails(tmp_path: Path) -> None:
    known = {"name": "tool", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
    code, text = told(tmp_path, json.dumps({"dependencies": [known, {"name": "other", "skip_reason": "?"}]}), 1)
    assert code == 1
    assert text.splitlines()[:2] == [
        "tool 1.0: PYSEC-1, mended in 1.1",
        "1 versions asked about, 1 vulnerabilities known",
    ]
    assert "OSV does not know other" in text
