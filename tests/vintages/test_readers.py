"""Readers in a loop while others publish: none waits, none fails, each reads one whole vintage."""

from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from calm_pipeline.root import Root
from calm_pipeline.vintages import connect, current
from tests.commands import FORKS
from tests.often import often
from tests.vintages.small import TABLES, makings, published, small

pytestmark = pytest.mark.xdist_group("readers")
READERS, EDITION = 8, "2031"
SAYS = {
    "editions": "title_en",
    "files": "sha256",
    "libraries": "name_en",
    "submissions": "file",
    "selections": "option",
}


def _through_the_command_line(root: Root) -> set[str]:
    with connect(root) as database:
        return makings(database)[EDITION]


def _plain(root: Root) -> duckdb.DuckDBPyConnection:
    """DuckDB on the documented path; resolved, since a process keeps what it once opened under a path."""
    return duckdb.connect(str(root.database.resolve()), read_only=True)


def _as_the_documentation_says(root: Root) -> set[str]:
    with _plain(root) as database:
        return makings(database)[EDITION]


def _from_parquet(root: Root) -> set[str]:
    """Several files of one vintage, whose pointer is followed once."""
    vintage = current(root)
    assert vintage is not None
    return {one for name in TABLES for one in set(vintage.table(name, EDITION)[SAYS[name]].to_pylist())}


def _from_parquet_by_path(root: Root) -> set[str]:
    folder = root.pointer.resolve() / "tables"
    return {one for name in TABLES for one in set(pd.read_parquet(folder / name / f"{EDITION}.parquet")[SAYS[name]])}


WAYS = (_through_the_command_line, _as_the_documentation_says, _from_parquet, _from_parquet_by_path)


def _read(path: Path, n: int, over: Event, told: Connection) -> None:
    """Read in a loop, and from a connection that stays open over all the publishes."""
    root, seen, way = Root(path), list[set[str]](), WAYS[n % len(WAYS)]
    with _plain(root) if way is _as_the_documentation_says else connect(root) as kept:
        first = makings(kept)
        told.send("begun")
        while not over.is_set() or len(seen) < 2:
            seen.append(way(root))
        assert makings(kept) == first
    told.send(seen)


def test_no_reader_waits_or_fails_or_reads_two_vintages_at_once(tmp_path: Path) -> None:
    root, over = small(tmp_path, EDITION), FORKS.Event()
    root.retention.write_text("{personal: {months: 1}, vintages: {latest: 3, days: 1}}", encoding="utf-8")
    published(root, EDITION, "0")
    pipes = [FORKS.Pipe() for _ in range(READERS)]
    readers = [FORKS.Process(target=_read, args=(tmp_path, n, over, pipes[n][1])) for n in range(READERS)]
    for reader in readers:
        reader.start()
    for _, theirs in pipes:
        theirs.close()  # so that a reader that failed is no reader waited for
    assert [ours.recv() for ours, _ in pipes] == ["begun"] * READERS
    publishes = often(10, 100)
    for n in range(1, publishes + 1):
        published(root, EDITION, str(n))
    over.set()
    seen: list[list[set[str]]] = [ours.recv() for ours, _ in pipes]
    for reader in readers:
        reader.join()
        assert reader.exitcode == 0
    assert {len(one) for reads in seen for one in reads} == {1}
    assert len({making for reads in seen for one in reads for making in one}) > publishes / 2
    for reads in seen:
        order = [int(making) for one in reads for making in one]
        assert order == sorted(order)
