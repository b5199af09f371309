"""What differs between two vintages is told cell by cell, with its cause; and the log of what became of submissions."""

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import calm_pipeline.commands.vintages as command
from calm_pipeline.errors import CalmError
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.vintages import Declarations, find, publish
from calm_pipeline.vintages.difference import Difference, _cells, _rows, differences
from tests.commands import HOME
from tests.vintages.small import CONTRACTS, GATE, HERE, frames, put, small, write

EDITION = "2031"


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """Two vintages: an export was replaced, and with it came, went and changed a submission each."""
    root = small(tmp_path, EDITION)
    made = frames(EDITION, "-", 3)
    write(root, EDITION, made)
    put(root, EDITION)
    later = {name: frame.copy() for name, frame in made.items()}
    later["files"]["sha256"] = "another"
    later["submissions"].loc[0, "status"] = "quarantined"
    later["selections"].loc[1, "state"] = "blank"
    for name in ("submissions", "selections"):
        new = later[name].iloc[[2]].assign(submission_id="=2031-9999", file="/")
        later[name] = pd.concat([later[name].drop(index=2), new[later[name].columns]])
    write(root, EDITION, later)
    put(root, EDITION)
    return root


def told(root: Root, call: Any, *given: Any) -> str:
    out = Console(file=io.StringIO(), width=250)
    call(*given, out)
    return out.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def compared(root: Root, table: str | None = None) -> list[Difference]:
    found = differences(find(root, "1"), find(root, "2"), CONTRACTS, table)
    return [one for one in found if one.edition]


def test_each_changed_cell_is_told_with_its_key_and_its_cause(root: Root) -> None:
    found = compared(root)
    assert {one.causes for one in found} == {(("data/raw/2031/export.csv", "changed"),)}
    assert [
        (one.table, one.key.get("submission_id"), one.change, one.column, one.before, one.after) for one in found
    ] == [
        ("files", None, "changed", "sha256", "-", "another"),
        ("selections", "2031-0001", "changed", "state", "answered", "blank"),
        ("selections", "2031-0002", "removed", None, None, None),
        ("selections", "=2031-9999", "added", None, None, None),
        ("submissions", "2031-0000", "changed", "status", "accepted", "quarantined"),
        ("submissions", "2031-0002", "removed", None, None, None),
        ("submissions", "=2031-9999", "added", None, None, None),
    ]
    assert compared(root, "files") == found[:1]


def test_a_changed_description_is_told_with_the_declaration_that_did_it(root: Root) -> None:
    words = HERE.dictionary()
    column = words.tables["dictionary_tables"].columns["rows"]
    column = column.model_copy(update={"en": "Other words."})
    table = words.tables["dictionary_tables"]
    table = table.model_copy(update={"columns": {**table.columns, "rows": column}})
    later = words.model_copy(update={"tables": {**words.tables, "dictionary_tables": table}})
    root.dictionary.write_text("# other words", encoding="utf-8")
    publish(root, EDITION, Declarations(CONTRACTS, {}, later), [GATE], "a test")
    found = list(differences(find(root, "2"), find(root, "3"), CONTRACTS))
    assert [(one.table, one.key, one.column, one.after, one.causes) for one in found] == [
        (
            "dictionary_columns",
            {"table_name": "dictionary_tables", "column_name": "rows"},
            "en",
            "Other words.",
            (("schemas/dictionary.yaml", "added"),),
        )
    ]
    assert list(differences(find(root, "2"), find(root, "3"), CONTRACTS, "submissions")) == []


def test_the_rows_that_the_dictionary_counts_change_with_the_edition(root: Root) -> None:
    made = frames(EDITION, "-", 4)
    write(root, EDITION, made)
    put(root, EDITION)
    found = list(differences(find(root, "2"), find(root, "3"), CONTRACTS, "dictionary_tables"))
    assert [(one.key["table_name"], one.column, one.before, one.after) for one in found] == [
        ("selections", "rows", 3, 4),
        ("submissions", "rows", 3, 4),
    ]
    assert all(one.causes == (("data/raw/2031/export.csv", "changed"),) for one in found)


def test_a_correction_is_in_the_log_even_if_the_submission_stays_quarantined(root: Root) -> None:
    made = frames(EDITION, "-", 3)
    made["submissions"] = made["submissions"].assign(status="quarantined")
    made["files"]["sha256"] = "a third"
    write(root, EDITION, made)
    put(root, EDITION)
    made["submissions"].loc[1, "as_received"] = "corrected"
    made["files"]["sha256"] = "a fourth"
    root.corrections(EDITION).parent.mkdir(parents=True)
    root.corrections(EDITION).write_text("another", encoding="utf-8")
    write(root, EDITION, made)
    put(root, EDITION)
    said = told(root, command.log, root, EDITION).splitlines()
    assert [line.strip() for line in said[-2:]] == [
        "data/raw/2031/export.csv changed 变更",
        "2031-0001 changed 变更: quarantined (submissions)",
    ]


