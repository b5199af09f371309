"""What may no longer be kept is taken out of every vintage; everything else of them stays, whoever breaks it off."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from calm_pipeline.errors import CalmError
from calm_pipeline.root import Root
from calm_pipeline.tables import Contract
from calm_pipeline.vault.scan import holding
from calm_pipeline.vault.tables import without
from calm_pipeline.vintages import disk, rewrite
from calm_pipeline.vintages.current import Vintage, connect, current, find
from tests.vintages.small import CONTRACTS, every, frames, put, small, write

GONE, STAYS, OTHERS = "key-pseudonym-that-goes", "key-pseudonym-that-stays", "key-pseudonym-of-all-others"
STEPS = ["point", "discard", "keep", "sync"]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """Three vintages; the first holds nobody that goes. The folder's name means something to SQL, globs and markup."""
    root = small(tmp_path / "it's [prod] 馆", "2030", "2031")
    for edition, making in (("2030", "one"), ("2031", "one"), ("2031", "two")):
        tables = frames(edition, making)
        tables["submissions"]["respondent"] = [*([GONE] if edition == "2031" else [OTHERS]), STAYS, *[OTHERS] * 38]
        write(root, edition, tables)
        put(root, edition)
    return root


def erased(_edition: str, contract: Contract, rows: pa.Table) -> pa.Table:
    return without(rows, contract.pseudonyms, {"2031-0000"})


def erase(root: Root) -> list[Path]:
    done = rewrite(root, erased, CONTRACTS, "a test")
    assert done.left == []
    return done.made


def others(root: Root) -> list[object]:
    """Everything published but the pseudonyms: each table of each vintage, and what the databases say."""
    found: list[object] = []
    for vintage in every(root):
        assert vintage.damage() == []
        for edition, held in vintage.manifest.editions.items():
            for name in held.tables:
                rows = vintage.table(name, edition)
                found.append((vintage.manifest.number, edition, rows.drop_columns(CONTRACTS[name].pseudonyms)))
        with vintage.connect() as database:
            counted = "SELECT table_name, comment, estimated_size FROM duckdb_tables() ORDER BY ALL"
            found.append(database.execute(counted).fetchall())
            found.append(database.execute("SELECT count(*) FROM duckdb_constraints()").fetchone())
            found.append(database.execute("SELECT count(*), count(respondent) FROM submissions").fetchone()[0])  # type: ignore[index]
    return found


def assert_gone(root: Root) -> None:
    assert holding(root.vintages, {GONE}) == []
    assert len(holding(root.vintages, {STAYS})) == 3 + 5  # a database each, and the tables of 2030 thrice, 2031 twice
    assert [(one.manifest.number, one.manifest.rewritten) for one in every(root)] == [(1, False), (2, True), (3, True)]
    first, second, third = every(root)
    assert (second.manifest.parent, third.manifest.parent) == (first.path.name, second.path.name)
    assert current(root) == third
    with connect(root) as database:
        assert database.execute("SELECT count(*) FROM submissions WHERE respondent IS NULL").fetchone() == (1,)


@pytest.mark.parametrize("step", ["pointed_to", "Vintage.connect"])
def test_a_reader_who_followed_the_pointer_just_before_looks_again(
    step: str, root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erasure comes after the pointer was read, or between manifest and database."""
    module = import_module(connect.__module__)
    owner, name = (module, step) if step == "pointed_to" else (Vintage, "connect")
    asked, real = list[object](), getattr(owner, name)

    def overtaken(given: Any) -> object:
        asked.append(given)
        found = real(given) if step == "pointed_to" else None
        if len(asked) == 1:
            assert len(erase(root)) == 2
        return found or real(given)

    monkeypatch.setattr(owner, name, overtaken)
    with connect(root) as database:
        assert database.execute("SELECT count(*) FROM submissions WHERE respondent IS NULL").fetchone() == (1,)
    assert len(asked) > 1


def test_a_vintage_that_is_gone_while_the_pointer_stays_is_told(root: Root) -> None:
    now = current(root)
    assert now is not None
    (now.path / "calm.duckdb").unlink()
    with pytest.raises(CalmError) as caught:
        connect(root)
    assert caught.value.code == "damaged_vintage"
    disk.discard(now.path)
    with pytest.raises(CalmError) as caught:
        current(root)
    assert caught.value.code == "damaged_vintage"


def test_it_is_in_no_byte_of_any_vintage_and_all_else_is_as_it_was(root: Root) -> None:
    before, first = others(root), find(root, "1")
    assert len(holding(root.vintages, {GONE})) == 4
    made = erase(root)
    assert [path.name[:4] for path in made] == ["0002", "0003"]
    assert find(root, "1") == first
    assert others(root) == before
    assert_gone(root)
    assert erase(root) == []


def test_whoever_has_the_old_one_open_reads_on(root: Root) -> None:
    with connect(root) as database:
        erase(root)
        assert database.execute("SELECT count(*) FROM submissions WHERE respondent = ?", [GONE]).fetchone() == (1,)
    assert_gone(root)


@pytest.mark.parametrize("file", ["manifest.json", "tables/submissions/2031.parquet", "calm.duckdb"])
def test_a_damaged_vintage_is_named_and_stops_no_other(root: Root, file: str) -> None:
    second = find(root, "2").path
    content = (second / file).read_bytes()
    (second / file).write_bytes(content[:-1])
    done = rewrite(root, erased, CONTRACTS, "a test")
    assert ([path.name[:4] for path in done.made], done.left) == (["0003"], [second])
    now = current(root)
    assert now is not None
    assert now.damage() == holding(now.path, {GONE}) == []
    assert now.manifest.parent == second.name
    (second / file).write_bytes(content)
    assert [path.name[:4] for path in erase(root)] == ["0002", "0003"]
    assert_gone(root)


def test_what_was_to_be_removed_when_it_was_broken_off_is_removed(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(disk.shutil, "rmtree", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            disk.discard(find(root, "2").path)
    assert holding(root.vintages, {GONE})
    erase(root)
    assert holding(root.vintages, {GONE}) == []


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("at", [1, 2])
def test_broken_off_anywhere_it_is_finished_when_it_is_done_again(
    root: Root, step: str, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, called = others(root), 0
    whole = getattr(disk, step)

    def breaking(*arguments: object) -> object:
        nonlocal called
        called += 1
        if called == at:
            raise KeyboardInterrupt
        return whole(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(disk, step, breaking)
        try:
            erase(root)
        except KeyboardInterrupt:
            pass
        else:
            assert (step, at) == ("point", 2)  # there is one pointer
    assert current(root) is not None
    erase(root)
    assert others(root) == before
    assert_gone(root)
