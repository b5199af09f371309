"""The DuckDB file: the published tables of every edition with keys and comments, views on them, and the dictionary."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from calm_pipeline.dictionary import Dictionary, entries, fill
from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.root import Root
from calm_pipeline.tables import Contract
from calm_pipeline.views import View, create

_FILE, _STATEMENT = Message("{file}", "{file}"), Message("calm sql", "calm sql")
# What whoever reads the warehouse may do is settled before it is opened. README.md and docs/analysts.md give the same.
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "temp_directory": "",
    "memory_limit": "4GB",
    "lock_configuration": True,
}
_QUOTABLE = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)

WAREHOUSE: dict[str, Entry] = {
    "no_warehouse": Entry(
        _FILE,
        Message("the warehouse does not exist yet", "数据仓库尚未建立"),
        Message("`calm run EDITION` builds it", "请先运行 `calm run 年度`"),
    ),
    "closed_warehouse": Entry(
        _FILE,
        Message(
            "the warehouse cannot be opened: it is damaged, not readable for you, or held by another program",
            "无法打开数据仓库：文件已损坏、无权读取，或正被其他程序占用",
        ),
        Message(
            "Close what holds it; if that does not help, `calm run EDITION` builds it anew",
            "请关闭占用它的程序；若仍无法打开，请运行 `calm run 年度` 重新建立",
        ),
    ),
    "stopped_edition": Entry(
        Message("edition {edition}", "{edition} 年度"),
        Message("its last run stopped at a refused file", "上次运行因文件被拒收而中止"),
        Message("Mend the file and run `calm run {edition}` again", "请更正文件后重新运行 `calm run {edition}`"),
    ),
    "one_statement": Entry(
        _STATEMENT,
        Message("this is not exactly one statement", "这不是一条语句"),
        Message(
            "Give exactly one statement; a PIVOT is one if it names its columns with IN",
            "请只给出一条语句；PIVOT 须用 IN 列出各列，才算一条语句",
        ),
    ),
    "no_question": Entry(
        _STATEMENT,
        Message("this statement does more than read", "该语句不只是查询"),
        Message(
            "Ask with SELECT, FROM, PIVOT, SHOW, DESCRIBE, SUMMARIZE or EXPLAIN",
            "请使用 SELECT、FROM、PIVOT、SHOW、DESCRIBE、SUMMARIZE 或 EXPLAIN 查询",
        ),
    ),
    "sql_statement": Entry(
        _STATEMENT,
        Message('the statement cannot be answered; DuckDB says "{said}"', "无法执行该语句，DuckDB 的说明是“{said}”"),
        Message(
            "Correct the statement; `SHOW TABLES` and `DESCRIBE submissions` list what there is",
            "请修改语句；可用 `SHOW TABLES` 和 `DESCRIBE submissions` 查看现有的表和列",
        ),
    ),
    "sql_values": Entry(
        _STATEMENT,
        Message(
            "the statement failed while it ran ({kind}); what DuckDB says of it may repeat answers and is not shown",
            "语句在执行过程中出错（{kind}）；DuckDB 的说明可能含有答卷内容，故不显示",
        ),
        Message(
            "Look at its casts and functions, where TRY_CAST and TRY give null instead of an error; the warehouse is "
            "for reading only",
            "请检查语句中的类型转换和函数，可用 TRY_CAST 和 TRY 使出错处返回空值；数据仓库只供读取",
        ),
    ),
}


def build(
    root: Root, contracts: Mapping[str, Contract], views: Mapping[str, View], dictionary: Dictionary
) -> dict[str, int]:
    """Build the warehouse anew from the Parquet files and put it in the place of the old one.

    An edition that was never made to the end is left out.

    Returns:
        The number of rows of each table.

    Raises:
        CalmError: an edition in the warehouse has since stopped at a refused file; its tables do not fit together. Or a
            view cannot be created as declared.
    """
    editions = _finished(root, contracts)
    root.warehouse.mkdir(parents=True, exist_ok=True)
    pointed_to_first = TopologicalSorter({name: contract.references for name, contract in contracts.items()})
    with _draft(root) as database:
        rows = {
            name: _load(database, root, name, contracts[name], editions) for name in pointed_to_first.static_order()
        }
        create(database, views)
        fill(database, dictionary, entries(dictionary, contracts, views))
    return rows


def renew(root: Root, contracts: Mapping[str, Contract], edition: str, names: Sequence[str]) -> None:
    """Bring some tables of one edition up to date and leave everything else as it was published.

    `names` in the order in which they point to each other, first what is pointed to.
    """
    with _draft(root, root.database) as database:
        for name in reversed(names):
            database.execute(f'DELETE FROM "{name}" WHERE edition = ?', [edition])  # noqa: S608
        for name in names:
            _insert(database, name, contracts[name], [str(root.parquet(name, edition))])


@contextmanager
def _draft(root: Root, copied: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database to write to, empty or a copy, that takes the place of the warehouse if nothing fails."""
    draft = root.database.with_name(f".calm.{os.getpid()}.duckdb")
    draft.unlink(missing_ok=True)
    try:
        if copied:
            shutil.copyfile(copied, draft)
        with duckdb.connect(str(draft)) as database:
            yield database
            database.execute("CHECKPOINT")
        os.replace(draft, root.database)
    finally:
        draft.unlink(missing_ok=True)


