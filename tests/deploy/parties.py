"""The parties of a server's data/: users by number, since who runs the tests has no such names."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.commands import HOME

DESK, ANALYSTS = 64101, 64102
USERS = 100  # a group that everybody of a machine may have in common


@dataclass(frozen=True)
class Party:
    """Somebody with an umask; `groups` are those beside the own one."""

    user: int
    umask: str
    groups: tuple[int, ...] = ()
    group: int = USERS

    def run(self, folder: Path, command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """What the shell says of a command, run in `folder`."""
        groups = f"--groups={','.join(map(str, self.groups))}" if self.groups else "--clear-groups"
        become = ["setpriv", f"--reuid={self.user}", f"--regid={self.group}", groups]
        return subprocess.run(
            [*become, "sh", "-c", f"umask {self.umask}; {command}"],
            cwd=folder, env=os.environ | {"HOME": "/"} | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def does(self, folder: Path, command: str) -> None:
        done = self.run(folder, command)
        assert done.returncode == 0, done.stderr

    def may_not(self, folder: Path, command: str) -> None:
        done = self.run(folder, command)
        assert done.returncode != 0
        assert "ermission denied" in done.stderr, done.stderr


CALM = Party(64201, "0027", group=64201)
ALICE, ANNE = Party(64202, "022", (DESK,)), Party(64203, "077", (DESK,))
ANALYST, STRANGER = Party(64204, "000", (ANALYSTS,)), Party(64205, "000")


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that everybody may enter, on a file system with ACLs; skip where it is not to be had.

    pytest's own folders are closed to all but who runs it.
    """
    if os.getuid() != 0:
        pytest.skip("only root can be one user after the other")
    if not shutil.which("setfacl"):
        pytest.skip("setfacl is not installed: package acl")
    folder = Path(mkdtemp(prefix="calm-permissions-"))
    try:
        folder.chmod(0o755)
        if subprocess.run(["setfacl", "-m", f"u:{CALM.user}:rx", folder], capture_output=True, check=False).returncode:
            pytest.skip("the file system of temporary files has no ACLs")
        yield folder
    finally:
        shutil.rmtree(folder)


def permissions(root: Path) -> "subprocess.CompletedProcess[str]":
    """What `deploy/permissions` says, run by whoever runs the tests."""
    parties = [str(one) for one in (CALM.user, DESK, ANALYSTS)]
    return subprocess.run(
        [HOME / "deploy" / "permissions", *parties],
        env=os.environ | {"CALM_ROOT": str(root)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