def test_a_decision_that_reaches_others_is_named_as_the_cause(tmp_path: Path) -> None:
    """The status of a pair changes, of which nothing was decided; what is only an answer of its own is told apart."""
    root = small(tmp_path, EDITION)
    made = frames(EDITION, "-", 3)
    write(root, EDITION, made)
    put(root, EDITION)
    decisions = root.corrections(EDITION)
    decisions.parent.mkdir(parents=True)
    decisions.write_text("withdrawn", encoding="utf-8")
    made["submissions"].loc[1, "status"] = "duplicate"
    for name in ("submissions", "selections"):
        made[name] = made[name].drop(index=2)
    write(root, EDITION, made)
    put(root, EDITION)
    why = (("data/desk/2031/corrections.yaml", "added"),)
    assert {(one.key["submission_id"], one.change, one.causes) for one in compared(root)} == {
        ("2031-0001", "changed", why),
        ("2031-0002", "removed", why),
    }
    made["files"]["sha256"] = "another"
    decisions.write_text("another", encoding="utf-8")
    made["selections"].loc[0, "state"] = "blank"
    made["submissions"].loc[0, "as_received"] = "corrected"
    made["submissions"].loc[1, "status"] = "accepted"
    write(root, EDITION, made)
    put(root, EDITION)
    found = (one for one in differences(find(root, "2"), find(root, "3"), CONTRACTS) if one.edition)
    assert {one.key.get("submission_id"): {cause.what for cause in one.causes} for one in found} == {
        None: {"data/raw/2031/export.csv", "data/desk/2031/corrections.yaml"},
        "2031-0000": {"data/raw/2031/export.csv"},
        "2031-0001": {"data/raw/2031/export.csv", "data/desk/2031/corrections.yaml"},
    }
    assert "?" not in told(root, command.log, root, EDITION)


def test_another_key_is_the_cause_of_other_pseudonyms_and_of_nothing_else(tmp_path: Path) -> None:
    root = small(tmp_path, EDITION)
    made = frames(EDITION, "-", 3)
    made["submissions"]["respondent"] = [f"old-{n}" for n in range(3)]
    write(root, EDITION, made)
    put(root, EDITION)
    made["submissions"]["respondent"] = [f"new-{n}" for n in range(3)]
    made["submissions"].loc[1, "status"] = "quarantined"
    made["files"]["sha256"] = "another"
    write(root, EDITION, made)
    put(root, EDITION)
    key, export = ("key", "changed"), ("data/raw/2031/export.csv", "changed")
    assert {(one.table, one.key.get("submission_id"), one.column): one.causes for one in compared(root)} == {
        ("files", None, "sha256"): (export,),
        **{("submissions", f"2031-000{n}", "respondent"): (key,) for n in range(3)},
        ("submissions", "2031-0001", "status"): (export,),
    }
    said = told(root, command.log, root, EDITION).splitlines()
    assert [line.strip() for line in said[-5:]] == [
        "key changed 变更",
        *(f"2031-000{n} changed 变更: accepted (submissions)" for n in (0, 2)),
        "key changed 变更; data/raw/2031/export.csv changed 变更",
        "2031-0001 changed 变更: accepted -> quarantined (submissions)",
    ]
    made["submissions"].loc[2, ["respondent", "status"]] = "new-another", "quarantined"
    made["files"]["sha256"] = "a third"
    write(root, EDITION, made)
    put(root, EDITION)
    found = list(differences(find(root, "2"), find(root, "3"), CONTRACTS, "submissions"))
    assert [(one.column, one.causes) for one in found] == [("respondent", (export,)), ("status", (export,))]
    made["submissions"]["respondent"] = [f"newest-{n}" for n in range(3)]
    made["submissions"]["file"], made["files"]["sha256"] = "renamed", "a fourth"
    write(root, EDITION, made)
    put(root, EDITION)
    found = list(differences(find(root, "3"), find(root, "4"), CONTRACTS, "submissions"))
    assert {(one.column, one.causes) for one in found} == {("respondent", (key,)), ("file", (export,))}


def test_what_was_said_in_the_edition_before_is_a_cause(tmp_path: Path) -> None:
    root = small(tmp_path, "2030", EDITION)
    made = {edition: frames(edition, "-", 3) for edition in ("2030", EDITION)}
    for edition in ("2030", EDITION):
        write(root, edition, made[edition])
        put(root, edition)
    made["2030"]["selections"].loc[0, "state"] = "blank"
    write(root, "2030", made["2030"])
    put(root, "2030")
    assert not put(root, "2030").fresh
    made[EDITION]["submissions"].loc[0, "errors"] = 2
    write(root, EDITION, made[EDITION])
    put(root, EDITION)
    (found,) = (one for one in differences(find(root, "3"), find(root, "4"), CONTRACTS) if one.edition)
    assert (found.column, found.causes) == ("errors", (("edition 2030", "changed"),))
    assert put(root, EDITION).vintage == find(root, "4")


