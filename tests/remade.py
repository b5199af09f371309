"""Which parts of which tables are made while something runs; those that are kept are not among them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from calm_pipeline import apart


@contextmanager
def remade() -> Iterator[dict[str, list[str]]]:
    """The names of parts, by the folder that their table lies in."""
    made: dict[str, list[str]] = {}
    original = apart._Query.run

    def noted(query: apart._Query, group: list[str], folder: Path) -> None:
        made.setdefault(folder.parent.name, []).extend(group)
        original(query, group, folder)

    with mock.patch.object(apart._Query, "run", noted):
        yield made
