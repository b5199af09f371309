"""What was read of a large export is not read again while it is what it was."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from unittest import mock

import pytest
from pyarrow import ipc

from calm_pipeline.exports import receive as receiving
from calm_pipeline.exports import sandbox
from calm_pipeline.exports.kept import Kept
from calm_pipeline.exports.reader import read_parts
from calm_pipeline.exports.receive import Received, receive
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.writer import write_export
from tests.malformed.examples import SURVEY, VALID, said

SENT = (VALID, said(2, library="乙大学图书馆"))


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    """No export is too small to be kept."""
    with mock.patch.object(sandbox, "Limits", partial(sandbox.Limits, plain_bytes=0)):
        yield


def known(folder: Path, reading: str = "this code") -> Kept:
    return Kept(folder / "kept", reading)


def read(paths: Sequence[Path], kept: Kept) -> tuple[Received, list[str]]:
    """What is received, and the names of the files that were read for it."""
    names: list[str] = []

    def noted(path: Path, *args: object, **more: object) -> object:
        names.append(path.name)
        return read_parts(path, *args, **more)  # type: ignore[arg-type]

    with mock.patch.object(receiving, "read_parts", noted):
        return receive(paths, SURVEY, personal=False, known=kept), names


def export(folder: Path, sent: tuple[Submission, ...] = SENT, name: str = "a.csv") -> Path:
    write_export(SURVEY, sent, folder / name, "text")
    return folder / name


def test_a_file_that_is_as_it_was_is_not_read_again(tmp_path: Path) -> None:
    file, kept = export(tmp_path), known(tmp_path)
    first, names = read([file], kept)
    assert names == ["a.csv"]
    again, names = read([file], kept)
    assert names == []
    assert (again.files, again.remarks, again.raw) == (first.files, first.remarks, first.raw)
    assert len(first.raw) == 2


def test_what_is_another_file_another_code_or_damaged_is_read(tmp_path: Path) -> None:
    file, kept = export(tmp_path), known(tmp_path)
    read([file], kept)
    assert read([file], known(tmp_path, "other code"))[1] == ["a.csv"]
    assert read([file.rename(tmp_path / "b.csv")], kept)[1] == ["b.csv"]
    (frame,) = (tmp_path / "kept").glob("*.arrow")
    frame.write_bytes(frame.read_bytes()[:-20] + bytes(20))
    assert read([tmp_path / "b.csv"], kept)[1] == ["b.csv"]
    (tmp_path / "b.csv").unlink()
    found, names = read([export(tmp_path, SENT[:1])], kept)
    assert (names, len(found.raw)) == (["a.csv"], 1)


def test_only_what_is_still_there_is_kept(tmp_path: Path) -> None:
    one, other = export(tmp_path), export(tmp_path, SENT[:1], "b.csv")
    kept = known(tmp_path)
    read([one], kept)
    read([other], kept)
    assert len(list((tmp_path / "kept").iterdir())) == 2
    assert read([one], kept)[1] == ["a.csv"]
    kept.forget(())
    assert list((tmp_path / "kept").iterdir()) == []


def test_nothing_personal_is_kept(tmp_path: Path) -> None:
    told = said(3, name="赵钱孙", mobile="13900000003", library="丙大学图书馆")
    found, _ = read([export(tmp_path, (told,))], known(tmp_path))
    assert len(found.raw) == 1
    (frame,), (about,) = ((tmp_path / "kept").glob(f"*.{kind}") for kind in ("arrow", "json"))
    with ipc.open_file(str(frame)) as stored:
        written = str(stored.read_all().to_pydict()) + about.read_text(encoding="utf-8")
    assert "丙大学图书馆" in written
    assert not any(secret in written for secret in ("赵钱孙", "13900000003"))