def test_an_edition_that_went_was_retired(tmp_path: Path) -> None:
    root = small(tmp_path, "2030", EDITION)
    for edition in ("2030", EDITION):
        write(root, edition, frames(edition, "-", 3))
        put(root, edition)
    root.retention.write_text(
        "{personal: {months: 1}, vintages: {latest: 9, days: 9}, retired: ['2030']}", encoding="utf-8"
    )
    put(root, EDITION)
    found = [one for one in differences(find(root, "2"), find(root, "3"), CONTRACTS) if one.edition == "2030"]
    assert {(one.change, one.causes) for one in found} == {("removed", (("schemas/retention.yaml", "changed"),))}
    back = [one for one in differences(find(root, "2"), find(root, "1"), CONTRACTS) if one.edition == EDITION]
    assert {change for one in back for _, change in one.causes} == {"removed"}
    assert ("schemas/retention.yaml", "changed") not in back[0].causes


def test_the_command_counts_shows_the_first_and_writes_all(root: Root, tmp_path: Path) -> None:
    project = Project(Root(HOME))
    project.root = root
    project.contracts = lambda: CONTRACTS  # type: ignore[method-assign]
    file, out = tmp_path / "all.csv", Console(file=io.StringIO(), width=250)
    assert command.diff(project, ("1", "current"), None, file, out) == 1
    with file.open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.DictReader(written))
    rows = [row for row in rows if row["edition"]]
    assert len(rows) == 7
    assert rows[1] == {
        **{"edition": "2031", "table": "selections", "change": "changed", "column": "state"},
        **{"key": "submission_id=2031-0001, field=-, option=-", "before": "answered", "after": "blank"},
        "causes": "data/raw/2031/export.csv changed",
    }
    assert command.diff(project, ("2", "current"), None, None, out) == 0
    assert "没有差异" in out.file.getvalue()  # type: ignore[attr-defined]


def test_the_log_tells_what_became_of_each_submission_and_holds_no_answer(root: Root) -> None:
    said = told(root, command.log, root, EDITION).splitlines()
    assert [line.strip() for line in said[-5:]] == [
        "data/raw/2031/export.csv changed 变更",
        "2031-0000 changed 变更: accepted -> quarantined (submissions)",
        "2031-0001 changed 变更: accepted (selections)",
        "2031-0002 removed 移除: accepted",
        "=2031-9999 added 新增: accepted",
    ]
    assert "blank" not in "".join(said)


def test_a_damaged_vintage_hides_no_other(root: Root) -> None:
    first = find(root, "1").path
    (first / "manifest.json").write_bytes(b"{")
    listed, logged = told(root, command.vintages, root), told(root, command.log, root, EDITION)
    assert f"* {find(root, '2').path.name}" in listed
    assert "? (the vintage before is damaged 前一版本已损坏)" in listed
    assert "2031-0002 removed 移除: accepted" in logged
    for said in (listed, logged):
        assert f"[damaged_vintage] {first / 'manifest.json'}: it is not what was published" in said
        assert f"{first / 'manifest.json'}：该文件与发布时不符" in said


def test_the_log_of_an_edition_without_a_survey_is_told_and_a_mistyped_one_is_refused(root: Root) -> None:
    root.survey(EDITION).rename(root.survey("2032"))
    assert "2031-0002 removed 移除: accepted" in told(root, command.log, root, EDITION)
    assert told(root, command.log, root, "2032") == ""
    with pytest.raises(CalmError) as caught:
        told(root, command.log, root, "2033")
    assert caught.value.code == "unknown_edition"


def test_the_list_tells_what_made_each_vintage(root: Root) -> None:
    said = told(root, command.vintages, root)
    assert "2031: data/raw/2031/export.csv changed 变更" in said
    assert f"* {find(root, '2').path.name}" in said


cells = st.sampled_from([None, "-", "a", "b"])
tables = st.dictionaries(st.sampled_from(["1", "2", "3"]), st.tuples(cells, cells), max_size=3)


def arrow(rows: dict[str, Any]) -> pa.Table:
    schema = pa.schema([(name, pa.string()) for name in ("id", "x", "y")])
    return pa.Table.from_pylist([{"id": key, "x": x, "y": y} for key, (x, y) in rows.items()], schema)


@settings(max_examples=25)
@given(one=tables, other=tables)
def test_differences_are_those_that_a_plain_comparison_finds(one: dict[str, Any], other: dict[str, Any]) -> None:
    rows = _rows(arrow(one), arrow(other), ["id"])
    found = {(cell.key["id"], cell.change, cell.column) for row in rows for cell in _cells("e", "t", row, ())}
    expected = {(key, "removed", None) for key in one.keys() - other.keys()}
    expected |= {(key, "added", None) for key in other.keys() - one.keys()}
    for key in one.keys() & other.keys():
        expected |= {(key, "changed", name) for name, x, y in zip("xy", one[key], other[key], strict=True) if x != y}
    assert found == expected


def test_a_table_that_neither_vintage_has_is_told(root: Root) -> None:
    with pytest.raises(CalmError) as caught:
        command.diff(Project(root), ("1", "2"), "sumbissions", None, Console(file=io.StringIO()))
    assert caught.value.code == "no_such_table"
    assert "submissions" in caught.value.told
