"""Whoever reads the warehouse reads the warehouse: through `calm sql`, as documented, and in DuckDB's shell."""

import contextlib
import io
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from rich.console import Console

from calm_pipeline.commands.query import sql, summary
from calm_pipeline.errors import CalmError
from calm_pipeline.root import Root
from calm_pipeline.warehouse import LOCKED, connect
from tests.commands import HOME
from tests.warehouse import built

pytestmark = pytest.mark.xdist_group("expectations")
CANARY = "canary-7351"
ESCAPES = {
    "attach": "ATTACH '{folder}/new.duckdb'",
    "attach in memory": "ATTACH ':memory:' AS other",
    "read_csv": "FROM read_csv('{folder}/secret.csv')",
    "copy to": "COPY submissions TO '{folder}/out.csv'",
    "copy from": "COPY submissions FROM '{folder}/secret.csv'",
    "replacement scan of a file": "FROM '{folder}/secret.csv'",
    "replacement scan of a variable": "FROM secret_frame",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "read_text": "FROM read_text('{folder}/secret.csv')",
    "read_blob": "FROM read_blob('{folder}/secret.csv')",
    "re-enable": "SET enable_external_access = true",
    "unlock": "SET lock_configuration = false",
    "reset": "RESET enable_external_access",
    "getenv": "SELECT getenv('CALM_TEST_VALUE')",
    "export database": "EXPORT DATABASE '{folder}/out'",
    "import database": "IMPORT DATABASE '{folder}/out'",
    "pragma": "PRAGMA temp_directory = '{folder}/out'",
    "search path": "SET file_search_path = '{folder}'",
    "home": "SET home_directory = '{folder}'",
    "memory": "SET memory_limit = '900GB'",
    "query log": "SET log_query_path = '{folder}/out'",
    "profile": "SET profiling_output = '{folder}/out'",
    "sniff_csv": "FROM sniff_csv('{folder}/secret.csv')",
    "glob": "FROM glob('{folder}/*')",
    "parquet": "FROM read_parquet('{folder}/secret.parquet')",
    "parquet metadata": "FROM parquet_metadata('{folder}/secret.parquet')",
    "json": "FROM read_json('{folder}/secret.json')",
    "network": "FROM 'https://127.0.0.1:1/secret.csv'",
    "secret": "CREATE SECRET kept (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "secret kept": "CREATE PERSISTENT SECRET kept (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "write": "INSERT INTO submissions VALUES (2)",
    "create": "CREATE TABLE mine (n INTEGER)",
}
LEADING = ["read_csv", "copy to", "replacement scan of a file", "replacement scan of a variable", "read_text"]
LEADING += ["read_blob", "export database", "sniff_csv", "glob", "parquet", "parquet metadata", "json"]
DOT = [
    ".shell id",
    ".system id",
    ".read {folder}/secret.csv",
    ".import {folder}/secret.csv submissions",
    ".cd {folder}",
]
DOT += [".output {folder}/out", ".once {folder}/out", ".log {folder}/out", ".open {folder}/other.duckdb", ".edit"]


Way = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files and a variable of the environment that hold a secret."""
    monkeypatch.setenv("CALM_TEST_VALUE", CANARY)
    with duckdb.connect() as database:
        database.execute(f"COPY (SELECT '{CANARY}' AS status) TO '{tmp_path}/secret.parquet'")
        database.execute(f"ATTACH '{tmp_path}/other.duckdb'")
    (tmp_path / "secret.csv").write_text(f"status\n{CANARY}\n")
    (tmp_path / "secret.json").write_text(f'{{"status": "{CANARY}"}}\n')
    return tmp_path


def documented(statement: str) -> str:
    """The recipe of docs/analysts.md, run as it stands there."""
    return notebook(RECIPE, statement)


def notebook(opening: str, statement: str) -> str:
    given: dict[str, Any] = {"secret_frame": pd.DataFrame({"status": [CANARY]}), "statement": statement}
    asking = "with warehouse:\n    found = warehouse.sql(statement)\n    found = found and found.fetchall()\n"
    with contextlib.chdir(built().root.path):
        exec(f"{opening}\n{asking}", given)  # noqa: S102
    return str(given["found"])


def command(statement: str) -> str:
    """What `calm sql` does once its arguments are read."""
    secret_frame = pd.DataFrame({"status": [CANARY]})
    out = Console(file=io.StringIO(), width=200)
    sql(statement, built().root, out)
    assert len(secret_frame)
    return out.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def shell(statement: str) -> str:
    """DuckDB's shell with the options of docs/analysts.md."""
    program, *options, file = SHELL.split()
    arguments = [Path(sys.executable).with_name(program), *options, built().root.path / file, "-c", statement]
    done = subprocess.run(arguments, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise ClosedError(done.stderr)
    return done.stdout


def in_a_process(statement: str) -> str:
    """The recipe in a process of its own."""
    program = f"{RECIPE}\nwith warehouse: print(warehouse.sql({statement!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=built().root.path, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ClosedError(done.stderr)
    return done.stdout


def resolved(statement: str) -> str:
    """The recipe of docs/vintages.md."""
    return notebook(textwrap.dedent(RESOLVED), statement)


def in_r(statement: str) -> str:
    """The settings that R is given; R knows no variables of Python."""
    return notebook(_opening(dict(re.findall(r'(\w+) = "(.*?)"', R.partition("config = ")[2]))), statement)


def over_odbc(statement: str) -> str:
    """The settings of the data source."""
    file, *settings = ODBC.split(";")
    assert file == "data/warehouse/current/calm.duckdb"
    config = dict(setting.split("=") for setting in settings)
    assert config.pop("access_mode") == "READ_ONLY"
    return notebook(_opening(config), statement)


def _opening(config: dict[str, str]) -> str:
    own = {"python_enable_replacements": "false"}
    return (
        "import duckdb\nwarehouse = duckdb.connect('data/warehouse/current/calm.duckdb', read_only=True, "
        f"config={config | own})"
    )


class ClosedError(Exception):
    """A way that ended in an error."""


DOCUMENTED = (HOME / "docs" / "analysts.md").read_text(encoding="utf-8")
(RECIPE,) = re.findall(r"```python\n(.+?)```", DOCUMENTED, re.S)
(SHELL,) = re.findall(r"`(duckdb .+?)`", DOCUMENTED)
(R,) = re.findall(r"`con <- DBI::dbConnect\(duckdb::duckdb\((.+?)\)\)`", DOCUMENTED)
(ODBC,) = re.findall(r"`Database=(.+?)`", DOCUMENTED)
VINTAGES = (HOME / "docs" / "vintages.md").read_text(encoding="utf-8")
(RESOLVED,) = re.findall(r"^    import duckdb, pathlib\n(?:    .+\n)+", VINTAGES, re.M)
WAYS = [documented, resolved, in_r, over_odbc, command, shell]


@pytest.mark.parametrize("way", WAYS)
def test_the_warehouse_answers(way: Way) -> None:
    assert "122" in way("SELECT count(*) AS n FROM submissions WHERE status = 'accepted'")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("statement", ESCAPES.values(), ids=ESCAPES)
def test_no_statement_leads_out_of_it(way: Way, statement: str, folder: Path) -> None:
    before = sorted(folder.iterdir())
    with pytest.raises((duckdb.Error, CalmError, ClosedError)) as refused:
        way(statement.format(folder=folder))
    assert CANARY not in str(refused.value)
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("way", [in_a_process, command, shell])
def test_nothing_is_logged_into_a_file(way: Way, folder: Path) -> None:
    """DuckDB takes the order and fails when it first writes, in Python so hard that the process ends."""
    with pytest.raises((duckdb.Error, CalmError, ClosedError)):
        way(f"CALL enable_logging(storage = 'file', storage_config = {{'path': '{folder}/out'}})")
    assert not (folder / "out").exists()


@pytest.mark.parametrize("dot", DOT)
def test_no_command_of_the_shell_leads_out_of_it(dot: str, folder: Path) -> None:
    before = sorted(folder.iterdir())
    with pytest.raises(ClosedError):
        shell(dot.format(folder=folder))
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("name", LEADING)
def test_they_lead_out_where_nothing_is_locked(name: str, folder: Path) -> None:
    before = sorted(folder.iterdir())
    opening = RECIPE.replace(", config=LOCKED", "")
    told = notebook(opening, ESCAPES[name].format(folder=folder))
    assert CANARY in told or str(folder) in told or sorted(folder.iterdir()) != before


def test_what_does_not_fit_into_memory_is_not_written_beside_the_warehouse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOCKED, "memory_limit", "50MB")
    with connect(built().root.database) as warehouse, pytest.raises(duckdb.OutOfMemoryException):
        warehouse.execute("CREATE TEMP TABLE large AS SELECT repeat(range::VARCHAR, 100) AS t FROM range(1_000_000)")
    assert not list(built().root.database.parent.glob("*.tmp"))


def test_no_document_opens_it_otherwise() -> None:
    documents = [HOME / "README.md", *(HOME / "docs").glob("*.md")]
    lines = [line for file in documents for line in file.read_text(encoding="utf-8").splitlines()]
    opening = [line for line in lines if re.search("read_?only *=|access_mode|duckdb -", line, re.I)]
    assert len(opening) == 7
    assert [line for line in opening if not re.search("config=locked|lock_configuration|.safe_mode", line, re.I)] == []


def test_what_is_documented_is_what_the_pipeline_does() -> None:
    given: dict[str, Any] = {}
    exec(RECIPE.partition("warehouse =")[0], given)  # noqa: S102
    assert given["LOCKED"] == LOCKED
    readme = (HOME / "README.md").read_text(encoding="utf-8")
    assert json.dumps(LOCKED).replace("true", "True").replace("false", "False") in readme
    assert SHELL in readme


def test_the_place_of_the_warehouse_is_printed_as_it_is(tmp_path: Path) -> None:
    root = Root(tmp_path / "a[prod]")
    root.path.symlink_to(built().root.path)
    out = Console(file=io.StringIO(), width=200)
    summary("2023", root, out)
    assert f"warehouse: {root.database}" in out.file.getvalue().splitlines()  # type: ignore[attr-defined]


def test_what_is_shown_steers_no_terminal_and_is_no_longer_than_a_person_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Console(file=io.StringIO(), width=200)
    asked = "SELECT chr(27) || '[31m' AS cell FROM range(10001)"
    sql(asked, built().root, out)
    told = out.file.getvalue()  # type: ignore[attr-defined]
    assert (told.count("〔U+001B〕"), "\x1b" in told) == (10_000, False)
    assert "only the first 10000 rows" in told
    assert "仅显示前 10000 行" in told
    sql(asked, built().root, out, as_csv=True)
    assert capsys.readouterr().out.count("\x1b") == 10_001
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    sql(asked, built().root, out, as_csv=True)
    assert capsys.readouterr().out.count("〔U+001B〕") == 10_001
