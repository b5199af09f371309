"""A year is a file: another edition, with other questions and gates, runs end to end with no change in Python."""

import json
import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from calm_pipeline.desk.record import alert_tables
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.vintages import connect, current
from calm_pipeline.vintages.watch import watch
from tests.commands import HOME, calm, killed, killed_at, module
from tests.disk import WHOLE, disk, resize, used
from tests.often import TORTURE, often
from tests.vintages.test_damage import spoilt

__all__ = ["disk"]
WORKBENCH = ("stages", "tables", "proofs")
PARTS = 2 if TORTURE else 1
"""In how many parts whole runs are killed, so that the long form keeps two cores busy."""

SURVEY = """
edition: "2031"
title: {en: A made-up survey, zh: 虚构调查}
theme: {en: Green libraries, zh: 绿色图书馆}
platform: {name: wenjuanxing, personal: [ip]}
fielding: {opens: 2031-05-01, closes: 2031-06-30, timezone: Asia/Shanghai}
eligibility: {staff_at_least: 10}
not_counted: {libraries: [测试]}
indices:
  saving: {en: Saving, zh: 节约, questions: [measures]}
  caring: {en: Caring, zh: 关怀, questions: [plants]}
stage: plan
questions:
  library: {number: 1, type: text, required: true, identifies: library, en: "Library?", zh: 馆名}
  plan:
    number: 2
    type: single
    required: true
    en: Is there a plan?
    zh: 是否有计划？
    options:
      has: {en: "Yes, there is", zh: 有}
      none: {en: None yet, zh: 没有}
  measures:
    number: 3
    type: multiple
    required: true
    asked_if: {plan: has}
    en: Which measures?
    zh: 有哪些措施？
    options:
      light: {en: Light, zh: 节能灯}
      paper: {en: Paper, zh: 无纸化}
      other: {en: "Others. Please specify: _____", zh: 其他（请注明）, role: other, specify: true}
  plants:
    number: 4
    type: multiple
    en: Which plants?
    zh: 有哪些植物？
    options:
      fern: {en: Fern, zh: 蕨}
      palm: {en: Palm, zh: 棕榈}
  watts: {number: 5, type: integer, required: true, minimum: 0, maximum: 9000, en: "Watts?", zh: 功率}
  order:
    number: 6
    type: ranking
    en: What matters most?
    zh: 请排序
    options:
      cost: {en: Cost, zh: 成本}
      health: {en: Health, zh: 健康}
tables:
  measures: {caption: 1, cited: 1, question: measures, omits: [other], en: Measures, zh: 措施}
"""

EXPORT = """序号,提交答卷时间,所用时间,来自IP,1、馆名,2、是否有计划？,3、有哪些措施？,4、有哪些植物？,5、功率,6、请排序
1,2031/5/9 9:05:07,61秒,192.0.2.7(江苏-南京),甲馆,有,节能灯┋其他（请注明）〖太阳┋能〗,蕨,１００,健康→成本
2,2031/5/9 9:06:07,62秒,192.0.2.8(江苏-南京),乙馆,没有,(跳过),蕨┋棕榈,200,(空)
3,2031/5/9 9:07:07,63秒,192.0.2.9(江苏-南京),丙馆,没有,无纸化,(空),300,(空)
4,2031/5/9 9:08:07,64秒,192.0.2.9(江苏-南京),丁馆,有,无纸化,棕榈,400,成本→健康
5,2031/5/9 9:09:07,65秒,192.0.2.9(江苏-南京),测试,有,无纸化,棕榈,400,成本
"""

PUBLISHED = """
edition: "2031"
base: 2
source: {en: A report, zh: 报告}
tables: {measures: {light: [1, "100%", 1]}}
statements:
  respondents: {section: "1", line: 2, kind: respondents, count: 2, says: {en: two, zh: 两份}}
  staff: {section: "1", line: 3, kind: staff, at_least: 10, says: {en: ten, zh: 十人}}
"""

