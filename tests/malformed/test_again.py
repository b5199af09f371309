"""Cases 3, 15, 27, 30 and 62: what the desk meets over time, from a file that is still growing to the next export."""

import csv
import io
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow as pa
import pytest
from rich.console import Console

from assets import automation
from calm_pipeline.commands.check import check
from calm_pipeline.commands.query import sql
from calm_pipeline.errors import ExportRefused
from calm_pipeline.escape import formula_safe
from calm_pipeline.exports.pairing import submission_id
from calm_pipeline.exports.receive import Received, receive
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.writer import write_export
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from tests.commands import copy_of_the_project
from tests.malformed.examples import SURVEY, VALID, said
from tests.warehouse import vintage_of

TWO = (VALID, said(2, library="乙大学图书馆"))


def test_case_03_a_file_still_being_written_waits_until_it_is_seen_twice_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(Root(copy_of_the_project(tmp_path)))
    monkeypatch.setattr(automation, "project", project)
    for file in project.root.exports("2023"):
        file.unlink()
    write_export(SURVEY, TWO, tmp_path / "whole.csv", "text")
    whole, target = (tmp_path / "whole.csv").read_bytes(), project.root.raw("2023") / "export.csv"
    cursor, asked = None, []
    for size in (100, 200, len(whole), len(whole), len(whole)):
        target.write_bytes(whole[:size])
        with dg.DagsterInstance.ephemeral() as instance, dg.build_sensor_context(instance, cursor) as context:
            asked.append(any(isinstance(event, dg.RunRequest) for event in automation.new_exports(context)))  # type: ignore[union-attr]
            cursor = context.cursor
    assert asked == [False, False, False, True, False]


def test_case_15_the_other_editions_are_named_by_the_commands(tmp_path: Path) -> None:
    root = Root(copy_of_the_project(tmp_path))
    survey = root.survey("2023").read_text(encoding="utf-8")
    root.survey("2024").write_text(
        survey.replace('edition: "2023"', 'edition: "2024"').replace("zh: 您的姓名", "zh: 填表人"), encoding="utf-8"
    )
    with pytest.raises(ExportRefused) as error:
        check(root.exports("2023"), "2024", Project(root), Console(file=io.StringIO()))
    assert error.value.code == "other_edition"
    assert "those of edition 2023, not of 2024" in str(error.value)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_case_30_text_that_begins_a_formula_is_neutralised(text: str) -> None:
    assert formula_safe(text) == f"'{text}"
    assert formula_safe(f"1{text}") == f"1{text}"
    assert formula_safe("") == ""


def test_case_30_the_csv_of_a_query_neutralises_text_and_leaves_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Root(tmp_path)

    def fill(database: duckdb.DuckDBPyConnection) -> None:
        database.execute("CREATE TABLE t (n BIGINT, typed VARCHAR)")
        database.executemany("INSERT INTO t VALUES (?, ?)", [(-n, text) for n, text in enumerate(FORMULAS)])
        database.execute("INSERT INTO t VALUES (-9, NULL), (9, '甲')")

    vintage_of(root, fill)
    quiet = Console(file=io.StringIO())
    sql("FROM t ORDER BY n DESC", root, quiet, as_csv=True)
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    typed = [[str(-n), f"'{text}"] for n, text in enumerate(FORMULAS)]
    assert rows == [["n", "typed"], ["9", "甲"], *typed, ["-9", ""]]


def before(*rows: tuple[int, datetime | None]) -> pa.Table:
    sequences, times = zip(*rows, strict=True)
    return pa.table({"sequence": pa.array(sequences), "submitted_at": pa.array(times, pa.timestamp("us"))})


def again(folder: Path, sent: tuple[Submission, ...], earlier: pa.Table, excused: Collection[int] = ()) -> Received:
    for kind in ("text", "number"):
        write_export(SURVEY, sent, folder / f"{kind}.csv", "number" if kind == "number" else "text")
    return receive(
        [folder / "number.csv", folder / "text.csv"],
        SURVEY,
        (),
        earlier,
        {submission_id(SURVEY, one): "" for one in excused},
    )


AT = VALID.submitted_at
SAME = before((1, AT), (2, AT))


def test_case_62_all_that_came_before_is_still_there(tmp_path: Path) -> None:
    later = (*TWO, said(3, library="丙大学图书馆"))
    for earlier in (SAME, before((1, None), (2, AT)), before((2, AT))):
        found = again(tmp_path, later, earlier)
        assert found.files["code"].to_pylist() == [None, None]
        assert found.raw["sequence"].to_pylist() == [1, 2, 3]


def test_case_62_row_ids_missing_against_an_earlier_export_refuse_all_files(tmp_path: Path) -> None:
    found = again(tmp_path, TWO[1:], before((1, AT), (2, AT), (7, None)))
    assert found.files["code"].to_pylist() == ["earlier_missing"] * 2
    assert found.files["rows"].to_pylist() == [1, 1]
    assert found.raw.num_rows == 0
    assert "missing now: 序号 1, 7. Download all answers" in found.files["reason_en"][0].as_py()
    assert "序号：1, 7" in found.files["reason_zh"][0].as_py()
    assert again(tmp_path, TWO[1:], SAME, frozenset({1})).files["code"].to_pylist() == [None, None]


def test_case_62_row_ids_that_now_mean_other_submissions_refuse_all_files(tmp_path: Path) -> None:
    moved = (VALID, replace(TWO[1], submitted_at=AT + timedelta(seconds=1)))
    found = again(tmp_path, moved, SAME)
    assert found.files["code"].to_pylist() == ["earlier_times"] * 2
    assert "another 提交答卷时间: 序号 2" in found.files["reason_en"][0].as_py()
    assert again(tmp_path, moved, SAME, frozenset({2})).raw.num_rows == 2


def test_case_62_a_refused_file_is_not_blamed_for_what_it_would_have_held(tmp_path: Path) -> None:
    write_export(SURVEY, TWO[:1], tmp_path / "a.csv", "text")
    (tmp_path / "b.csv").write_bytes(b"")
    found = receive([tmp_path / "a.csv", tmp_path / "b.csv"], SURVEY, (), SAME)
    assert found.files["code"].to_pylist() == [None, "empty"]


def test_case_62_the_project_knows_what_it_judged_last(tmp_path: Path) -> None:
    project = Project(Root(copy_of_the_project(tmp_path)))
    assert project.earlier("2023") is None
    file = project.file("submissions", "2023")
    file.parent.mkdir(parents=True)
    pa.parquet.write_table(SAME.append_column("status", pa.array(["accepted"] * 2)), file)
    earlier = project.earlier("2023")
    assert earlier is not None
    assert earlier.equals(SAME)
