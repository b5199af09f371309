"""All contenders of `make bench` make the same of the same files; and what is measured is measured."""

import sys
from pathlib import Path

import pytest

from benchmarks import core, sql, with_pandas, with_polars
from benchmarks.contenders import CONTENDERS, CORE
from benchmarks.equal import DifferentError, same
from benchmarks.measure import Cost, measured, medians
from benchmarks.results import Results
from benchmarks.simulated import simulated

CHECKOUT = Path(__file__).parents[1]
SUBMISSIONS = 300
RUNS = {
    CORE: lambda root, _out: core.run(root, "2023"),
    "sql": sql.run,
    "pandas": with_pandas.run,
    "streaming": lambda root, out: with_polars.run(root, out, "streaming"),
    "eager": lambda root, out: with_polars.run(root, out, "in-memory"),
}


@pytest.mark.filterwarnings("ignore:.*fetch_record_batch:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning")
def test_all_make_the_same_of_the_same_files(tmp_path: Path) -> None:
    root, made = simulated(CHECKOUT, tmp_path / "root", SUBMISSIONS), {}
    for name, run in RUNS.items():
        out = tmp_path / name
        out.mkdir()
        run(root, out / "found.json").write(out / "found.json")
        made[name] = CONTENDERS[name].made(root, out)
    same(made)
    assert sum(made[CORE]["statuses"].values()) == SUBMISSIONS
    assert set(made[CORE]["statuses"]) >= {"accepted", "quarantined"}
    assert RUNS.keys() == CONTENDERS.keys()


def test_who_made_something_else_is_named() -> None:
    with pytest.raises(DifferentError, match="statuses of pandas is not that of core"):
        same({"core": {"statuses": {"accepted": 1}}, "pandas": {"statuses": {"accepted": 2}}})


def test_children_count_too() -> None:
    hold = "held = bytearray(64 << 20); import time; time.sleep(0.5)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}], check=True)"
    cost = measured([sys.executable, "-c", child])
    assert not cost.failed
    assert cost.cpu > 0
    if Path("/proc/self/smaps_rollup").exists():
        assert cost.peak > 64 << 20


def test_what_fails_is_no_result(tmp_path: Path) -> None:
    assert measured([sys.executable, "-c", "raise SystemExit(3)"]).failed == "exit code 3"
    assert medians([Cost(1, 1, 1), Cost(2, 1, 1, "exit code 3"), Cost(9, 1, 1)]) == Cost(2, 1, 1, "exit code 3")
    costs = {CORE: Cost(3, 4, 2**20), "sql": Cost(2, 4, 2**20), "pandas": Cost(1, 1, 2**20, "out of memory")}
    corrected = {7: {"one corrected": Cost(0.5, 0.25, 2**21)}}
    Results("A machine.", {7: 1}, {7: costs}, corrected=corrected).write(tmp_path)
    text = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "| the pipeline's core | 3.0 | 1.50 | 4.0 | 1 |" in text
    assert "| 7, one corrected | 0.50 | 0.25 | 2 |" in text
    assert "| pandas | out of memory |  |  | 1 |" in text
    assert (tmp_path / "results.svg").read_text(encoding="utf-8").startswith("<svg")
