"""Commands that say what is published read what is published, and never a damaged file or the workbench beside it."""

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from calm_pipeline.commands.query import editions, rules
from calm_pipeline.errors import CalmError
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.vintages import current
from tests.reference import EDITION
from tests.warehouse import built

pytestmark = pytest.mark.xdist_group("expectations")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(built().root.path, tmp_path / "copy", symlinks=True)
    project = Project(Root(tmp_path / "copy"))
    shutil.rmtree(project.root.warehouse / "tables")
    return project


def test_what_is_published_is_told_without_the_workbench(project: Project) -> None:
    out = Console(file=io.StringIO(), width=200)
    rules(EDITION, project, out)
    editions(project, out)
    told = out.file.getvalue()  # type: ignore[attr-defined]
    assert "library__known (error, broken by 2)" in told
    assert "yes" in told


def test_a_damaged_file_is_told_before_it_is_used(project: Project) -> None:
    vintage = current(project.root)
    assert vintage is not None
    file = vintage.path / "tables" / "violations" / f"{EDITION}.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(CalmError) as caught:
        rules(EDITION, project, Console(file=io.StringIO()))
    assert caught.value.code == "damaged_vintage"
