"""Readers of the store, as the documentation shows them, while vintages are put there: each reads one whole vintage."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import duckdb
import pandas as pd
import pytest

from calm_pipeline.objects.mirror import push
from calm_pipeline.objects.pull import pull
from calm_pipeline.objects.store import Store
from tests.objects.stores import files_of
from tests.vintages.small import makings, published, small
from tests.vintages.test_readers import SAYS

EDITION = "2031"
PUSHES = 2


def documented() -> str:
    """The example of docs/object-storage.md that reads a table."""
    text = (Path(__file__).parents[2] / "docs" / "object-storage.md").read_text(encoding="utf-8")
    return text.partition("```python\n")[2].partition("```")[0]


def by_fsspec(address: str) -> set[str]:
    """Every table of one vintage, whose pointer is followed once."""
    files, base = files_of(address), address.partition("://")[2]
    vintage = files.cat_file(f"{base}/current").decode().strip()
    found = set()
    for name, column in SAYS.items():
        with files.open(f"{base}/vintages/{vintage}/tables/{name}/{EDITION}.parquet", "rb") as opened:
            found |= set(pd.read_parquet(opened)[column])
    return found


def test_each_reads_one_whole_vintage(either: Store, tmp_path: Path) -> None:
    root, over = small(tmp_path / "project", EDITION), Event()
    published(root, EDITION, "0")
    push(root, either, "a test")

    def by_pull() -> set[str]:
        with duckdb.connect(str(pull(either, tmp_path / "pulled") / "calm.duckdb"), read_only=True) as database:
            return makings(database)[EDITION]

    def until_the_end(read: Callable[[], set[str]]) -> list[set[str]]:
        seen = [read()]
        while not over.is_set():
            seen.append(read())
        return [*seen, read()]

    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(until_the_end, way) for way in (lambda: by_fsspec(either.address), by_pull)]
        try:
            for n in range(1, PUSHES + 1):
                published(root, EDITION, str(n))
                push(root, either, "a test")
        finally:
            over.set()
    for reader in readers:
        assert {len(one) for one in reader.result()} == {1}
        order = [int(making) for one in reader.result() for making in one]
        assert order == sorted(order)
        assert order[-1] == PUSHES


def test_a_vintage_that_goes_under_a_reader_gives_way_to_the_next(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = small(tmp_path / "project", EDITION)
    root.retention.write_text("{personal: {months: 1}, vintages: {latest: 1, days: 1}}", encoding="utf-8")
    published(root, EDITION, "one")
    first, save = push(root, store, "a test").current, Store.save

    def meanwhile(self: Store, key: str, file: Path) -> str:
        if first in key and key.endswith(".parquet"):
            published(root, EDITION, "two")
            push(root, store, "a test")
            self.remove(key)
        return save(self, key, file)

    monkeypatch.setattr(Store, "save", meanwhile)
    pulled = pull(store, tmp_path / "pulled")
    assert pulled.name != first
    assert list((tmp_path / "pulled").iterdir()) == [pulled]
    assert pull(store, tmp_path / "pulled") == pulled


def test_the_documented_example_reads_a_table(bucket: str, tmp_path: Path) -> None:
    root = small(tmp_path / "project", EDITION)
    published(root, EDITION, "one")
    push(root, Store(f"s3://{bucket}/calm"), "a test")
    code = documented().replace("s3://bucket/calm", f"s3://{bucket}/calm").replace("2023", EDITION)
    names: dict[str, object] = {}
    exec(compile(code, "docs/object-storage.md", "exec"), names)  # noqa: S102
    frame = names["frame"]
    assert isinstance(frame, pd.DataFrame)
    assert set(frame["option"]) == {"one"}
