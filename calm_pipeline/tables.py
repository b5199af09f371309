"""The contract of every table: one description that yields Pandera, Arrow and DuckDB. Published ones stand in YAML."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Literal

import ibis.expr.datatypes as dt
import pandera.ibis as pandera
import pyarrow as pa
from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.survey.model import Key, Label, Words

TypeName = Literal["string", "integer", "number", "boolean", "date", "timestamp"]
_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
SQL_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


class Column(Words):
    """One column: `en` and `zh` say what it holds."""

    type: TypeName
    nullable: bool = False
    values: tuple[str | int, ...] = ()
    pseudonym: bool = Described(
        False, description="Stands for a person under a key: never previewed, and empty once the person is erased."
    )
    between: tuple[float, float] | None = Described(None, description="Smallest and largest value, both allowed.")
    trace: bool = Described(
        default=False,
        description="Whether it tells where a row came from, not what it says.",
    )
    drift: float | None = Described(
        None, description="How far a value may lie from last year's before a person is asked to look."
    )


class Contract(Words):
    """What a table promises: columns in order, a unique key, and the tables its columns point to."""

    stage: Literal["reference", "stage", "normalized", "mart"]
    public: bool = Described(
        default=False, description="Whether everybody may have it: no row is about a single submission or library."
    )
    trace: bool = Described(
        default=False, description="Whether its rows tell how and when things came, not what was answered."
    )
    parts: Literal["none", "together", "alone"] = Described(
        default="none",
        description="Whether the workbench has it in parts once there are many submissions; alone: what it says of one "
        "submission is made of what other tables say of the same one, so that each part is made by itself.",
    )
    key: tuple[Key, ...]
    references: dict[Key, tuple[Key, ...]] = Described(default_factory=dict)
    ascending: tuple[tuple[Key, ...], ...] = Described(
        (), description="Columns of which, in every row, none is larger than the next."
    )
    columns: dict[Label, Column]

    @property
    def pseudonyms(self) -> list[str]:
        """The columns that stand for persons."""
        return [name for name, column in self.columns.items() if column.pseudonym]

    @property
    def of_submissions(self) -> bool:
        """Whether its rows are about single submissions."""
        return "submission_id" in self.columns

    def without_pseudonyms(self) -> "Contract":
        """The contract of the table as it may be handed on."""
        kept = {name: column for name, column in self.columns.items() if not column.pseudonym}
        return self.model_copy(update={"columns": kept})

    def arrow(self) -> pa.Schema:
        """The Arrow schema in which the table is stored."""
        return pa.schema(
            [pa.field(name, _ARROW[column.type], nullable=column.nullable) for name, column in self.columns.items()]
        )

    def pandera(self) -> pandera.DataFrameSchema:
        """The Pandera schema: exactly these columns and types, nulls only where allowed, values listed.

        The key of a frame between stages is unique too; that of a published table is looked at by its expectations.
        """
        return pandera.DataFrameSchema(
            {
                name: pandera.Column(
                    dt.DataType.from_pyarrow(_ARROW[column.type]),
                    [pandera.Check.isin(list(column.values))] if column.values else [],
                    nullable=column.nullable,
                )
                for name, column in self.columns.items()
            },
            unique=list(self.key) if self.stage == "stage" else None,
            strict=True,
        )

    def ddl(self, name: str, large: Collection[str] = ()) -> list[str]:
        """The statements that create the table in DuckDB with key, foreign keys and comments.

        Tables that are `large` get no keys: the index behind one is held in memory.
        """
        columns = [
            f"{quoted(column)} {SQL_TYPES[about.type]}{'' if about.nullable else ' NOT NULL'}"
            for column, about in self.columns.items()
        ]
        keys = [] if name in large else list(self._keys(large))
        return [
            f"CREATE TABLE {quoted(name)} ({', '.join(columns + keys)})",
            *comments("TABLE", name, self, self.columns),
        ]

    def _keys(self, large: Collection[str]) -> Iterator[str]:
        yield f"PRIMARY KEY ({', '.join(map(quoted, self.key))})"
        for table, names in self.references.items():
            if table not in large:
                listed = ", ".join(map(quoted, names))
                yield f"FOREIGN KEY ({listed}) REFERENCES {quoted(table)} ({listed})"


def load_contracts(file: Path) -> dict[str, Contract]:
    """Read `schemas/tables.yaml`: the published tables by name."""
    return load(file, dict[str, Contract])


def comments(kind: Literal["TABLE", "VIEW"], name: str, about: Words, columns: Mapping[str, Column]) -> list[str]:
    """The statements that say in DuckDB what a table or view and its columns hold."""
    return [
        f"COMMENT ON {kind} {quoted(name)} IS {_literal(about)}",
        *(
            f"COMMENT ON COLUMN {quoted(name)}.{quoted(column)} IS {_literal(words)}"
            for column, words in columns.items()
        ),
    ]


def quoted(name: str) -> str:
    """The name as an identifier in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _literal(words: Words) -> str:
    return "'" + f"{words.en} | {words.zh}".replace("'", "''") + "'"
