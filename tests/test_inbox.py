"""What lies in data/raw/<edition> is read there and nowhere else, whatever its name leads to."""

import os
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from assets import automation
from calm_pipeline.clean.register import load_register
from calm_pipeline.desk.corrections import load_corrections
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.receive import receive
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from tests.trends.pair import write_pair

EDITION = "2031"
CANARY = "1,2031/5/9 9:01:07,61秒,outside"


@pytest.fixture
def root(tmp_path: Path) -> Root:
    (tmp_path / "outside.csv").write_text(CANARY, encoding="utf-8")
    return Root(write_pair(tmp_path / "project", EDITION, "2033"))


def link(there: Path, outside: Path) -> None:
    there.symlink_to(outside)


def link_to_the_link(there: Path, outside: Path) -> None:
    there.with_suffix(".hidden").symlink_to(outside)
    there.symlink_to(there.with_suffix(".hidden"))


def relative_link(there: Path, outside: Path) -> None:
    there.symlink_to(os.path.relpath(outside, there.parent))


def hard_link(there: Path, outside: Path) -> None:
    there.hardlink_to(outside)


def folder(there: Path, _: Path) -> None:
    there.mkdir()


def pipe(there: Path, _: Path) -> None:
    os.mkfifo(there)


def link_to_a_device(there: Path, _: Path) -> None:
    there.symlink_to("/dev/zero")


def link_to_nothing(there: Path, _: Path) -> None:
    there.symlink_to("nowhere")


LEADING = [link, link_to_the_link, relative_link, hard_link, folder, pipe, link_to_a_device, link_to_nothing]


@pytest.mark.parametrize("leading", LEADING)
@pytest.mark.parametrize("ending", ["csv", "XLSX"])
def test_what_leads_elsewhere_is_refused_unread(
    leading: Callable[[Path, Path], None], ending: str, root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the run nor the sensor, which looks every thirty seconds, opens it."""
    there = root.raw(EDITION) / f"more.{ending}"
    leading(there, root.path.parent / "outside.csv")
    found = receive([there], Project(root).survey(EDITION))
    assert found.files["code"].to_pylist() == ["not_a_file"]
    assert found.files["bytes"].to_pylist() == [0]
    assert CANARY not in str(found)
    monkeypatch.setattr(automation, "project", Project(root))
    context = dg.build_sensor_context(cursor=None)
    assert isinstance(next(iter(automation.new_exports(context))), dg.SkipReason)  # type: ignore[call-overload]


def test_a_folder_that_is_a_link_is_refused(root: Root) -> None:
    root.raw(EDITION).rename(root.path / "elsewhere")
    root.raw(EDITION).symlink_to(root.path / "elsewhere")
    for look in (root.exports, root.unread):
        with pytest.raises(CalmError) as refused:
            look(EDITION)
        assert refused.value.code == "linked_folder"


@pytest.mark.parametrize(
    "name",
    [
        "a\nb.csv",
        "-rf.csv",
        "=cmd.csv",
        "$(id).csv",
        "a;id.csv",
        "%2e%2e.csv",
        "a\x1b[2J.csv",
        "\u202ecsv.csv",
        "界" * 80 + ".csv",
    ],
)
def test_a_name_is_a_name(name: str, root: Root) -> None:
    (export,) = root.exports(EDITION)
    export.rename(export.with_name(name))
    received = receive(root.exports(EDITION), Project(root).survey(EDITION))
    assert received.files["verdict"].to_pylist() == ["read"]
    (told,) = received.files["file"].to_pylist()
    assert told.isprintable()


def test_a_name_that_is_no_text(root: Root) -> None:
    (export,) = root.exports(EDITION)
    export.rename(os.fsdecode(os.fsencode(export.parent) + b"/\xff\xfe.csv"))
    received = receive(root.exports(EDITION), Project(root).survey(EDITION))
    assert received.files["verdict"].to_pylist() == ["read"]
    assert received.files["file"].to_pylist()[0].encode()


@pytest.mark.parametrize(
    ("name", "read", "code"),
    [
        ("libraries.csv", load_register, "register_elsewhere"),
        ("corrections.yaml", load_corrections, "decided_elsewhere"),
    ],
)
@pytest.mark.parametrize("lead", [link, hard_link, pipe])
def test_neither_the_register_nor_a_decision_is_read_from_elsewhere(
    name: str, read: Callable[[Path], object], code: str, lead: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("secret", encoding="utf-8")
    lead(tmp_path / name, outside)
    with pytest.raises(CalmError) as refused:
        read(tmp_path / name)
    assert refused.value.code == code
    assert "secret" not in refused.value.told
