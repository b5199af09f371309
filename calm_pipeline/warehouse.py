"""The DuckDB file: the published tables of every edition with keys and comments, views on them, and the dictionary."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from calm_pipeline.dictionary import Dictionary, entries, fill
from calm_pipeline.engine import MEMORY
from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.tables import Contract, quoted
from calm_pipeline.views import View, create

_FILE, _STATEMENT = Message("{file}", "{file}"), Message("calm sql", "calm sql")
# What whoever reads the warehouse may do is given while opening: a process that opens it twice gets one instance, which
# could not be set again. README.md and docs/analysts.md give the same.
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "temp_directory": "",
    "memory_limit": "4GB",
    "lock_configuration": True,
}
_QUOTABLE = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)

KEYED = 5_000_000
"""A table of more rows has no key in the file and is not sorted again. That no row stands twice is proved before."""

# Small blocks: many tables are short, and each would fill a block of the usual size for every column.
BLOCK = 16384

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
    file: Path,
    stored: Mapping[str, Sequence[Path]],
    contracts: Mapping[str, Contract],
    views: Mapping[str, View],
    dictionary: Dictionary,
) -> dict[str, int]:
    """Build a new warehouse from Parquet files; `stored` names them for each table, one an edition.

    Returns:
        The number of rows of each table.

    Raises:
        CalmError: a view cannot be created as declared.
    """
    pointed_to_first = TopologicalSorter({name: contract.references for name, contract in contracts.items()})
    rows = {name: sum(pq.read_metadata(part).num_rows for part in parts) for name, parts in stored.items()}
    large = {name for name, count in rows.items() if count > KEYED}
    with duckdb.connect(str(file), config={"default_block_size": BLOCK, "memory_limit": MEMORY}) as database:
        database.begin()  # one transaction: each comment alone would wait for the disk
        for name in pointed_to_first.static_order():
            for statement in contracts[name].ddl(name, large):
                database.execute(statement)
            _load(database, name, contracts[name], stored[name], "" if name in large else " ORDER BY ALL")
        for name, table in _pointing(contracts, large):
            _check_references(database, name, table, contracts[name].references[table])
        create(database, views)
        fill(database, dictionary, entries(dictionary, contracts, views))
        database.commit()
        database.execute("CHECKPOINT")
    return rows


def _load(
    database: duckdb.DuckDBPyConnection, name: str, contract: Contract, files: Sequence[Path], order: str
) -> None:
    """Fill a table; without `order` its rows come as they are stored, which is in the order of the key."""
    if files:
        names = ", ".join(f'"{column}"' for column in contract.columns)
        database.execute(
            f'INSERT INTO "{name}" SELECT {names} FROM read_parquet(?){order}',  # noqa: S608
            [[str(file) for file in files]],
        )


def _pointing(contracts: Mapping[str, Contract], large: Collection[str]) -> Iterator[tuple[str, str]]:
    """The tables, each with one it refers to, between which no foreign key stands because one of them is large."""
    pairs = ((name, table) for name, contract in contracts.items() for table in contract.references)
    return ((name, table) for name, table in pairs if name in large or table in large)


def _check_references(database: duckdb.DuckDBPyConnection, name: str, table: str, columns: Sequence[str]) -> None:
    listed = ", ".join(map(quoted, columns))
    given = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in columns)
    lost = f"SELECT 1 FROM {quoted(name)} ANTI JOIN {quoted(table)} USING ({listed}) WHERE {given} LIMIT 1"  # noqa: S608
    if database.execute(lost).fetchone():
        raise duckdb.ConstraintException(f"a row of {name} refers to one of {table} that is not there")


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
