"""Late, doubled and corrected submissions, in whatever order they arrive and wherever it runs: one end state."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.commands import HOME
from tests.often import often
from tests.vintages.arrivals import ROWS, arrive, export, judged, state

pytestmark = [
    pytest.mark.xdist_group("arrivals"),
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*fetch_record_batch:DeprecationWarning"),
]
ALL = range(len(ROWS))


@cache
def at_once() -> dict[str, str]:
    with TemporaryDirectory() as folder:
        export(Path(folder, "all.csv"), ROWS)
        _, tables = judged([Path(folder, "all.csv")], None)
    found = tables["submissions"]["status"].to_pylist()
    assert Counter(found) == {"accepted": 2, "duplicate": 1, "quarantined": 4}
    return state(tables)


def test_the_state_changes_with_an_answer_and_not_with_where_it_stood(tmp_path: Path) -> None:
    export(tmp_path / "some.csv", ROWS[::-1])
    assert state(judged([tmp_path / "some.csv"], None)[1]) == at_once()
    export(tmp_path / "some.csv", [*ROWS[:3], ROWS[3].replace("蕨", "棕榈"), *ROWS[4:]])
    changed = state(judged([tmp_path / "some.csv"], None)[1])
    assert {name for name, value in at_once().items() if changed[name] != value} == {"selections", "submissions"}
    export(tmp_path / "some.csv", [*ROWS[:2], ROWS[2].replace("蕨", "棕榈"), *ROWS[3:]])
    still_quarantined = state(judged([tmp_path / "some.csv"], None)[1])
    assert {name for name, value in at_once().items() if still_quarantined[name] != value} == {"submissions"}


@settings(max_examples=often(2, 100))
@given(
    parts=st.lists(st.sampled_from(range(3)), min_size=len(ROWS), max_size=len(ROWS)),
    again=st.sets(st.sampled_from(ALL)),
    seed=st.randoms(),
)
def test_any_order_of_arrival_ends_in_the_same_state(parts: list[int], again: set[int], seed: random.Random) -> None:
    """Each submission in one of three exports, some in a further one as well."""
    exports = [[n for n in ALL if parts[n] == part] for part in range(3)] + [sorted(again)]
    order = [part for part in exports if part]
    seed.shuffle(order)
    with TemporaryDirectory() as folder:
        assert arrive(Path(folder), order, seed) == at_once()


def test_an_older_download_that_comes_later_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    export(tmp_path / "full.csv", ROWS)
    _, tables = judged([tmp_path / "full.csv"], None)
    earlier = tables["submissions"].select(["sequence", "submitted_at"])
    export(tmp_path / "full.csv", ROWS[:3])
    refused, _ = judged([tmp_path / "full.csv"], earlier)
    assert refused == ["refused"]
    export(tmp_path / "full.csv", ROWS)
    again, tables = judged([tmp_path / "full.csv"], earlier)
    assert (again, state(tables)) == (["read"], at_once())


def test_neither_files_nor_rows_nor_locale_nor_time_zone_matter(tmp_path: Path) -> None:
    seed = random.Random(31)  # noqa: S311
    places = ["Asia/Shanghai", "America/St_Johns", "UTC", "Pacific/Kiritimati"]
    for n in range(often(2, 10)):
        folder = tmp_path / str(n)
        folder.mkdir()
        shuffled = seed.sample(ALL, len(ROWS))
        for name, part in zip(seed.sample(range(100), 2), (shuffled[:3], shuffled[3:]), strict=True):
            export(folder / f"{name:02}.csv", [ROWS[one] for one in part])
        about = {"TZ": places[n % len(places)], "LC_ALL": ("C", "C.UTF-8")[n % 2], "PYTHONHASHSEED": str(n)}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.vintages.arrivals", str(folder)],
            cwd=HOME,
            env=os.environ | about | {"PYTHONPATH": str(HOME)},
            capture_output=True,
            check=True,
        )
        assert json.loads(done.stdout) == at_once()
