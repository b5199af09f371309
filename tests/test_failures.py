"""Whatever goes wrong is told in both languages, with code, place and remedy, and never in an exception's own words."""

import errno
import io
import os
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from calm_pipeline.commands.query import sql
from calm_pipeline.errors import CalmError
from calm_pipeline.failures import as_calm
from calm_pipeline.root import Root
from calm_pipeline.warehouse import connect
from tests.commands import HOME, calm, copy_of_the_project
from tests.planted import CANARY, SITES
from tests.warehouse import vintage_of

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with its declarations and register, without exports."""
    shutil.copytree(HOME / "schemas", tmp_path / "schemas")
    (tmp_path / "data" / "raw" / "2023").mkdir(parents=True)
    shutil.copy(HOME / "data" / "raw" / "libraries.csv", tmp_path / "data" / "raw")
    return tmp_path


def python(root: Path, *arguments: str) -> Done:
    environment = {**os.environ, "CALM_ROOT": str(root), "PYTHONUTF8": "1", "COLUMNS": "220"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=HOME, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def patched(root: Path, patch: str, *arguments: str) -> Done:
    """`calm` with something broken inside it."""
    return python(root, "-c", f"import sys\nfrom calm_pipeline import cli\n{patch}\ncli.main()", *arguments)


def assert_told(done: Done, code: str, en: str, zh: str, *, status: int = 1) -> None:
    assert done.returncode == status, done.stdout + done.stderr
    assert f"[{code}] " in done.stderr
    assert en in done.stderr
    assert zh in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_a_broken_survey_file(root: Path) -> None:
    survey = root / "schemas" / "surveys" / "2023.yaml"
    survey.write_text(survey.read_text(encoding="utf-8").replace("en:", "en", 1), encoding="utf-8")
    assert_told(calm(root, "rules", "2023"), "survey_file", "2023.yaml: the file has", "2023.yaml：该文件有")


def test_an_unknown_edition_and_no_project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert_told(calm(root, "rules", "1999"), "unknown_edition", "there is no such edition", "没有这个年度")
    nowhere = tmp_path_factory.mktemp("nowhere")
    assert_told(calm(nowhere, "rules", "2023"), "no_project", "has no schemas/surveys", "该文件夹下没有")


@pytest.mark.parametrize("command", [("sql", "SELECT 1"), ("reconcile", "2023")])
def test_no_warehouse_and_one_that_is_none(root: Path, command: tuple[str, ...]) -> None:
    assert_told(calm(root, *command), "no_warehouse", "does not exist yet", "数据仓库尚未建立")
    database = vintage_of(Root(root), lambda database: database.execute("CREATE TABLE t (n INT)"))
    database.write_text(CANARY * 1000, encoding="utf-8")
    assert_told(calm(root, *command), "damaged_vintage", "calm.duckdb: it is not what was", "calm.duckdb：该文件与")


def test_nothing_published_to_reconstruct(root: Path) -> None:
    (root / "schemas" / "published" / "2023.yaml").unlink()
    assert_told(
        calm(root, "reconstruct", "2023"), "nothing_published", "nothing to reconstruct", "没有可供重建的公布数据"
    )


def test_a_refused_file(root: Path) -> None:
    file = root / "export.csv"
    file.write_text("序号\n", encoding="utf-8")
    done = calm(root, "check", str(file), "--edition", "2023")
    assert_told(done, "no_rows", "there is a header but no answer below it", "只有表头，没有答卷数据")


def test_a_folder_in_place_of_a_file(root: Path) -> None:
    (root / "schemas" / "desk.yaml").unlink()
    (root / "schemas" / "desk.yaml").mkdir()
    told = calm(root, "rules", "2023")
    assert_told(told, "wrong_sort", "desk.yaml: a folder stands", "desk.yaml：此处应为文件")


def test_a_mistyped_command_stays_a_matter_of_usage(root: Path) -> None:
    done = calm(root, "rulse", "2023")
    assert done.returncode == 2
    assert "[no_such_command] calm: there is no such command" in done.stderr


@pytest.fixture
def warehouse(root: Path) -> Path:
    def fill(database: duckdb.DuckDBPyConnection) -> None:
        database.execute("CREATE TABLE answers (question VARCHAR, text VARCHAR, n TINYINT)")
        database.execute("INSERT INTO answers VALUES ('q', ?, 100), (?, '7', 100)", [f"{CANARY}x", f"{CANARY}y"])

    vintage_of(Root(root), fill)
    return root


def test_what_is_no_database_although_it_is_what_was_published(tmp_path: Path) -> None:
    file = tmp_path / "calm.duckdb"
    file.write_text(CANARY * 1000, encoding="utf-8")
    with pytest.raises(CalmError) as caught:
        connect(file)
    assert caught.value.code == "closed_warehouse"
    assert "无法打开数据仓库" in caught.value.told
    assert CANARY not in caught.value.told


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELEC 1", "syntax error at or near"),
        ("SELECT nothing FROM answers", 'Referenced column "nothing" not found'),
        ("SELECT * FROM nowhere", "Table with name nowhere does not exist"),
        ("SELECT * FROM answers WHERE", "syntax error at end of input"),
    ],
)
def test_duckdb_is_quoted_where_it_speaks_of_the_statement(warehouse: Path, statement: str, said: str) -> None:
    error = ask(warehouse, statement)
    assert error.code == "sql_statement"
    assert error.told.count(said) == 2
    assert "LINE 1" not in error.told


def test_a_statement_that_cannot_be_answered(warehouse: Path) -> None:
    done = calm(warehouse, "sql", "SELEC 1")
    assert_told(done, "sql_statement", 'cannot be answered; DuckDB says "Parser Error', "DuckDB 的说明是“Parser Error")


def ask(root: Path, statement: str) -> CalmError:
    with pytest.raises(CalmError) as caught:
        sql(statement, Root(root), Console(file=io.StringIO()))
    return caught.value


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT CAST(text AS INTEGER) FROM answers",
        "SELECT text::DATE FROM answers",
        "SELECT error(text) FROM answers",
        "SELECT strptime(text, '%Y') FROM answers",
        "SELECT n * 100::TINYINT FROM answers",
        "SELECT (SELECT text FROM answers)::INT",
        "SELECT list_value(text)[1]::UUID FROM answers",
        "SELECT json_extract(text, '$.a') FROM answers",
        "SELECT regexp_matches('a', text || '(') FROM answers",
    ],
)
def test_duckdb_is_not_quoted_where_it_may_speak_of_values(warehouse: Path, statement: str) -> None:
    error = ask(warehouse, statement)
    assert error.code == "sql_values"
    assert CANARY not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("statement", ["COPY answers TO 'out.csv'", "INSERT INTO answers VALUES (1, 2, 3)", "CALL f()"])
def test_only_questions_are_asked(warehouse: Path, statement: str) -> None:
    assert ask(warehouse, statement).code == "no_question"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1; SELECT 2",
        "",
        "SELECT nothing FROM (PIVOT answers ON question USING count(*))",
        "FROM (pivot answers ON text USING max(n)) SELECT nothing",
    ],
)
def test_not_one_statement(warehouse: Path, statement: str) -> None:
    assert ask(warehouse, statement).code == "one_statement"


def test_a_pivot_that_names_its_columns_speaks_of_them_only(warehouse: Path) -> None:
    error = ask(warehouse, "SELECT nothing FROM (PIVOT answers ON question IN ('q') USING max(n))")
    assert error.code == "sql_statement"
    assert CANARY not in error.told


@pytest.mark.parametrize("form", [(), ("--csv",)])
def test_a_statement_that_fails_while_it_runs(warehouse: Path, form: tuple[str, ...]) -> None:
    done = calm(warehouse, "sql", "SELECT CAST(text AS INTEGER) FROM answers", *form)
    assert_told(done, "sql_values", "failed while it ran (ConversionException)", "语句在执行过程中出错")


def test_a_warehouse_without_the_tables_that_a_command_needs(warehouse: Path) -> None:
    assert_told(calm(warehouse, "reconcile", "2023"), "database", "(CatalogException)", "DuckDB 未能完成处理")


@pytest.mark.parametrize(
    ("number", "code", "en", "zh"),
    [
        (errno.EACCES, "not_permitted", "does not permit", "系统不允许"),
        (errno.EROFS, "not_permitted", "does not permit", "系统不允许"),
        (errno.ENOSPC, "disk_full", "the disk is full", "磁盘空间已满"),
        (errno.EBUSY, "busy", "another program holds", "其他程序占用"),
        (errno.ENOENT, "not_found", "no such file", "不存在"),
        (errno.ENOTDIR, "wrong_sort", "or the reverse", "或者相反"),
        (errno.ENAMETOOLONG, "system", "(ENAMETOOLONG)", "系统无法读写"),
    ],
)
def test_the_system_says_no(number: int, code: str, en: str, zh: str) -> None:
    error = as_calm(OSError(number, CANARY, "/data/file"))
    assert error.code == code
    assert en in str(error)
    assert zh in error.zh
    assert error.place.en == "/data/file"
    assert CANARY not in error.told


def test_a_folder_that_may_not_be_written_to(root: Path) -> None:
    patch = (
        "from calm_pipeline.survey import schema\n"
        f"def refuse(file): raise OSError({errno.EACCES}, '{CANARY}', str(file))\n"
        "schema.write_schema = refuse"
    )
    done = patched(root, patch, "schema")
    assert_told(done, "not_permitted", f"{root}/schemas/survey.schema.json: the system does not", "系统不允许读写此处")


@pytest.mark.parametrize(
    ("error", "code", "en", "zh", "status"),
    [
        (f"RuntimeError('{CANARY}')", "unexpected", "not made for (RuntimeError)", "没有预料到的情况", 1),
        (
            f"UnicodeDecodeError('utf-8', b'{CANARY}', 0, 1, '{CANARY}')",
            "unexpected",
            "(UnicodeDecodeError)",
            "（Uni",
            1,
        ),
        (f"OSError('{CANARY}')", "system", "(OSError)", "系统无法读写", 1),
        ("MemoryError()", "memory", "memory does not suffice", "内存不足", 1),
        ("KeyboardInterrupt()", "interrupted", "you stopped the command", "命令已被中止", 130),
    ],
)
def test_what_nobody_foresaw(root: Path, error: str, code: str, en: str, zh: str, status: int) -> None:
    patch = f"def surprise(): raise {error}\ncli._root = surprise"
    assert_told(patched(root, patch, "editions"), code, en, zh, status=status)


def test_a_surprise_is_placed_at_the_innermost_line_of_ours() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        exec(compile("1 / 0", "inside", "exec"), {"__name__": "calm_pipeline.made_up"})  # noqa: S102
    assert as_calm(caught.value).place.en == "calm_pipeline.made_up:1"
    assert as_calm(ZeroDivisionError()).place.en == "calm"


def test_what_speaks_for_itself_is_left_as_it_is() -> None:
    error = as_calm(ValueError())
    assert isinstance(error, CalmError)
    assert as_calm(error) is error


def test_contact_details_in_the_name_of_a_file_are_withheld() -> None:
    told = as_calm(PermissionError(errno.EACCES, "", f"/raw/2023/{CANARY}.xlsx")).told
    assert "/raw/2023/" in told
    assert CANARY not in told


def test_a_run_on_a_full_disk(tmp_path: Path) -> None:
    patch = (
        f"from calm_pipeline import store\ndef full(*_): raise OSError({errno.ENOSPC}, '{CANARY}')\nstore.write = full"
    )
    done = patched(copy_of_the_project(tmp_path), patch, "run", "2023")
    assert_told(done, "disk_full", "assets.storage:", "磁盘空间已满")


def test_a_run_that_is_interrupted(root: Path) -> None:
    patch = (
        "import os, signal, time\nfrom calm_pipeline import store\n"
        "def stopped(*_): os.kill(os.getpid(), signal.SIGINT); time.sleep(60)\n"
        "store.write = stopped"
    )
    done = patched(root, patch, "run", "2023")
    assert_told(done, "interrupted", "you stopped the command", "命令已被中止", status=130)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("planted")
    shutil.copytree(HOME / "schemas", root / "schemas")
    shutil.copytree(HOME / "data" / "raw", root / "data" / "raw")
    done = python(root, "-m", "tests.planted", str(root))
    assert done.returncode == 0, done.stderr
    assert CANARY not in done.stdout + done.stderr
    return root


@pytest.mark.xdist_group("planted")
@pytest.mark.parametrize("site", SITES)
def test_dagster_keeps_no_exception_text(logs: Path, site: str) -> None:
    log, told = (logs.joinpath(f"{site}.{kind}").read_text(encoding="utf-8") for kind in ("log", "told"))
    code = {"full": "disk_full", "database": "database", "chain": "planted"}.get(site, "unexpected")
    assert told.startswith(f"[{code}] ")
    assert f"[{code}] " in log
    assert f"'code': TextMetadataValue(text='{code}')" in log
    assert CANARY not in log + told
