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
            assert "2 vintages, 1 places where something is wrong" in out.getvalue()
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
        assert caught.value.code == "lost_pointer"
        with pytest.raises(CalmError) as caught:
            find(root, "current")
        assert caught.value.code == "lost_pointer"
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


def told(root: Root) -> tuple[int, str]:
    out = io.StringIO()
    return verify(root, Console(file=out, width=300)), out.getvalue()


def test_a_lost_pointer_is_no_empty_warehouse(tmp_path: Path) -> None:
    """Reading and publishing refuse and name the newest vintage that is whole; a vintage damaged since is not it."""
    root = small(tmp_path, "2030", "2031")
    published(root, "2030", "one")
    second, third = (published(root, "2031", making).vintage for making in ("two", "three"))
    (third.path / "calm.duckdb").write_bytes(b"")
    root.pointer.unlink()
    for refused in (lambda: connect(root), lambda: put(root, "2031"), lambda: find(root, "current")):
        with pytest.raises(CalmError, match=rf"ln -s vintages/{second.path.name} ") as caught:
            refused()
        assert caught.value.code == "lost_pointer"
    assert not root.pointer.is_symlink()
    code, said = told(root)
    assert code == 1
    assert f"the newest that is whole is {second.path.name}. Put it back: ln -s " in said
    for vintage in (find(root, "1"), second):
        (vintage.path / "calm.duckdb").write_bytes(b"")
    with pytest.raises(CalmError) as caught:
        put(root, "2031")
    assert caught.value.code == "lost_vintages"


def test_a_crash_before_the_first_move_of_the_pointer_is_made_up_for(tmp_path: Path) -> None:
    """Also one after the other: no edition is lost, and it is retried by itself."""
    root = small(tmp_path, "2030", "2031")
    first = published(root, "2030", "one").vintage
    root.pointer.unlink()
    with pytest.raises(CalmError, match="does not exist yet"):
        connect(root)
    assert told(root)[0] == 1
    assert current(root) is None
    second = published(root, "2031", "two").vintage
    assert second.manifest.parent == first.path.name
    assert sorted(second.manifest.editions) == ["2030", "2031"]
    assert told(root)[0] == 0


def test_what_nobody_published_and_what_is_gone_are_named(tmp_path: Path) -> None:
    root = small(tmp_path, "2031")
    first, second, third = (published(root, "2031", making).vintage for making in ("one", "two", "three"))
    stray = first.path / "tables" / "files" / "2029.parquet"
    stray.write_bytes(b"")
    code, said = told(root)
    assert (code, f"{stray}\n    was not published with this vintage" in said) == (1, True)
    stray.unlink()
    second.path.rename(tmp_path / "aside")
    kept = "{personal: {months: 1}, vintages: {latest: LATEST, days: 0}}"
    root.retention.write_text(kept.replace("LATEST", "1"), encoding="utf-8")
    assert f"{second.path}\n    is gone" in told(root)[1]  # an older one stayed
    first.path.rename(tmp_path / "aside too")
    assert told(root)[0] == 0
    root.retention.write_text(kept.replace("LATEST", "2"), encoding="utf-8")
    assert f"{second.path}\n    is gone" in told(root)[1]
    root.retention.unlink()
    assert told(root)[0] == 1
    assert current(root) == third
