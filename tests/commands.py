"""Running `calm` as a person does: in a process of its own, on a root folder of its own."""

import os
import runpy
import shutil
import subprocess
import sys
from contextlib import AbstractContextManager
from io import TextIOWrapper
from multiprocessing import get_context
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any
from unittest import mock

HOME = Path(__file__).parents[1]
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["tests.imports"])


def calm(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What `calm` with these arguments answers."""
    return module("calm_pipeline", root, *arguments)


def module(
    name: str, root: Path, *arguments: str, encoding: str = "utf-8", **environment: str
) -> subprocess.CompletedProcess[str]:
    """What `python -m name` with these arguments answers, on a terminal of this encoding and with these variables.

    Its process is a fork of one that has imported the libraries already, which would take longer than most commands.
    """
    with TemporaryDirectory() as folder:
        printed = [Path(folder, stream) for stream in ("out", "err")]
        process = FORKS.Process(target=_run, args=(name, root, arguments, printed, encoding, environment))
        process.start()
        process.join()
        texts = [file.read_text(encoding=encoding) for file in printed]
    return subprocess.CompletedProcess([name, *arguments], process.exitcode or 0, *texts)


def killed(root: Path, seconds: float, *arguments: str) -> bool:
    """`calm` with these arguments, killed after some seconds; whether it had not ended by itself."""
    with TemporaryDirectory() as folder:
        printed = [Path(folder, stream) for stream in ("out", "err")]
        process = FORKS.Process(target=_run, args=("calm_pipeline", root, arguments, printed))
        process.start()
        process.join(seconds)
        process.kill()
        process.join()
    return process.exitcode == -SIGKILL


def killed_at(root: Path, file: Path, *arguments: str) -> bool:
    """`calm` with these arguments, killed once it has put `file` in its place; whether it had not ended by itself."""
    with TemporaryDirectory() as folder:
        printed = [Path(folder, stream) for stream in ("out", "err")]
        process = FORKS.Process(target=_until, args=(file, "calm_pipeline", root, arguments, printed))
        process.start()
        process.join()
    return process.exitcode == -SIGKILL


def _until(file: Path, *run: Any) -> None:
    replace = os.replace

    def replaced(source: Path, target: Path) -> None:
        replace(source, target)
        if Path(target) == file:
            os.kill(os.getpid(), SIGKILL)

    with mock.patch.object(os, "replace", replaced):
        _run(*run)


def _run(
    name: str,
    root: Path,
    arguments: tuple[str, ...],
    printed: list[Path],
    encoding: str = "utf-8",
    environment: dict[str, str] | None = None,
) -> None:
    os.environ |= {"CALM_ROOT": str(root), "COLUMNS": "220", "PYTHONUTF8": "1", **(environment or {})}
    for stream, file in zip((sys.stdout, sys.stderr), printed, strict=True):
        with file.open("wb") as opened:
            os.dup2(opened.fileno(), stream.fileno())
        assert isinstance(stream, TextIOWrapper)
        stream.reconfigure(encoding=encoding)
    sys.argv = [name, *arguments]
    with LastResort():
        runpy.run_module(name, run_name="__main__")


class LastResort(AbstractContextManager[None]):
    """What the interpreter does with an exception that nobody caught; multiprocessing has a way of its own."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hand it to the hook that the command set."""
        if kind is not None and isinstance(error, Exception):
            sys.excepthook(kind, error, trace)
            sys.exit(1)


def copy_of_the_project(root: Path) -> Path:
    """Declarations and raw data of this checkout, without anything derived."""
    shutil.copytree(HOME / "schemas", root / "schemas")
    shutil.copytree(HOME / "data" / "raw", root / "data" / "raw")
    return root
