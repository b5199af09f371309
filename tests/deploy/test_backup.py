"""What is backed up comes back as it was: data/ with its permissions and links, and the history of runs."""

import fcntl
import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from calm_pipeline.root import Root
from calm_pipeline.vintages import writing
from tests.commands import HOME
from tests.deploy.cluster import Cluster, run
from tests.deploy.services import Site

pytestmark = pytest.mark.xdist_group("deploy")
FILES = {
    "raw/2031/导出.csv": b"\xef\xbb\xbf1,2",
    "desk/2031/journal.jsonl": b'{"at": "2031-07-01T00:00:00Z"}\n',
    "vault/2031/records": bytes(range(256)),
    "warehouse/vintages/0001-abc/manifest.json": b"{}",
}


@dg.asset
def counted() -> int:
    return 1


@pytest.fixture
def site(postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A warehouse, a vault, a desk, and an instance in which one run has succeeded."""
    there = another(postgres, tmp_path / "first")
    for name, content in FILES.items():
        file = there.root / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (there.root / "data/vault/2031/records").chmod(0o600)
    (there.root / "data/vault").chmod(0o700)
    (there.root / "data/warehouse/current").symlink_to("vintages/0001-abc")
    with duckdb.connect(there.root / "data/warehouse/vintages/0001-abc/calm.duckdb") as database:
        database.execute("CREATE TABLE submissions AS SELECT range AS n FROM range(5)")
    use(there, monkeypatch)
    with there.instance() as instance:
        assert dg.materialize([counted], instance=instance).success
    return there


def use(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in site.environment.items():
        monkeypatch.setenv(name, value)
    site.configure()


def another(postgres: Cluster, folder: Path) -> Site:
    folder.mkdir()
    return Site(folder, folder / "home", postgres.database())


def script(name: str, site: Site, folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | site.environment | {"CALM_BACKUP_MINUTES": "0"} | more
    return subprocess.run(
        [HOME / "deploy" / name, folder], env=environment, capture_output=True, text=True, check=False
    )


def backed_up(site: Site) -> Path:
    done = script("backup", site, site.root / "backups")
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file, folder and link below, with its permissions and what it holds or points to."""
    found = {}
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        link = os.readlink(path).encode() if path.is_symlink() else b""
        content = path.read_bytes() if stat.S_ISREG(about.st_mode) else link
        found[str(path.relative_to(folder))] = (about.st_mode, content)
    return found


def dumped(site: Site) -> list[str]:
    """The database as statements; after a backslash stands a word of chance."""
    text = run("pg_dump", "--no-owner", environment=site.database)
    return [line for line in text.splitlines() if not line.startswith("\\")]


def test_a_backup_comes_back_as_it_was(site: Site, postgres: Cluster, tmp_path: Path) -> None:
    backup = backed_up(site)
    there = another(postgres, tmp_path / "second")
    done = script("restore", there, backup)
    assert done.returncode == 0, done.stderr
    assert tree(there.root / "data") == tree(site.root / "data")
    assert dumped(there) == dumped(site)
    assert len(dumped(there)) > 100
    with duckdb.connect(there.root / "data/warehouse/current/calm.duckdb", read_only=True) as database:
        assert database.execute("SELECT sum(n) FROM submissions").fetchone() == (10,)


def test_the_restored_instance_knows_what_ran(
    site: Site, postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = another(postgres, tmp_path / "second")
    assert script("restore", there, backed_up(site)).returncode == 0
    use(there, monkeypatch)
    with there.instance() as instance:
        assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.SUCCESS]
        assert instance.get_latest_materialization_event(dg.AssetKey("counted"))
        assert dg.materialize([counted], instance=instance).success, "it can be gone on with"


def test_nobody_else_can_read_a_backup(site: Site) -> None:
    backup = backed_up(site)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in backup.iterdir()} == {0o600}


def test_no_backup_is_made_of_half_a_run(site: Site) -> None:
    run("psql", "-c", "UPDATE runs SET status = 'STARTED'", environment=site.database)
    done = script("backup", site, site.root / "backups")
    assert done.returncode == 1
    assert "runs were at work" in done.stderr
    assert not list((site.root / "backups").glob("*"))


def test_no_backup_is_made_while_a_command_writes_and_what_a_killed_one_left_holds_nothing_up(site: Site) -> None:
    root = Root(site.root)
    with writing(root, "2031", "calm run 2031"):
        holder = (root.locks / "edition-2031.json").read_bytes()
        assert "runs were at work" in script("backup", site, site.root / "backups").stderr
    (root.locks / "edition-2031.json").write_bytes(holder)
    assert backed_up(site).is_dir()


