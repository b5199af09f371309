"""Everybody may do in data/ what docs/deploy.md says and nothing else, whatever their umask and whoever made a file."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import HOME
from tests.deploy.cluster import Cluster, run
from tests.deploy.parties import ALICE, ANALYST, ANNE, CALM, STRANGER, Party, permissions, scratch

pytestmark = pytest.mark.xdist_group("deploy")
EVERYBODY = (CALM, ALICE, ANNE, ANALYST, STRANGER)
EXPORT, CORRECTIONS, VINTAGE = "raw/2031/a.csv", "desk/2031/corrections.yaml", "warehouse/vintages/0001-abc"
# What calm_pipeline.persons.files does to an export.
ERASURE = """
    set -e; cd raw/2031; mkdir .erasing; chmod 700 .erasing
    (umask 177; echo rewritten >.erasing/a.csv); chmod --reference=a.csv .erasing/a.csv
    mv -f .erasing/a.csv a.csv; rmdir .erasing
"""
# As calm_pipeline.vintages makes one: a draft that gets its name at the end.
PUBLISH = """
    set -e; mkdir -p warehouse/vintages/.draft-1/tables; echo 1 >warehouse/vintages/.draft-1/tables/t.parquet
    mv warehouse/vintages/.draft-1 warehouse/vintages/0001-abc; ln -s vintages/0001-abc warehouse/current
