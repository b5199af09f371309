"""Exports and the register come from the store: what changed, once, all or none, and nothing of ours is lost for it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from calm_pipeline.objects.inbox import fetch
from calm_pipeline.objects.store import Store
from calm_pipeline.root import Root
from calm_pipeline.vintages import writing
from tests.objects.stores import refused
from tests.vintages.small import small

EDITION = "2031"


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return small(tmp_path / "project", EDITION)


def sent(store: Store, **content: str) -> None:
    for name, text in content.items():
        store.write(f"raw/{EDITION}/{name}.csv", text.encode())


def here(root: Root) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in root.exports(EDITION)}


def test_exports_and_register_come_once(root: Root, either: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store = either
    sent(store, a="one", b="two")
    store.write("raw/libraries.csv", b"register")
    store.write("raw/2030/c.csv", b"another edition")
    store.write(f"raw/{EDITION}/README.md", b"no export")
    store.write(f"raw/{EDITION}/old/a.csv", b"deeper")
    assert fetch(root, EDITION, store, "a test") == (
        ["a.csv", "b.csv", "libraries.csv"],
        *([], [], ["README.md", "old/a.csv"]),
    )
    assert here(root) == {"a.csv": "one", "b.csv": "two"}
    assert root.register.read_text(encoding="utf-8") == "register"
    assert root.unread(EDITION) == []
    monkeypatch.setattr(Store, "chunks", None)  # nothing is read again
    again = fetch(root, EDITION, store, "a test")
    assert (again.new, again.same) == ([], ["a.csv", "b.csv", "libraries.csv"])


def test_a_newer_download_takes_the_place_of_what_was_fetched(root: Root, either: Store) -> None:
    store = either
    sent(store, a="one", b="two")
    fetch(root, EDITION, store, "a test")
    sent(store, a="newer")
    assert fetch(root, EDITION, store, "a test").new == ["a.csv"]
    assert here(root) == {"a.csv": "newer", "b.csv": "two"}


def test_what_is_here_alone_stays_and_is_named(root: Root, store: Store) -> None:
    sent(store, a="one")
    fetch(root, EDITION, store, "a test")
    (root.raw(EDITION) / "mine.csv").write_text("mine", encoding="utf-8")
    store.remove(f"raw/{EDITION}/a.csv")
    assert fetch(root, EDITION, store, "a test").here == ["a.csv", "mine.csv"]
    assert here(root) == {"a.csv": "one", "mine.csv": "mine"}


def test_what_was_removed_here_comes_again(root: Root, store: Store) -> None:
    sent(store, a="one")
    fetch(root, EDITION, store, "a test")
    (root.raw(EDITION) / "a.csv").unlink()
    assert fetch(root, EDITION, store, "a test").new == ["a.csv"]


def test_a_file_that_did_not_come_from_there_is_not_replaced_and_no_other_comes(root: Root, store: Store) -> None:
    root.raw(EDITION).mkdir(parents=True)
    (root.raw(EDITION) / "b.csv").write_text("mine", encoding="utf-8")
    sent(store, a="one", b="two")
    assert "2031/b.csv" in refused("fetch_conflict", fetch, root, EDITION, store, "a test")
    assert here(root) == {"b.csv": "mine"}
    assert sorted(file.name for file in root.raw(EDITION).iterdir()) == ["b.csv"]
    (root.raw(EDITION) / "b.csv").write_text("two", encoding="utf-8")
    assert fetch(root, EDITION, store, "a test").new == ["a.csv", "b.csv"], "the same bytes are no conflict"


def test_a_file_that_was_edited_here_is_not_replaced(root: Root, store: Store) -> None:
    sent(store, a="one")
    fetch(root, EDITION, store, "a test")
    (root.raw(EDITION) / "a.csv").write_text("edited", encoding="utf-8")
    assert fetch(root, EDITION, store, "a test").same == ["a.csv"]
    sent(store, a="newer")
    refused("fetch_conflict", fetch, root, EDITION, store, "a test")
    assert here(root) == {"a.csv": "edited"}


def test_a_link_is_neither_followed_nor_replaced(root: Root, store: Store, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("elsewhere", encoding="utf-8")
    root.raw(EDITION).mkdir(parents=True)
    (root.raw(EDITION) / "a.csv").symlink_to(tmp_path / "elsewhere")
    sent(store, a="one")
    refused("fetch_conflict", fetch, root, EDITION, store, "a test")
    assert (tmp_path / "elsewhere").read_text(encoding="utf-8") == "elsewhere"


def test_broken_off_anywhere_it_is_finished_by_the_next(
    root: Root, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(store, a="one", b="two")

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("files.sync", "notes.write"):
        with monkeypatch.context() as patch:
            patch.setattr(f"calm_pipeline.objects.inbox.{step}", broken)
            with pytest.raises(KeyboardInterrupt):
                fetch(root, EDITION, store, "a test")
    (root.raw(EDITION) / ".fetching").mkdir()
    (root.raw(EDITION) / ".fetching" / "left.csv").write_text("by a crash", encoding="utf-8")
    assert fetch(root, EDITION, store, "a test").new == ["a.csv", "b.csv"]
    assert here(root) == {"a.csv": "one", "b.csv": "two"}
    assert not (root.raw(EDITION) / ".fetching").exists()


def test_nothing_is_fetched_under_a_run(root: Root, store: Store) -> None:
    sent(store, a="one")
    with writing(root, EDITION, "a run"), ThreadPoolExecutor() as other:  # which holds nothing of ours
        refused("edition_locked", other.submit(fetch, root, EDITION, store, "a test").result)
    assert here(root) == {}
