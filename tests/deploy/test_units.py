"""The units start programs that exist, with options that those know, as nobody who may write code."""

import shlex
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import click
import pytest
import yaml
from dagster._cli.api import grpc_command
from dagster._daemon.cli import run_command
from dagster_webserver.cli import dagster_webserver

from assets.definitions import definitions
from tests.commands import HOME
from tests.deploy.services import SHIPPED

UNITS = sorted((HOME / "deploy" / "systemd").glob("*.service"))
PROGRAMS = {"code": grpc_command, "daemon": run_command, "web": dagster_webserver}
VARIABLES = {
    name: value
    for name, _, value in (
        line.partition("=") for line in (HOME / "deploy" / "calm.env").read_text().splitlines() if line[:1] not in "#"
    )
}


def section(unit: Path, name: str = "Service") -> dict[str, str]:
    parser = ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit, encoding="utf-8")
    return dict(parser[name])


def command(unit: Path) -> list[str]:
    return shlex.split(section(unit)["ExecStart"])


@pytest.mark.parametrize("unit", UNITS, ids=[unit.stem for unit in UNITS])
def test_a_unit_may_write_data_and_nothing_else(unit: Path) -> None:
    about = section(unit)
    assert about["User"] == "calm"
    assert about["ProtectSystem"] == "strict"
    assert about["UMask"] == ("0027" if unit.stem == "calm-code" else "0077")
    assert set(about.get("ReadWritePaths", "").split()) <= {"/srv/calm/data", "/var/backups/calm"}
    assert about["EnvironmentFile"] == "/etc/calm.env"


@pytest.mark.parametrize(("name", "known"), PROGRAMS.items(), ids=PROGRAMS)
def test_a_service_is_started_with_options_that_it_knows(name: str, known: click.Command) -> None:
    program, *arguments = command(HOME / "deploy" / "systemd" / f"calm-{name}.service")
    assert Path(sys.executable).with_name(Path(program).name).is_file()
    known.make_context(
        program, [word.replace("/srv/calm", str(HOME)) for word in arguments if word not in ("api", known.name)]
    )


def test_what_the_units_name_is_there() -> None:
    for unit in UNITS:
        before = section(unit).get("ExecStartPre", "").lstrip("-+")
        for word in (*command(unit), *shlex.split(before)):
            below = word.removeprefix("/srv/calm/")
            if below != word and not below.startswith(".venv"):
                assert (HOME / below).is_file(), word
    assert VARIABLES["CALM_CODE_SOCKET"] in command(HOME / "deploy" / "systemd" / "calm-code.service")


def test_every_variable_that_is_asked_for_is_given() -> None:
    workspace = yaml.safe_load((HOME / "deploy" / "workspace.yaml").read_text(encoding="utf-8"))
    assert set(asked(workspace)) | set(asked(SHIPPED)) <= VARIABLES.keys()


def asked(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["env"]] if set(value) == {"env"} else [])
        for one in value.values():
            yield from asked(one)
    elif isinstance(value, list):
        for one in value:
            yield from asked(one)


def test_the_guide_names_every_variable_and_everything_that_can_be_switched_on() -> None:
    guide = (HOME / "docs" / "deploy.md").read_text(encoding="utf-8")
    named = [*(definitions.schedules or ()), *(definitions.sensors or ())]
    wanted = {*(one.name for one in named), *VARIABLES} - {"PYTHONUTF8"}
    assert len(wanted) > 10
    assert not [name for name in wanted if f"`{name}`" not in guide]