REGISTER = """library_id,name_zh,name_en,aliases,province,type,staff_count
L1,甲馆,Library A,,浙江,comprehensive,20
L2,乙馆,Library B,乙,浙江,comprehensive,20
L3,丙馆,Library C,,浙江,comprehensive,20
L4,丁馆,Library D,,浙江,comprehensive,9
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up edition, run to its end once after another of which there is no export; what the commands printed."""
    root = tmp_path_factory.mktemp("made_up")
    (root / "schemas" / "surveys").mkdir(parents=True)
    (root / "data" / "raw" / "2031").mkdir(parents=True)
    for file in (HOME / "schemas").glob("*.yaml"):
        shutil.copy(file, root / "schemas" / file.name)
    (root / "schemas" / "surveys" / "2031.yaml").write_text(SURVEY, encoding="utf-8")
    (root / "data" / "raw" / "2031" / "export.csv").write_text(EXPORT, encoding="utf-8")
    (root / "data" / "raw" / "libraries.csv").write_text(REGISTER, encoding="utf-8")
    second = root / "schemas" / "surveys" / "2032.yaml"
    second.write_text(SURVEY.replace('"2031"', '"2032"'), encoding="utf-8")
    nothing = calm(root, "run", "2032")
    assert nothing.returncode == 1
    (root / "nothing.txt").write_text(nothing.stderr, encoding="utf-8")
    begun = time.monotonic()
    done = calm(root, "run", "2031")
    assert done.returncode == 0, done.stderr + done.stdout
    (root / "said.txt").write_text(done.stdout, encoding="utf-8")
    (root / "seconds.txt").write_text(str(time.monotonic() - begun), encoding="utf-8")
    second.unlink()
    return root


@pytest.mark.xdist_group("made_up")
def test_runs_end_to_end(root: Path) -> None:
    said = (root / "said.txt").read_text(encoding="utf-8")
    assert "5 submissions received: 2 accepted, 2 quarantined, 0 duplicate, 1 dropped" in said
    with duckdb.connect(str(root / "data" / "warehouse" / "current" / "calm.duckdb"), read_only=True) as database:
        broken = database.sql("SELECT submission_id, rule FROM violations ORDER BY ALL").fetchall()
        assert broken == [("2031-0003", "measures__silent"), ("2031-0004", "library__eligible")]
        counts = "SELECT asked, answered, count FROM option_counts WHERE option = 'light'"
        assert database.sql(counts).fetchall() == [(1, 1, 1)]
        specified = "SELECT text FROM answers WHERE option = 'other'"
        assert database.sql(specified).fetchall() == [("太阳┋能",)]
        ranks = "SELECT option, rank FROM selections WHERE field = 'order' AND rank IS NOT NULL ORDER BY ALL"
        assert database.sql(ranks).fetchall() == [("cost", 2), ("health", 1)]
        repairs = "SELECT rule, before, after FROM repairs ORDER BY ALL"
        assert ("number_format", "１００", "100") in database.sql(repairs).fetchall()


@pytest.mark.xdist_group("made_up")
def test_the_check_command_names_the_broken_rules_and_what_was_mended(root: Path, tmp_path: Path) -> None:
    (tmp_path / "saved_again.csv").write_text(EXPORT, encoding="gb18030")
    done = calm(root, "check", str(tmp_path / "saved_again.csv"), "--edition", "2031")
    assert done.returncode == 1
    assert "measures__silent" in done.stdout
    assert "library__eligible" in done.stdout
    assert "saved_again.csv: gb18030 (repair)" in done.stdout
    assert "已逐字节严格解码" in done.stdout


@pytest.mark.xdist_group("made_up")
def test_an_edition_of_which_nothing_counts_is_no_error(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "schemas", tmp_path / "schemas")
    shutil.copytree(root / "data" / "raw", tmp_path / "data" / "raw")
    register = tmp_path / "data" / "raw" / "libraries.csv"
    register.write_text(REGISTER.replace(",20\n", ",2\n"), encoding="utf-8")
    (tmp_path / "schemas" / "published").mkdir()
    (tmp_path / "schemas" / "published" / "2031.yaml").write_text(PUBLISHED, encoding="utf-8")
    done = calm(tmp_path, "run", "2031")
    assert "5 submissions received: 0 accepted, 4 quarantined, 0 duplicate, 1 dropped" in done.stdout, done.stderr
    assert "[failed_check] reconciliation: reproduces_the_report failed" in done.stderr
    assert "检查 reproduces_the_report 未通过" in done.stderr
    assert "    0 reproduced, 2 differ, 1 not derivable" in done.stderr


@pytest.mark.xdist_group("made_up")
def test_an_edition_that_never_came_to_its_end_is_not_in_the_warehouse(root: Path) -> None:
    nothing = (root / "nothing.txt").read_text(encoding="utf-8")
    assert "there is no export for this edition in data/raw" in nothing
    assert "data/raw 中没有该年度的导出文件" in nothing
    said = calm(root, "sql", "--csv", "SELECT DISTINCT edition FROM questions").stdout
    assert said.splitlines() == ["edition", "2031"]


