"""Vintages in the store: each whole before the pointer moves, finished by the next push, gone when gone here."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from calm_pipeline.objects import mirror
from calm_pipeline.objects.mirror import pointed, push
from calm_pipeline.objects.pull import pull
from calm_pipeline.objects.store import Store
from calm_pipeline.retention import Vintages
from calm_pipeline.root import Root
from calm_pipeline.tables import Contract
from calm_pipeline.vintages import Vintage, current, every
from calm_pipeline.vintages.prune import prune
from calm_pipeline.vintages.rewrite import rewrite
from tests.objects.stores import everything, refused
from tests.vintages.small import CONTRACTS, published, small

EDITION = "2031"
CANARY = b"canary-of-the-vault"


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return small(tmp_path / "project", EDITION)


def published_files(root: Root) -> dict[str, bytes]:
    """What the store must hold of the vintages here: the same files, byte by byte."""
    files = [file for vintage in every(root).readable for file in vintage.path.rglob("*") if file.is_file()]
    return {str(file.relative_to(root.warehouse)): file.read_bytes() for file in files}


def assert_mirrored(root: Root, store: Store) -> None:
    now = current(root)
    assert now is not None
    held = everything(store)
    assert held.pop("current") == f"{now.path.name}\n".encode()
    held.pop("owner")
    assert {key: value for key, value in held.items() if not key.startswith("raw/")} == published_files(root)


def test_every_vintage_is_put_and_then_nothing_more(root: Root, either: Store) -> None:
    store = either
    published(root, EDITION, "one")
    published(root, EDITION, "two")
    one, two = (vintage.path.name for vintage in every(root).readable)
    assert push(root, store, "a test") == (two, [two, one], [])
    assert_mirrored(root, store)
    before = everything(store)
    assert push(root, store, "a test") == (two, [], [])
    assert everything(store) == before


def test_nothing_published_is_nothing_put(root: Root, store: Store) -> None:
    refused("no_warehouse", push, root, store, "a test")
    assert everything(store) == {}


def test_what_is_pruned_goes_and_earlier_ones_stay(root: Root, store: Store) -> None:
    for making in ("one", "two", "three"):
        published(root, EDITION, making)
    push(root, store, "a test")
    one, two, three = every(root).readable
    prune(root, Vintages(latest=2, days=1), datetime.now(UTC) + timedelta(days=3), three)
    assert push(root, store, "a test") == (three.path.name, [], [one.path.name])
    assert_mirrored(root, store)
    assert pointed(store) == three.path.name != two.path.name


def test_an_erasure_reaches_every_vintage(root: Root, either: Store) -> None:
    store = either
    for making in ("one", "two"):
        published(root, EDITION, making)
    push(root, store, "a test")
    before = {vintage.path.name for vintage in every(root).readable}

    def without(_edition: str, contract: Contract, rows: pa.Table) -> pa.Table:
        if not contract.pseudonyms:
            return rows
        emptied = pa.array(["erased"] * rows.num_rows)
        return rows.set_column(rows.column_names.index("respondent"), rows.schema.field("respondent"), emptied)

    rewrite(root, without, CONTRACTS, "a test")
    outcome = push(root, store, "a test")
    assert set(outcome.removed) == before
    assert_mirrored(root, store)
    assert not [key for key in everything(store) if any(name in key for name in before)]


@pytest.mark.parametrize("after", [0, 3, 6, 7])
def test_broken_off_anywhere_the_pointer_leads_to_a_whole_vintage(
    root: Root, tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(f"file://{tmp_path}/bucket/calm")
    broken_off(root, store, tmp_path, after, monkeypatch)


def test_broken_off_on_s3(root: Root, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_off(root, Store(f"s3://{bucket}/calm"), tmp_path, 3, monkeypatch)


def broken_off(root: Root, store: Store, tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A push that ends after so many writes, of the seven that a vintage of these takes, and the pointer's."""
    published(root, EDITION, "one")
    first = push(root, store, "a test").current
    published(root, EDITION, "two")
    writes = iter(range(after))

    def ending(wrapped):  # type: ignore[no-untyped-def]
        def write(self: Store, *given: object) -> None:
            if next(writes, None) is None:
                raise KeyboardInterrupt
            wrapped(self, *given)

        return write

    with monkeypatch.context() as patch:
        patch.setattr(Store, "put", ending(Store.put))
        patch.setattr(Store, "write", ending(Store.write))
        with pytest.raises(KeyboardInterrupt):
            push(root, store, "a test")
    assert pointed(store) == first
    assert Vintage.at(pull(store, tmp_path / "pulled")).damage() == []
    push(root, store, "a test")
    assert_mirrored(root, store)


def test_half_an_object_that_was_left_behind_is_put_anew(root: Root, store: Store) -> None:
    vintage = published(root, EDITION, "one").vintage
    store.write(f"vintages/{vintage.path.name}/calm.duckdb", b"half")
    push(root, store, "a test")
    assert_mirrored(root, store)


