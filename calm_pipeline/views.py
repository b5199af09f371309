"""The ready views of the warehouse: `schemas/views.yaml` as a model, and what creates them in DuckDB."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from calm_pipeline.declared import load
from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.survey.model import Key, Label, Words
from calm_pipeline.tables import SQL_TYPES, Column, comments, quoted

_FILE = Message("views.yaml, {view}", "views.yaml，{view}")
VIEWS: dict[str, Entry] = {
    "view_statement": Entry(
        _FILE,
        Message('the view cannot be created; DuckDB says "{said}"', "无法建立该视图，DuckDB 的说明是“{said}”"),
        Message(
            "Correct its sql; a view may use tables and the views above it",
            "请修改 sql；视图可使用各表及排在其前的视图",
        ),
    ),
    "view_columns": Entry(
        _FILE,
        Message(
            "it declares the columns {declared}; its sql gives {found}", "声明的列为 {declared}；sql 给出的列为 {found}"
        ),
        Message("Make names, order and types agree", "请使列名、次序与类型一致"),
    ),
}


class View(Words):
    """A view: its columns in order, and the columns that no two of its rows share."""

    public: bool = False
    key: tuple[Key, ...]
    columns: dict[Label, Column]
    sql: Label


def load_views(file: Path) -> dict[str, View]:
    """Read `schemas/views.yaml`: the views by name, each after those it uses."""
    return load(file, dict[Key, View])


def create(database: duckdb.DuckDBPyConnection, views: Mapping[str, View]) -> None:
    """Create the views with comments on them and on their columns.

    Raises:
        CalmError: a view cannot be created, or has other columns than it declares.
    """
    for name, view in views.items():
        try:
            database.execute(f"CREATE VIEW {quoted(name)} AS {view.sql}")
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
            said = " ".join(str(error).partition("\n\nLINE ")[0].split())
            raise CalmError.of(VIEWS, "view_statement", view=name, said=said) from None
        found = database.execute(f"DESCRIBE {quoted(name)}").fetchall()
        declared = [(column, SQL_TYPES[about.type]) for column, about in view.columns.items()]
        if [tuple(row[:2]) for row in found] != declared:
            told = {"declared": declared, "found": [tuple(row[:2]) for row in found]}
            words = {key: ", ".join(map(" ".join, pairs)) for key, pairs in told.items()}
            raise CalmError.of(VIEWS, "view_columns", view=name, **words)
        for statement in comments("VIEW", name, view, view.columns):
            database.execute(statement)