def what_it_holds(root: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table of the warehouse but those of the alerts, which also tell of a run that failed."""
    with connect(Root(root)) as database:
        names = [name for (name,) in database.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        kept = [name for name in names if name not in ("alerts", "alert_events", "dictionary_tables")]
        return {name: database.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in kept}


def said(root: Path) -> dict[str, str]:
    """What each published table says, apart from those that tell how and when things came."""
    vintage = current(Root(root))
    assert vintage is not None
    assert vintage.damage() == []
    traces = {name for name, contract in Project(Root(root)).contracts().items() if contract.trace}
    return {name: one.logical for name, one in vintage.manifest.editions["2031"].tables.items() if name not in traces}


def boundaries(root: Path) -> list[Path]:
    """All that a run of 2031 puts in its place one after the other: frames between stages, tables, proofs."""
    files = [file for kind in WORKBENCH for file in (root / "data" / "warehouse" / kind).glob("*/*")]
    return sorted(file for file in files if "2031" in (file.stem, file.parent.name))


def without_a_workbench(root: Path) -> None:
    for kind in WORKBENCH:
        shutil.rmtree(root / "data" / "warehouse" / kind)


def killed_from_nothing(root: Path, kill: Callable[..., bool], at: Any, before: dict[str, str]) -> bool:
    """A run with an empty workbench, killed; what was published is there, and a rerun ends where it would."""
    without_a_workbench(root)
    ended_early = kill(root, at, "run", "2031")
    assert said(root) == before
    done = calm(root, "run", "2031")
    assert done.returncode == 0, done.stderr
    assert said(root) == before
    return ended_early


@pytest.mark.parametrize(
    "part", [pytest.param(n, marks=pytest.mark.xdist_group("made_up" + "_" * n)) for n in range(PARTS)]
)
def test_a_run_that_is_killed_loses_nothing_and_a_rerun_ends_where_it_would(root: Path, part: int) -> None:
    """Once a file is in its place; in the long form each file of the workbench, and at random instants as well."""
    before, seed = said(root), random.Random(31 + part)  # noqa: S311
    places = boundaries(root)[part::PARTS]
    assert {file.relative_to(root).parts[2] for file in places} == set(WORKBENCH)
    for place in seed.sample(places, min(often(1, len(places)), len(places))):
        assert killed_from_nothing(root, killed_at, place, before), place
    last = float((root / "seconds.txt").read_text(encoding="utf-8"))
    instants = [seed.uniform(1, last) for _ in range(often(0, 200) // PARTS)]
    ended_early = [killed_from_nothing(root, killed, at, before) for at in instants]
    assert any(ended_early) or not instants


@pytest.mark.xdist_group("made_up")
def test_a_run_on_a_full_disk_says_so_and_loses_nothing_and_a_retry_ends_once_there_is_room(
    root: Path, disk: Path
) -> None:
    """At sizes from what is published alone to what lies there after a whole run."""
    copy = shutil.copytree(root, disk / "root", symlinks=True)
    published, whole, tries = said(copy), used(disk), often(1, 50)
    without_a_workbench(copy)
    needs = whole - used(disk) + sum(file.stat().st_size for file in Root(copy).pointer.resolve().rglob("*"))
    for n in range(tries):
        export = EXPORT.replace(",200,", f",{1000 + n},")
        (copy / "data" / "raw" / "2031" / "export.csv").write_text(export, encoding="utf-8")
        resize(disk, used(disk) + needs * (2 * n + 1) // (2 * tries))
        done = calm(copy, "run", "2031")
        told = re.findall(r"^\[(\w+)\] (\S+):", done.stderr, re.MULTILINE)
        assert (done.returncode, {code for code, _ in told}) == (1, {"disk_full"}), done.stderr
        assert "磁盘空间已满" in done.stderr
        assert max(Counter(told).values()) <= 2  # by the run, and by the telling of alerts after it
        assert said(copy) == published
        resize(disk, WHOLE * 8)
        done = calm(copy, "run", "2031")
        assert done.returncode == 0, done.stderr
        before, published = published, said(copy)
        assert published != before
        without_a_workbench(copy)


@pytest.mark.xdist_group("made_up")
def test_one_bit_or_the_end_of_any_published_file_or_report_is_named(root: Path, tmp_path: Path) -> None:
    copy = Root(shutil.copytree(root, tmp_path / "root", symlinks=True))
    now, seed = current(copy), random.Random(31)  # noqa: S311
    assert now is not None
    files = [now.path / "manifest.json", *(now.path / name for name in now.manifest.files)]
    reports = [copy.report("2031", lang) for lang in ("en", "zh")]
    assert list(watch(copy, None)) == []
    for file in [*files, *reports] * often(1, 30):
        content = file.read_bytes()
        file.write_bytes(spoilt(content, seed))
        assert [one.place for one in watch(copy, None)] == [str(file)]
        file.write_bytes(content)


@pytest.mark.xdist_group("made_up")
def test_what_is_downstream_of_a_failed_check_is_not_published_alone(root: Path) -> None:
    before = current(Root(root))
    done = module("tests.vintages.alone", root, "2031")
    assert done.returncode == 0, done.stderr
    failed, *alone, mended, outdated, last = map(json.loads, done.stdout.splitlines())
    assert failed == ["option_counts warehouse", False, ["expectations"], []]
    for names, run in zip(("warehouse", "correlations warehouse"), alone, strict=True):
        assert run[:3] == [names, False, []]
        assert run[3][0].startswith("[gate_failed] table option_counts, edition 2031: the check expectations failed")
    assert mended == ["option_counts", True, [], []]
    assert outdated == ["warehouse", True, [], []]
    assert last[1]
    assert current(Root(root)) == before


@pytest.mark.xdist_group("made_up")
def test_a_refused_file_stops_the_run_and_leaves_the_warehouse_as_it_was(root: Path) -> None:
    before, late_at = what_it_holds(root), time.time_ns()
    late = root / "data" / "raw" / "2031" / "late.csv"
    late.write_text(EXPORT.replace("2、是否有计划？", "2、计划如何？"), encoding="utf-8")
    try:
        done = calm(root, "run", "2031")
    finally:
        late.unlink()
    assert done.returncode == 1
    assert "late.csv, row 1: the column for question 2" in done.stderr
    assert "late.csv，第 1 行：缺少第 2 题" in done.stderr
    assert "The nearest headers stand over column(s) F." in done.stderr
    assert "计划如何" not in done.stderr
    assert what_it_holds(root) == before
    stored = root / "data" / "warehouse" / "stages" / "clean_submissions" / "2031.parquet"
    assert stored.stat().st_mtime_ns < late_at


@pytest.mark.xdist_group("made_up")
def test_a_corrected_copy_beside_the_old_export_is_refused_until_one_is_chosen(root: Path) -> None:
    again = root / "data" / "raw" / "2031" / "again.csv"
    again.write_text(EXPORT.replace("300", "301"), encoding="utf-8")
    try:
        done = calm(root, "run", "2031")
    finally:
        again.unlink()
    assert done.returncode == 1
    assert "序号 3 was already read from again.csv with other answers" in done.stderr


@pytest.mark.xdist_group("made_up")
def test_a_figure_that_differs_is_named_and_the_warehouse_says_of_alerts_what_the_journal_says(root: Path) -> None:
    """With no channel: a check that failed, then one that passes again, then a run that stops at a refused file."""
    project = Project(Root(root))
    (root / "schemas" / "published").mkdir(exist_ok=True)
    published = root / "schemas" / "published" / "2031.yaml"
    export = root / "data" / "raw" / "2031" / "export.csv"
    text = export.read_text(encoding="utf-8")
    for report, content, open_ in (
        (PUBLISHED.replace("[1, ", "[9, "), text, {"reconciliation: reproduces_the_report"}),
        (PUBLISHED, text, set()),
        (PUBLISHED, "no export", {"files: every_file_read", "ingest"}),
    ):
        published.write_text(report, encoding="utf-8")
        export.write_text(content, encoding="utf-8")
        done = calm(root, "run", "2031")
        if report != PUBLISHED:
            assert done.returncode == 1
            assert "reproduces_the_report failed" in done.stderr
            compared = calm(root, "reconcile", "2031")
            assert compared.returncode == 1
            assert re.search(r"measures\.light.*9 \(100%\).*1 \(100%\).*differs", compared.stdout)
        elif not open_:
            assert calm(root, "reconcile", "2031").returncode == 0
        journal = alert_tables(project.root.journal("2031"), "2031")[0].to_pylist()
        with connect(project.root) as database:
            rows = database.execute("SELECT subject, status, kind FROM alerts ORDER BY ALL").fetchall()
        assert rows == sorted((row["subject"], row["status"], row["kind"]) for row in journal)
        assert {subject for subject, status, kind in rows if status == "open" and kind != "submission"} == open_
    export.write_text(text, encoding="utf-8")