def _finished(root: Root, contracts: Mapping[str, Contract]) -> list[str]:
    finished = [edition for edition in root.editions if all(root.parquet(name, edition).exists() for name in contracts)]
    for edition in stopped(root):
        raise CalmError.of(WAREHOUSE, "stopped_edition", edition=edition)
    return finished


def stopped(root: Root) -> list[str]:
    """The editions whose last run stopped at a refused file: their tables are not all of that run."""
    files = {edition: root.parquet("files", edition) for edition in root.editions}
    receipts = {edition: pq.read_table(file)["verdict"].to_pylist() for edition, file in files.items() if file.exists()}
    return [edition for edition, verdicts in receipts.items() if "refused" in verdicts]


def _load(database: duckdb.DuckDBPyConnection, root: Root, name: str, contract: Contract, editions: list[str]) -> int:
    for statement in contract.ddl(name):
        database.execute(statement)
    if files := [str(root.parquet(name, edition)) for edition in editions]:
        _insert(database, name, contract, files)
    row = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _insert(database: duckdb.DuckDBPyConnection, name: str, contract: Contract, files: list[str]) -> None:
    names = ", ".join(f'"{column}"' for column in contract.columns)
    database.execute(
        f'INSERT INTO "{name}" SELECT {names} FROM read_parquet(?) ORDER BY ALL',  # noqa: S608
        [files],
    )


def connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open the warehouse for reading: no writes, no other files, no variables of Python, no settings changed.

    Raises:
        CalmError: there is no warehouse yet, or it cannot be opened.
    """
    if not database.exists():
        raise CalmError.of(WAREHOUSE, "no_warehouse", file=database)
    try:
        return duckdb.connect(str(database), read_only=True, config=LOCKED)
    except duckdb.Error:
        raise CalmError.of(WAREHOUSE, "closed_warehouse", file=database) from None


@contextmanager
def answering() -> Iterator[None]:
    """Turn DuckDB's errors about one statement of a person into ours.

    DuckDB is quoted where it speaks of the statement: when it parses and binds. Once it runs, its words repeat the
    values it met. (A PIVOT that makes columns of values is two statements, the first of which runs.)

    Raises:
        CalmError: DuckDB raised an error.
    """
    try:
        yield
    except duckdb.Error as error:
        if isinstance(error, _QUOTABLE):
            said = " ".join(str(error).partition("\n\nLINE ")[0].split())
            raise CalmError.of(WAREHOUSE, "sql_statement", said=said) from None
        raise CalmError.of(WAREHOUSE, "sql_values", kind=type(error).__name__) from None
