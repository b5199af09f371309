"""The dictionary as the tables `dictionary_tables` and `dictionary_columns` of the warehouse that it describes."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

from calm_pipeline.dictionary.entries import ColumnEntry, Dictionary, TableEntry
from calm_pipeline.tables import quoted

Row = dict[str, Any]


def fill(database: duckdb.DuckDBPyConnection, dictionary: Dictionary, tables: Sequence[TableEntry]) -> None:
    """Create the tables of the dictionary and fill them; every other table and view must be there already."""
    for name, contract in dictionary.tables.items():
        for statement in contract.ddl(name):
            database.execute(statement)
    columns = [_column(column) for table in tables for column in table.columns]
    sizes = {"dictionary_tables": len(tables), "dictionary_columns": len(columns)}
    listed = [
        _table(table, position, sizes.get(table.name, _rows(database, table.name)))
        for position, table in enumerate(tables, 1)
    ]
    for name, rows in (("dictionary_tables", listed), ("dictionary_columns", columns)):
        frame = pa.Table.from_pylist(rows, dictionary.tables[name].arrow())
        database.register("described", frame)
        database.execute(f"INSERT INTO {quoted(name)} SELECT * FROM described")  # noqa: S608
        database.unregister("described")


def _rows(database: duckdb.DuckDBPyConnection, name: str) -> int:
    row = database.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _table(table: TableEntry, position: int, rows: int) -> Row:
    return {
        "table_name": table.name,
        "kind": table.kind,
        "stage": table.stage,
        "public": table.about.public,
        "position": position,
        "grain": ", ".join(table.about.key),
        "refers_to": "; ".join(f"{name} ({', '.join(key)})" for name, key in table.references.items()) or None,
        "rows": rows,
        "en": table.about.en,
        "zh": table.about.zh,
        "sql": table.sql,
    }


def _column(column: ColumnEntry) -> Row:
    about = column.about
    smallest, largest = about.between or (None, None)
    return {
        "table_name": column.table,
        "column_name": column.name,
        "position": column.position,
        "type": about.type,
        "in_key": column.in_key,
        "nullable": about.nullable,
        "listed_values": ", ".join(map(str, about.values)) or None,
        "smallest": smallest,
        "largest": largest,
        "unit_en": column.unit.en if column.unit else None,
        "unit_zh": column.unit.zh if column.unit else None,
        "empty_en": column.empty.en if column.empty else None,
        "empty_zh": column.empty.zh if column.empty else None,
        "en": about.en,
        "zh": about.zh,
    }
