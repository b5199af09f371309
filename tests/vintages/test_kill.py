"""SIGKILL at every step of a publish and at random instants: nothing is torn, and a rerun ends where it would."""

import random
import time
from itertools import pairwise
from pathlib import Path

import pytest

from calm_pipeline.root import Root
from calm_pipeline.vintages import connect
from tests.often import TORTURE, often
from tests.vintages.killed import killed_after, killed_at, steps_of_a_publish
from tests.vintages.small import every, frames, makings, published, put, small, state, write

pytestmark = pytest.mark.xdist_group("kill")


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """Two editions, of which one is published."""
    root = small(tmp_path, "2030", "2031")
    published(root, "2030", "kept")
    published(root, "2031", "0")
    return root


def unkilled(folder: Path, making: str) -> dict[tuple[str, str], str]:
    """What is published at the end where nobody kills anything."""
    root = small(folder, "2030", "2031")
    published(root, "2030", "kept")
    published(root, "2031", making)
    return state(root)


def assert_survived(root: Root, before: str, making: str, end: dict[tuple[str, str], str]) -> None:
    """The old vintage or the new one is there, whole, as are all older ones; a rerun ends as if nothing had been."""
    with connect(root) as database:
        assert makings(database) in ({"2030": {"kept"}, "2031": {before}}, {"2030": {"kept"}, "2031": {making}})
    assert [file for vintage in every(root) for file in vintage.damage()] == []
    put(root, "2031")
    assert state(root) == end
    with connect(root) as database:
        assert makings(database) == {"2030": {"kept"}, "2031": {making}}
    assert not list(root.vintages.glob(".*"))


def test_killed_at_every_step(root: Root, tmp_path: Path) -> None:
    """In the short form where one sort of step follows another, in the long form at all of them."""
    write(root, "2031", frames("2031", "1"))
    taken = steps_of_a_publish(root, "2031")
    changes = [place for place, (one, next_) in enumerate(pairwise(taken), 1) if one != next_]
    places = range(len(taken)) if TORTURE else [0, *changes]
    assert {"copyfile", "fsync", "rename", "symlink", "replace"} <= {taken[place] for place in places}
    ends = [unkilled(tmp_path / f"end{n}", str(n)) for n in (0, 1)]
    for n, place in enumerate(places):
        before, making = str((n + 1) % 2), str(n % 2)
        write(root, "2031", frames("2031", making))
        killed_at(root, "2031", place)
        assert_survived(root, before, making, ends[n % 2])


def test_killed_at_random_instants(root: Root, tmp_path: Path) -> None:
    seed = random.Random(31)  # noqa: S311
    write(root, "2031", frames("2031", "1"))
    begun = time.monotonic()
    steps_of_a_publish(root, "2031")
    lasts = time.monotonic() - begun
    ends = [unkilled(tmp_path / f"end{n}", str(n)) for n in (0, 1)]
    killed = 0
    for n in range(often(10, 200)):
        before, making = str((n + 1) % 2), str(n % 2)
        write(root, "2031", frames("2031", making))
        killed += killed_after(root, "2031", seed.uniform(0, lasts))
        assert_survived(root, before, making, ends[n % 2])
    assert killed > 0