def test_a_store_that_takes_other_bytes_is_found_out_before_the_pointer_moves(
    root: Root, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(root, EDITION, "one")
    push(root, store, "a test")
    before, put = pointed(store), Store.put

    def flipping(self: Store, key: str, file: Path) -> None:
        put(self, key, file)
        if key.endswith("selections/2031.parquet"):
            content = self.read(key) or b""
            self.write(key, content[:-1] + bytes([content[-1] ^ 1]))

    published(root, EDITION, "two")
    monkeypatch.setattr(Store, "put", flipping)
    assert "selections/2031.parquet" in refused("changed_object", push, root, store, "a test")
    assert pointed(store) == before


@pytest.mark.parametrize("name", ["calm.duckdb", "tables/files/2031.parquet", "manifest.json"])
def test_an_object_that_was_changed_later_is_found(root: Root, store: Store, name: str, tmp_path: Path) -> None:
    vintage = published(root, EDITION, "one").vintage
    push(root, store, "a test")
    key = f"vintages/{vintage.path.name}/{name}"
    content = bytearray(store.read(key) or b"")
    content[len(content) // 2] ^= 1
    store.write(key, bytes(content))
    assert name in refused("changed_object", push, root, store, "a test", verify=True)
    assert name in refused("changed_object", pull, store, tmp_path / "pulled")
    assert list((tmp_path / "pulled").iterdir()) == []
    store.write(key, b"cut off")
    assert name in refused("changed_object", push, root, store, "a test")
    store.remove(f"vintages/{vintage.path.name}/manifest.json")  # as the remedy says
    push(root, store, "a test", verify=True)
    assert_mirrored(root, store)


def test_an_object_that_is_gone_is_found(root: Root, store: Store) -> None:
    vintage = published(root, EDITION, "one").vintage
    push(root, store, "a test")
    store.remove(f"vintages/{vintage.path.name}/tables/files/2031.parquet")
    refused("changed_object", push, root, store, "a test")


def test_a_damaged_vintage_is_not_put_and_keeps_none_back(root: Root, store: Store) -> None:
    damaged, now = (published(root, EDITION, making).vintage for making in ("one", "two"))
    (damaged.path / "calm.duckdb").write_bytes(b"damaged")
    assert "calm.duckdb" in refused("damaged_vintage", push, root, store, "a test")
    assert pointed(store) == now.path.name
    assert f"vintages/{damaged.path.name}/manifest.json" not in everything(store)
    (now.path / "calm.duckdb").write_bytes(b"damaged")
    refused("damaged_vintage", push, root, store, "a test", verify=True)


def test_of_a_vintage_damaged_here_the_copy_there_stays(root: Root, store: Store) -> None:
    damaged, _ = (published(root, EDITION, making).vintage for making in ("one", "two"))
    push(root, store, "a test")
    before = everything(store)
    (damaged.path / "calm.duckdb").write_bytes(b"damaged")
    refused("damaged_vintage", push, root, store, "a test")
    (damaged.path / "manifest.json").write_bytes(b"damaged")
    refused("damaged_vintage", push, root, store, "a test")
    assert everything(store) == before


def test_a_pointer_that_is_lost_is_told_and_put_back(root: Root, store: Store, tmp_path: Path) -> None:
    refused("store_empty", pull, store, tmp_path / "pulled")
    name = published(root, EDITION, "one").vintage.path.name
    push(root, store, "a test")
    store.remove("current")
    refused("store_pointer_lost", pull, store, tmp_path / "pulled")
    store.write("current", b"../../elsewhere")
    refused("store_pointer_lost", pull, store, tmp_path / "pulled")
    assert push(root, store, "a test").current == name == pointed(store)


def test_another_warehouse_is_kept_out(root: Root, store: Store, tmp_path: Path) -> None:
    published(root, EDITION, "one")
    push(root, store, "a test")
    before = everything(store)
    other = small(tmp_path / "other", EDITION)
    name = published(other, EDITION, "one").vintage.path.name
    refused("other_warehouse", push, other, store, "a test")
    assert everything(store) == before
    store.remove("owner")  # as the remedy says
    assert push(other, store, "a test").current == name
    refused("other_warehouse", push, root, store, "a test")
    assert_mirrored(other, store)


def test_a_warehouse_begun_anew_is_another_one(root: Root, store: Store) -> None:
    published(root, EDITION, "one")
    push(root, store, "a test")
    shutil.rmtree(root.vintages)
    root.pointer.unlink()
    published(root, EDITION, "two")
    refused("other_warehouse", push, root, store, "a test")


def test_what_is_not_ours_stays(root: Root, store: Store) -> None:
    published(root, EDITION, "one")
    for key in ("vintages/notes.txt", "vintages/of another/file", "reports/2031.html"):
        store.write(key, b"not ours")
    assert push(root, store, "a test").removed == []
    assert sorted(key for key, value in everything(store).items() if value == b"not ours") == [
        *("reports/2031.html", "vintages/notes.txt", "vintages/of another/file")
    ]


def test_a_vintage_that_goes_under_a_push_is_not_missed(
    root: Root, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, now = (published(root, EDITION, making).vintage for making in ("one", "two"))
    put = Store.put

    def meanwhile(self: Store, key: str, file: Path) -> None:
        put(self, key, file)
        if gone.path.name in key:
            shutil.rmtree(gone.path, ignore_errors=True)

    monkeypatch.setattr(Store, "put", meanwhile)
    assert push(root, store, "a test") == (now.path.name, [now.path.name], [gone.path.name])
    assert_mirrored(root, store)


def test_nothing_but_vintages_is_put(root: Root, store: Store) -> None:
    for file in (
        *(root.vault(EDITION) / "respondents.vault", root.erasures, root.raw(EDITION) / "a.csv", root.register),
        *(root.journal(EDITION), root.letters(EDITION) / "letter.html", root.parquet("raw", EDITION, stage=True)),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(CANARY)
    published(root, EDITION, "one")
    push(root, store, "a test")
    held = everything(store)
    assert not [key for key, value in held.items() if CANARY in value]
    assert {key.partition("/")[0] for key in held} == {"vintages", "current", "owner"}
    assert mirror.ABOVE == "vintages"
