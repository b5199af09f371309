"""Which code runs is told by all that decides what is made."""

from pathlib import Path

import pytest

from calm_pipeline.release import CODE, KINDS, code, files
from tests.commands import HOME


def test_it_is_told_of_this_checkout() -> None:
    found = files(HOME)
    assert code(HOME) == CODE
    assert {file.suffix for file in found} == {*KINDS, ".lock"}
    assert HOME / "assets" / "checks.py" in found


@pytest.mark.parametrize("name", ["calm_pipeline/a.py", "assets/b/c.js", "assets/d.html.j2", "requirements.lock"])
def test_each_of_them_counts(tmp_path: Path, name: str) -> None:
    before = code(tmp_path)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("one", encoding="utf-8")
    one = code(tmp_path)
    (tmp_path / name).write_text("two", encoding="utf-8")
    assert len({before, one, code(tmp_path)}) == 3
    (tmp_path / "calm_pipeline").mkdir(exist_ok=True)
    (tmp_path / "calm_pipeline" / "notes.md").write_text("nothing that runs", encoding="utf-8")
    (tmp_path / name).unlink()
    assert code(tmp_path) == before
