"""The 2023 edition from its export to the warehouse, run once as a newcomer runs it, and what a person then finds."""

import re
from pathlib import Path

import duckdb
import pytest

from tests.canaries import personal, search
from tests.commands import calm, copy_of_the_project
from tests.reference import EDITION, PROJECT, SURVEY

pytestmark = pytest.mark.xdist_group("edition")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_of_the_project(tmp_path_factory.mktemp("edition"))
    done = calm(root, "run", EDITION)
    assert done.returncode == 0, done.stderr
    (root / "said.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return root


def ask(root: Path, statement: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(root / "data" / "warehouse" / "current" / "calm.duckdb"), read_only=True) as database:
        return database.sql(statement).fetchall()


def test_the_summary_says_what_was_received_and_what_it_says(root: Path) -> None:
    said = (root / "said.txt").read_text(encoding="utf-8")
    assert "158 submissions received: 122 accepted, 29 quarantined, 4 duplicate, 3 dropped" in said
    assert "no evidence about libraries" in said
    for pair in ("benefit and engagement: r = 0.73", "benefit and trust: r = 0.79", "trust and engagement: r = 0.75"):
        assert pair in said
    assert "0 differ" in said


def test_every_published_figure_is_reproduced(root: Path) -> None:
    verdicts = dict(ask(root, "SELECT kind || ' ' || verdict, count(*) FROM reconciliation GROUP BY ALL"))
    assert verdicts["table row reproduced"] == 128
    assert verdicts["correlation reproduced"] == 9
    assert not [name for name in verdicts if "differs" in str(name)]
    hidden = ask(root, "SELECT kind FROM reconciliation WHERE verdict = 'not derivable' ORDER BY kind")
    assert [kind for (kind,) in hidden] == ["libraries_above", "libraries_above", "words", "words"]


def test_nothing_personal_leaves_the_export(root: Path) -> None:
    """Every name, mobile number and address of the raw export is looked for in every byte that was produced."""
    looked_at = search(personal(), root / "data" / "warehouse", root / "data" / "desk", root / "said.txt")
    assert {"calm.duckdb", "desk.xlsx", "journal.jsonl", "index.html", "said.txt"} <= {file.name for file in looked_at}


def test_names_in_the_database_are_hidden_by_no_compression(root: Path) -> None:
    tables = [name for (name,) in ask(root, "SELECT table_name FROM duckdb_tables() WHERE NOT internal")]
    dump = "".join(str(ask(root, f'FROM "{name}"')) for name in tables)
    assert not re.search(r"(?<![\d.])1[3-9]\d{9}(?!\d)", dump)


def test_every_table_and_column_is_explained_in_both_languages(root: Path) -> None:
    comments = ask(root, "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal")
    comments += ask(root, "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal")
    assert len(comments) > 180
    assert not [
        name for name, comment in comments if not re.fullmatch(r"[^|]+\. \| .*[\u4e00-\u9fff].*。", str(comment))
    ]


def test_every_table_has_its_key(root: Path) -> None:
    keyed = ask(root, "SELECT DISTINCT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'")
    assert {name for (name,) in keyed} == {*PROJECT.contracts(), *PROJECT.dictionary().tables}
    linked = ask(root, "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'")
    assert ("selections",) in linked


def test_report_tables_stand_in_the_order_of_the_report(root: Path) -> None:
    rows = "SELECT option FROM report_tables WHERE report_table = 'services' ORDER BY position"
    options = [option for (option,) in ask(root, rows)]
    published = PROJECT.published(EDITION)
    assert published is not None
    assert options == list(published.tables["services"])
    grouped = "SELECT group_en, option FROM report_tables WHERE report_table = 'protocols' ORDER BY position"
    assert [option for _, option in ask(root, grouped)] == list(published.tables["protocols"])
    label = "SELECT label_en FROM report_tables WHERE caption_number = 8 AND option = 'anonymous_forum'"
    assert ask(root, label) == [('"Tree hole posts" within the university',)]


def test_not_asked_is_never_zero(root: Path) -> None:
    states = "SELECT state, selected, count(DISTINCT submission_id) FROM selections WHERE field = 'training_types'"
    found = {(state, selected): n for state, selected, n in ask(root, f"{states} GROUP BY ALL")}
    assert (
        found[("not_asked", None)]
        == ask(
            root,
            "SELECT count(*) FROM selections WHERE question = 'training_groups' AND option = 'none' AND selected = 1",
        )[0][0]
    )
    assert ("not_asked", 0) not in found
    assert ("not_asked", 1) not in found


def test_sql_reads_and_cannot_write_or_reach_out(root: Path) -> None:
    assert "122" in calm(root, "sql", "SELECT count(*) FROM submissions WHERE status = 'accepted'").stdout
    for statement in (
        "DELETE FROM submissions",
        "CREATE TABLE x (i INT)",
        "COPY submissions TO 'out.csv'",
        "SELECT * FROM read_csv('schemas/tables.yaml')",
        "SELECT * FROM 'data/raw/libraries.csv'",
        "ATTACH 'other.duckdb'",
        "SET enable_external_access = true",
        "SELECT getenv('HOME')",
    ):
        done = calm(root, "sql", statement)
        assert done.returncode == 1, statement
        assert done.stderr


def test_a_second_run_changes_nothing(root: Path) -> None:
    files = {file: file.read_bytes() for file in (root / "data" / "warehouse").rglob("*.parquet")}
    assert calm(root, "run", EDITION).returncode == 0
    assert {file: file.read_bytes() for file in files} == files


def test_checking_the_export_names_rules_and_rows(root: Path) -> None:
    (export,) = (file for file in PROJECT.root.exports(EDITION) if "按文本" in file.name)
    done = calm(root, "check", str(export), "--edition", EDITION)
    assert done.returncode == 1
    assert "training_types__silent" in done.stdout
    rules = {rule for (rule,) in ask(root, "SELECT rule FROM rules")}
    assert {f"{key}__required" for key, question in SURVEY.questions.items() if question.required} <= rules | {
        f"student_organizations__{row}__required" for row in ("organizations", "active_members")
    } | {"student_organizations__required"}


def test_what_cannot_be_done_is_said(root: Path) -> None:
    nowhere = calm(root, "run", "2019")
    assert nowhere.returncode == 1
    assert "there is no such edition. The editions are: 2023" in nowhere.stderr
    missing = calm(root, "check", "nothing.xlsx", "--edition", EDITION)
    assert missing.returncode == 1
    assert "nothing.xlsx" in missing.stderr
    no_project = calm(root / "data", "editions")
    assert "this folder has no schemas/surveys" in no_project.stderr
    two = calm(root, "sql", "SELECT 1; SELECT 2")
    assert "exactly one statement" in two.stderr
    assert "Traceback" not in nowhere.stderr + missing.stderr + no_project.stderr + two.stderr


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        (
            "schemas/published/2023.yaml",
            'edition: "2023"\nbase: many\n',
            "line 2, base: is not what belongs here; write a whole number",
        ),
        ("schemas/tables.yaml", None, "tables.yaml: the file is missing"),
        ("data/raw/libraries.csv", None, "libraries.csv: the file is missing"),
        ("data/raw/libraries.csv", "library_id,name\n", "libraries.csv, row 1: the columns must be library_id"),
        ("schemas/surveys/2023.yaml", "edition: 2023\n", "2023.yaml: the file has"),
    ],
)
def test_a_broken_declaration_is_said_before_anything_runs(
    tmp_path: Path, file: str, content: str | None, said: str
) -> None:
    root = copy_of_the_project(tmp_path)
    if content is None:
        (root / file).unlink()
    else:
        (root / file).write_text(content, encoding="utf-8")
    done = calm(root, "run", EDITION)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_both_exports_are_checked_together(root: Path) -> None:
    files = [str(file) for file in PROJECT.root.exports(EDITION)]
    done = calm(root, "check", *files, "--edition", EDITION)
    assert "158 submissions: 122 would be accepted" in done.stdout


def test_rules_are_listed_with_how_often_they_are_broken(root: Path) -> None:
    said = calm(root, "rules", EDITION).stdout
    (broken,) = ask(root, "SELECT count(*) FROM violations WHERE rule = 'library__eligible'")[0]
    assert f"library__eligible (error, broken by {broken})" in said
    assert "该馆职工不少于 80 人" in said


def test_rows_as_comma_separated_values(root: Path) -> None:
    said = calm(root, "sql", "--csv", "SELECT status, count(*) AS n FROM submissions GROUP BY ALL ORDER BY ALL").stdout
    assert said.splitlines() == ["status,n", "accepted,122", "dropped,3", "duplicate,4", "quarantined,29"]
