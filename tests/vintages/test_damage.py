"""Bit flips, truncations and losses in what is published: all are seen before anything is read."""

import io
import random
from pathlib import Path

import pytest
from rich.console import Console

from calm_pipeline.commands.vintages import verify
from calm_pipeline.errors import CalmError
from calm_pipeline.root import Root
from calm_pipeline.vintages import Vintage, connect, current, find
from calm_pipeline.vintages.manifest import named
from tests.often import often
from tests.vintages.small import frames, published, put, small, write

pytestmark = pytest.mark.xdist_group("damage")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    root = small(tmp_path_factory.mktemp("damage"), "2030", "2031")
    published(root, "2030", "one")
    published(root, "2031", "two")
    return root


def read(root: Root, name: str) -> None:
    """Read a file of the current vintage as the pipeline does."""
    vintage = current(root)
    assert vintage is not None
    if name.endswith(".parquet"):
        _, table, edition = name.removesuffix(".parquet").split("/")
        vintage.table(table, edition)
    else:
        vintage.connect().close()


def spoilt(content: bytes, seed: random.Random) -> bytes:
    """One bit turned round, or the end cut off."""
    place = seed.randrange(len(content))
    if seed.random() < 0.3:
        return content[:place]
    return content[:place] + bytes([content[place] ^ 1 << seed.randrange(8)]) + content[place + 1 :]


def test_every_flip_and_every_cut_is_seen_before_use(root: Root) -> None:
    vintage = current(root)
    assert vintage is not None
    names = [*vintage.manifest.files, "manifest.json"]
    seed = random.Random(2031)  # noqa: S311
    for n in range(often(60, 1000)):
        name = names[n % len(names)]
        file = vintage.path / name
        content = file.read_bytes()
        file.write_bytes(spoilt(content, seed))
        try:
            with pytest.raises(CalmError) as caught:
                read(root, name)
        finally:
            file.write_bytes(content)
        assert (caught.value.code, caught.value.place.en) == ("damaged_vintage", str(file))
        read(root, name)


def test_any_file_removed_is_missed_and_named(root: Root) -> None:
    vintage = current(root)
    assert vintage is not None
    for name in [*vintage.manifest.files, "manifest.json"]:
        file, aside = vintage.path / name, root.path / "aside"
        file.rename(aside)
        try:
            out = io.StringIO()
            assert verify(root, Console(file=out, width=300)) == 1
            assert f"{file}\n    is not what was published\n    与发布时不符" in out.getvalue()
            with pytest.raises(CalmError, match="is not what was published"):
                read(root, name)
        finally:
            aside.rename(file)
    assert verify(root, Console(file=io.StringIO())) == 0


def test_an_older_vintage_is_watched_as_well(root: Root) -> None:
    file = find(root, "1").path / "tables" / "files" / "2030.parquet"
    content = file.read_bytes()
    file.write_bytes(content[:-1])
    try:
        assert verify(root, Console(file=io.StringIO())) == 1
        with connect(root) as database:
            assert database.sql("SELECT count(*) FROM files").fetchall() == [(2,)]
    finally:
        file.write_bytes(content)


def test_damage_is_not_carried_into_the_next_vintage(root: Root) -> None:
    vintage = current(root)
    assert vintage is not None
    file = vintage.path / "tables" / "files" / "2030.parquet"
    content = file.read_bytes()
    file.write_bytes(content[:-1])
    write(root, "2031", frames("2031", "three"))
    try:
        with pytest.raises(CalmError) as caught:
            put(root, "2031")
    finally:
        file.write_bytes(content)
    assert (caught.value.code, caught.value.place.en) == ("damaged_vintage", str(file))
    assert current(root) == vintage


def test_a_pointer_that_leads_nowhere_and_one_that_is_none(root: Root) -> None:
    target = root.pointer.readlink()
    root.pointer.unlink()
    root.pointer.symlink_to("vintages/0099-000000000000")
    try:
        with pytest.raises(CalmError, match=r"manifest\.json: it is not what was published"):
            connect(root)
        root.pointer.unlink()
        root.pointer.mkdir()
        with pytest.raises(CalmError, match="current: it is not what was published"):
            connect(root)
        root.pointer.rmdir()
        with pytest.raises(CalmError) as caught:
            connect(root)
        assert caught.value.code == "no_warehouse"
        with pytest.raises(CalmError) as caught:
            find(root, "current")
        assert caught.value.code == "no_vintage"
    finally:
        root.pointer.symlink_to(target)


def test_a_manifest_of_another_form_is_told_from_a_damaged_one(root: Root, tmp_path: Path) -> None:
    content = b'{"number": 7, "of": "another version"}'
    folder = tmp_path / named(7, content)
    folder.mkdir()
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(CalmError) as caught:
        Vintage.at(folder)
    assert caught.value.code == "foreign_vintage"
