"""A throw-away PostgreSQL on a socket of its own, from the programs that Debian's package installs."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
# PostgreSQL refuses root, as which CI runs; Debian's package brings the user.
AS_POSTGRES = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
NO_CARE = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses="


NUMBERS = count(1)


@dataclass(frozen=True)
class Cluster:
    """A running server. Its socket lies in `folder`."""

    folder: Path

    def database(self) -> dict[str, str]:
        """Make a database, and give what tells a client of it."""
        name = f"calm_{next(NUMBERS)}"
        run("createdb", "-h", str(self.folder), "-U", "postgres", name)
        return {"PGHOST": str(self.folder), "PGUSER": "postgres", "PGDATABASE": name}

    def log(self) -> str:
        """All that the server had to say."""
        return (self.folder / "log").read_text(encoding="utf-8")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a server and stop it again; skip where PostgreSQL is not installed."""
    if not INSTALLED:
        pytest.skip("PostgreSQL is not installed in /usr/lib/postgresql")
    folder = Path(mkdtemp(prefix="calm-pg-"))
    if AS_POSTGRES:
        shutil.chown(folder, "postgres")
    data, log = str(folder / "data"), str(folder / "log")
    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", as_postgres=True)
        options = f"-k {folder} {NO_CARE}"
        run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-s", "start", as_postgres=True)
        try:
            yield Cluster(folder)
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-s", "stop", as_postgres=True)
    finally:
        shutil.rmtree(folder)


def run(program: str, *arguments: str, as_postgres: bool = False, environment: Mapping[str, str] | None = None) -> str:
    """What one of PostgreSQL's programs answers."""
    command = [*(AS_POSTGRES if as_postgres else []), str(INSTALLED[-1].with_name(program)), *arguments]
    known = os.environ | (environment or {})
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=known, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