def killing(name: str, folder: Path, *, before: bool = False) -> str:
    """A PATH whose command kills the script that calls it, before or after its work."""
    command = folder / name
    work, kill = f'{shutil.which(name)} "$@"', "kill -KILL $PPID"
    command.write_text("\n".join(["#!/bin/sh", *([kill] if before else [work, kill])]))
    command.chmod(0o700)
    return f"{folder}:{os.environ['PATH']}"


def test_what_a_killed_backup_left_is_removed_by_the_next_even_if_that_one_makes_none(
    site: Site, tmp_path: Path
) -> None:
    folder = site.root / "backups"
    assert script("backup", site, folder, PATH=killing("tar", tmp_path)).returncode == -signal.SIGKILL
    assert [file.name for file in folder.glob(".draft/*.tar")] == ["data.tar"]
    (folder / ".draft.17").mkdir()
    assert script("backup", site, folder, PGDATABASE="missing").returncode == 1
    assert not list(folder.iterdir())


def test_two_backups_do_not_write_into_one_folder(site: Site) -> None:
    folder = site.root / "backups"
    (folder / ".draft").mkdir(parents=True)
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    done = script("backup", site, folder)
    os.close(lock)
    assert done.returncode == 1
    assert "another backup" in done.stderr
    assert [file.name for file in folder.iterdir()] == [".draft"]
    backed_up(site)


@pytest.mark.parametrize(("killer", "before"), [("tar", False), ("pg_restore", True), ("pg_restore", False)])
def test_a_restore_that_was_killed_says_how_to_go_on(
    killer: str, before: bool, site: Site, postgres: Cluster, tmp_path: Path
) -> None:
    backup, there = backed_up(site), another(postgres, tmp_path / "second")
    broken = script("restore", there, backup, PATH=killing(killer, tmp_path, before=before))
    assert broken.returncode == -signal.SIGKILL
    done = script("restore", there, backup)
    if killer == "pg_restore":
        assert done.returncode == 1
        assert "move it away first" in done.stderr
    if before:
        (there.root / "data").rename(tmp_path / "away")
        done = script("restore", there, backup)
    if before or killer == "tar":
        assert done.returncode == 0, done.stderr
    assert tree(there.root / "data") == tree(site.root / "data")
    assert dumped(there) == dumped(site)
    assert not list(there.root.glob(".data*"))


def test_a_database_that_cannot_be_restored_leaves_nothing_behind(
    site: Site, postgres: Cluster, tmp_path: Path
) -> None:
    backup, there = backed_up(site), another(postgres, tmp_path / "second")
    (tmp_path / "pg_restore").symlink_to("/bin/false")
    done = script("restore", there, backup, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert not list(there.root.glob("*data*"))
    assert not list(there.root.glob(".data*"))
    assert script("restore", there, backup).returncode == 0


def test_no_backup_is_made_of_files_that_change_meanwhile(site: Site, tmp_path: Path) -> None:
    """A tar that touches a file after every block that it wrote of it."""
    touch = f"exec=touch '{site.root}/data/warehouse/vintages/0001-abc/calm.duckdb'"
    tar = tmp_path / "tar"
    tar.write_text(f'#!/bin/sh\nexec {shutil.which("tar")} "$@" --checkpoint=1 --checkpoint-action="{touch}"\n')
    tar.chmod(0o700)
    done = script("backup", site, site.root / "backups", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert "file changed as we read it" in done.stderr
    assert "files changed, all the time" in done.stderr
    assert not list((site.root / "backups").glob("*"))


def test_a_database_that_does_not_answer_is_told_at_once(site: Site) -> None:
    done = script("backup", site, site.root / "backups", PGDATABASE="missing", CALM_BACKUP_MINUTES="1")
    assert done.returncode == 1
    assert "the database could not be read" in done.stderr
    assert "无法读取数据库" in done.stderr
    assert "runs were at work" not in done.stderr


@pytest.mark.parametrize("damaged", ["data.tar", "instance.dump", "SHA256SUMS"])
def test_a_damaged_backup_is_not_restored(damaged: str, site: Site, postgres: Cluster, tmp_path: Path) -> None:
    file = backed_up(site) / damaged
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    there = another(postgres, tmp_path / "second")
    done = script("restore", there, file.parent)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert not (there.root / "data").exists()


def test_nothing_that_stands_is_overwritten(site: Site, postgres: Cluster, tmp_path: Path) -> None:
    backup = backed_up(site)
    there = another(postgres, tmp_path / "second")
    (there.root / "data").mkdir()
    assert "move it away" in script("restore", there, backup).stderr
    used = Site(tmp_path / "third", tmp_path / "third" / "home", site.database)
    used.root.mkdir()
    assert "not empty" in script("restore", used, backup).stderr
    assert not (used.root / "data").exists()
