"""The instance and its services as deploy/ declares them, on a root and a database of their own."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from tests.commands import FORKS, HOME, _run

SHIPPED: dict[str, Any] = yaml.safe_load((HOME / "deploy" / "dagster.yaml").read_text(encoding="utf-8"))


@dataclass
class Site:
    """A root, the home of an instance, and the environment that names both and the database."""

    root: Path
    home: Path
    database: dict[str, str]
    services: list[BaseProcess] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        named = {"CALM_ROOT": self.root, "DAGSTER_HOME": self.home, "CALM_CODE_SOCKET": self.home / "code.sock"}
        return self.database | {name: str(value) for name, value in named.items()}

    def configure(self, **changed: Any) -> None:
        """The shipped instance, less its patience."""
        self.home.mkdir(exist_ok=True)
        merged = {name: {**SHIPPED.get(name, {}), **about} for name, about in changed.items()}
        (self.home / "dagster.yaml").write_text(yaml.safe_dump(SHIPPED | merged), encoding="utf-8")

    @contextmanager
    def instance(self) -> Iterator[dg.DagsterInstance]:
        with dg.DagsterInstance.from_config(str(self.home)) as instance:
            yield instance

    def start(self, name: str, *arguments: str) -> BaseProcess:
        """A service in a process group of its own; what it says goes to `<name>.log` in the home."""
        log = self.home / f"{name}.log"
        service = FORKS.Process(target=serve, args=(self.environment, self.root, arguments, log))
        service.start()
        self.services.append(service)
        return service

    def code(self) -> BaseProcess:
        socket = self.environment["CALM_CODE_SOCKET"]
        Path(socket).unlink(missing_ok=True)
        return self.start("code", "dagster", "api", "grpc", "-m", "assets.definitions", "-s", socket)

    def daemon(self) -> BaseProcess:
        return self.start("daemon", "dagster._daemon", "run", "-w", str(HOME / "deploy" / "workspace.yaml"))

    def stop(self) -> None:
        for service in self.services:
            kill_group(service)


def serve(environment: dict[str, str], root: Path, arguments: tuple[str, ...], log: Path) -> None:
    os.setpgid(0, 0)
    os.environ |= environment
    _run(arguments[0], root, arguments[1:], [log, log.with_suffix(".err")])


def kill_group(service: BaseProcess) -> None:
    """A service and the workers it started, as when the machine goes down."""
    assert service.pid is not None
    with suppress(ProcessLookupError):
        os.killpg(service.pid, signal.SIGKILL)
    service.join()