"""
VAULT = "mkdir -p vault/2031; chmod 700 vault vault/2031; (umask 177; echo secret >vault/2031/records)"


@pytest.fixture
def root() -> Iterator[Path]:
    """A project in which data/ was given to everybody, and an edition was collected, run and published."""
    with scratch() as folder:
        mended(folder)
        data = folder / "data"
        ALICE.does(data, "mkdir raw/2031; echo received >raw/2031/a.csv; chmod 640 raw/2031/a.csv")
        CALM.does(data, "mkdir desk/2031; echo {} >>desk/2031/journal.jsonl")
        CALM.does(data, PUBLISH)
        CALM.does(data, VAULT)
        ANNE.does(data, f"echo 1 >{CORRECTIONS}")
        yield folder


def mended(folder: Path) -> None:
    done = permissions(folder)
    assert done.returncode == 0, done.stderr


def test_calm_reads_and_replaces_what_the_desk_put_there(root: Path) -> None:
    data = root / "data"
    CALM.does(data, f"cat {EXPORT} {CORRECTIONS}")
    CALM.does(data, ERASURE)
    assert (data / EXPORT).read_text() == "rewritten\n"
    assert (data / EXPORT).stat().st_uid == CALM.user
    ANNE.does(data, f"cat {EXPORT}; echo again >raw/2031/b.csv; mv raw/2031/b.csv {EXPORT}")


def check(data: Path, allowed: dict[str, tuple[Party, ...]]) -> None:
    """That each command can be done by these parties, and by nobody else."""
    for command, parties in allowed.items():
        for party in EVERYBODY:
            (party.does if party in parties else party.may_not)(data, command)


def check_the_table(data: Path) -> None:
    desk, calm = (CALM, ALICE, ANNE), (CALM,)
    for folder in ("raw", "raw/2031", "desk", "desk/2031"):
        check(data, {f"ls {folder}": desk, f"echo 1 >{folder}/one && rm {folder}/one": desk})
    for folder in ("warehouse", VINTAGE, f"{VINTAGE}/tables"):
        check(data, {f"ls {folder}": (CALM, ANALYST), f"echo 1 >{folder}/one && rm {folder}/one": calm})
    check(data, {f"cat {EXPORT}": desk, f"cat {CORRECTIONS}": desk, f"echo 2 >{CORRECTIONS}": desk})
    check(data, {"cat warehouse/current/tables/t.parquet": (CALM, ANALYST)})
    check(data, {"ls vault": calm, "cat vault/2031/records": calm, "echo 1 >vault/one && rm vault/one": calm})
    check(data, {"mkdir other && rmdir other": calm})


def test_everybody_may_do_what_the_table_says(root: Path) -> None:
    check_the_table(root / "data")


def test_what_came_with_permissions_of_its_own_is_mended(root: Path) -> None:
    data, elsewhere = root / "data", root / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o777)
    ALICE.does(elsewhere, "mkdir 2032; echo 1 >2032/a.csv; chmod 600 2032/a.csv; mv 2032 ../data/raw")
    ANNE.does(data, "mkdir -m 755 raw/2033; echo 1 >raw/2033/b.csv; chmod 600 raw/2033/b.csv")
    for edition, file in (("2032", "a.csv"), ("2033", "b.csv")):
        CALM.may_not(data, f"cat raw/{edition}/{file}")
        CALM.may_not(data, f"mkdir raw/{edition}/.erasing")
    mended(root)
    for edition, file in (("2032", "a.csv"), ("2033", "b.csv")):
        CALM.does(data, f"cat raw/{edition}/{file}; mkdir raw/{edition}/.erasing; rmdir raw/{edition}/.erasing")
        check(data, {f"cat raw/{edition}/{file}": (CALM, ALICE, ANNE)})


def test_a_data_folder_of_before_is_given_to_everybody() -> None:
    with scratch() as folder:
        for path in (EXPORT, CORRECTIONS, f"{VINTAGE}/tables/t.parquet", "vault/2031/records"):
            file = folder / "data" / path
            file.parent.mkdir(parents=True)
            file.write_text("1\n", encoding="utf-8")
            file.chmod(0o604)
        (folder / "data" / "warehouse" / "current").symlink_to("vintages/0001-abc")
        former = f"u:{STRANGER.user}:rwX,d:u:{STRANGER.user}:rwX"
        subprocess.run(["setfacl", "-R", "-m", former, folder / "data"], check=True)
        mended(folder)
        check_the_table(folder / "data")
        assert not (folder / "data" / EXPORT).stat().st_mode & 0o111


def listed(data: Path) -> str:
    return subprocess.run(["getfacl", "-R", "-p", data], capture_output=True, text=True, check=True).stdout


def test_a_second_time_changes_nothing(root: Path) -> None:
    mended(root)
    before = listed(root / "data")
    mended(root)
    assert listed(root / "data") == before


def test_links_lead_nowhere(root: Path) -> None:
    outside = root / "outside"
    outside.mkdir(mode=0o700)
    (outside / "file").touch(0o600)
    ALICE.does(root / "data", f"ln -s {outside} raw/folder; ln -s {outside}/file raw/2031/b.csv")
    mended(root)
    for path in (outside, outside / "file"):
        assert path.stat().st_uid == os.getuid()
        assert not path.stat().st_mode & 0o077
        assert not [name for name in os.listxattr(path) if "acl" in name]


def test_only_root_can_run_it(root: Path) -> None:
    done = CALM.run(root, f"{copied(root)}/permissions", CALM_ROOT=str(root))
    assert done.returncode == 1
    assert "as root" in done.stderr
    assert "root 身份" in done.stderr


def copied(root: Path) -> Path:
    """deploy/, where everybody may read it."""
    return Path(shutil.copytree(HOME / "deploy", root / "deploy", dirs_exist_ok=True))


def as_calm(root: Path, database: dict[str, str], script: str, *given: Path) -> "subprocess.CompletedProcess[str]":
    command = " ".join(map(str, (copied(root) / script, *given)))
    return CALM.run(root, command, CALM_ROOT=str(root), CALM_BACKUP_MINUTES="1", **database)


@pytest.fixture
def database(root: Path, postgres: Cluster) -> dict[str, str]:
    """A database that CALM can reach and in which nothing runs."""
    subprocess.run(["setfacl", "-m", f"u:{CALM.user}:x", postgres.folder], check=True)
    named = postgres.database()
    run("psql", "-c", "CREATE TABLE runs (status text, update_timestamp timestamp)", environment=named)
    backups = root / "backups"
    backups.mkdir()
    os.chown(backups, CALM.user, CALM.group)
    return named


def test_a_restored_project_is_given_to_everybody_again(
    root: Path, database: dict[str, str], postgres: Cluster
) -> None:
    done = as_calm(root, database, "backup", root / "backups")
    assert done.returncode == 0, done.stderr
    (root / "data").rename(root / "data.before")
    os.chown(root, CALM.user, -1)
    restored = as_calm(root, postgres.database(), "restore", Path(done.stdout.strip()))
    assert restored.returncode == 0, restored.stderr
    os.chown(root, 0, -1)
    check(root / "data", {f"cat {EXPORT}": (CALM,), "cat warehouse/current/tables/t.parquet": (CALM,)})
    mended(root)
    check_the_table(root / "data")


def test_a_backup_says_at_once_that_a_file_cannot_be_read(root: Path, database: dict[str, str]) -> None:
    ALICE.does(root / "data", f"chmod 600 {EXPORT}")
    done = as_calm(root, database, "backup", root / "backups")
    assert done.returncode == 1
    assert EXPORT in done.stderr
    assert "could not be read" in done.stderr
    assert "无法读取" in done.stderr
    assert "runs were at work" not in done.stderr
    assert not list((root / "backups").iterdir())
    mended(root)
    assert as_calm(root, database, "backup", root / "backups").returncode == 0
