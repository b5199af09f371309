"""The library register: who may answer, under which names, and how many staff it has."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from calm_pipeline.canonical import canonical
from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.root import own

HEADER = ["library_id", "name_zh", "name_en", "aliases", "province", "type", "staff_count"]
LIBRARIES = pa.schema(
    [(name, pa.int64() if name == "staff_count" else pa.string()) for name in HEADER if name != "aliases"]
)
CALLED = pa.schema([pa.field("name", pa.string()), *map(LIBRARIES.field, ("library_id", "name_zh", "staff_count"))])
AT_ONCE = 20_000
"""How many rows are Python objects at a time."""

_FILE, _ROW = Message("{file}", "{file}"), Message("{file}, row {row}", "{file}，第 {row} 行")

REGISTER: dict[str, Entry] = {
    "register_missing": Entry(
        _FILE,
        Message("the file is missing", "文件不存在"),
        Message("Put the library register there", "请将图书馆名录放在该处"),
    ),
    "register_elsewhere": Entry(
        _FILE,
        Message("the file is a link to somewhere else, or no file", "该文件是指向别处的链接，或不是文件"),
        Message("Put the register itself there", "请将名录文件本身放在该处"),
    ),
    "register_encoding": Entry(
        _FILE,
        Message("the file is not UTF-8", "文件不是 UTF-8 编码"),
        Message("Save it as UTF-8", "请另存为 UTF-8 编码"),
    ),
    "register_header": Entry(
        _ROW,
        Message("the columns must be {columns}", "列名应为 {columns}"),
        Message("Restore the header", "请恢复表头"),
    ),
    "register_twice": Entry(
        _ROW,
        Message("this library_id stands twice", "library_id 重复"),
        Message("Give every library an id of its own", "请为每个图书馆使用不同的 library_id"),
    ),
    "register_quoting": Entry(
        _ROW,
        Message("a quotation mark is out of place", "引号有误"),
        Message("Close it, or write it twice inside a quoted cell", "请补全引号；引号内的引号应写两次"),
    ),
    "register_cells": Entry(
        _ROW,
        Message("the row has more or fewer cells than the header", "该行单元格数与表头不一致"),
        Message("Look for a missing or additional comma", "请检查是否缺少或多出逗号"),
    ),
    "register_names": Entry(
        _ROW,
        Message("library_id or name_zh is empty", "library_id 或 name_zh 为空"),
        Message("Fill both in", "请补全这两项"),
    ),
    "register_staff": Entry(
        _ROW,
        Message("staff_count is not a whole number", "staff_count 不是整数"),
        Message("Write digits only, or leave it empty if it is not known", "请只填数字；不清楚时请留空"),
    ),
}


class RegisterError(CalmError):
    """The register contradicts itself or cannot be read."""


@dataclass(frozen=True)
class Register:
    """The register as tables.

    `libraries`: one row a library (the columns of the published table of that name, less the edition).
    `called`: one row a canonical name of a library: name, and the library's library_id, name_zh, staff_count.
    """

    libraries: pa.Table
    called: pa.Table

    @cached_property
    def names(self) -> pa.Table:
        """One row a canonical name: `matches`, how many libraries have it, and what `called` says of one of them."""
        own = [name for name in self.called.column_names if name != "name"]
        found = self.called.group_by("name", use_threads=False).aggregate(
            [([], "count_all"), *((name, "one") for name in own)]
        )
        return found.select(["name", "count_all", *(f"{name}_one" for name in own)]).rename_columns(
            ["name", "matches", *own]
        )

    @cached_property
    def owners(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of all libraries that a canonical name belongs to."""
        found: dict[str, list[str]] = {}
        for row in self.called.select(["name", "library_id"]).to_pylist():
            found.setdefault(row["name"], []).append(row["library_id"])
        return {name: tuple(ids) for name, ids in found.items()}


def load_register(file: Path) -> Register:
    """Read `libraries.csv`.

    Raises:
        RegisterError: a column is missing, an id stands twice or a staff count is no whole number.
    """
    if not file.exists():
        raise RegisterError.of(REGISTER, "register_missing", file=file.name)
    if not own(file):
        raise RegisterError.of(REGISTER, "register_elsewhere", file=file.name)
    return from_rows(_rows(file))


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader, seen = csv.DictReader(text, strict=True), set[str]()
        try:
            if reader.fieldnames != HEADER:
                columns = ", ".join(HEADER)
                raise RegisterError.of(REGISTER, "register_header", file=file.name, row=1, columns=columns)
            for row in reader:
                _check(file, reader.line_num, row)
                if row["library_id"] in seen:
                    raise RegisterError.of(REGISTER, "register_twice", file=file.name, row=reader.line_num)
                seen.add(row["library_id"])
                yield row
        except csv.Error as error:
            raise RegisterError.of(REGISTER, "register_quoting", file=file.name, row=reader.line_num) from error
        except UnicodeDecodeError as error:
            raise RegisterError.of(REGISTER, "register_encoding", file=file.name) from error


def _check(file: Path, n: int, row: dict[str, str]) -> None:
    if None in row or None in row.values():
        raise RegisterError.of(REGISTER, "register_cells", file=file.name, row=n)
    if not row["library_id"].strip() or not row["name_zh"].strip():
        raise RegisterError.of(REGISTER, "register_names", file=file.name, row=n)
    if not re.fullmatch("[0-9]*", row["staff_count"]):
        raise RegisterError.of(REGISTER, "register_staff", file=file.name, row=n)


def from_rows(rows: Iterable[Mapping[str, str]]) -> Register:
    """The register of sound rows, each with the columns of HEADER as text."""
    libraries, called, rest = [LIBRARIES.empty_table()], [CALLED.empty_table()], iter(rows)
    while some := [{**row, "staff_count": _staff(row)} for row in islice(rest, AT_ONCE)]:
        libraries.append(_table(some, LIBRARIES))
        called.append(_table([{**row, "name": name} for row in some for name in _names(row)], CALLED))
    return Register(pa.concat_tables(libraries), pa.concat_tables(called))


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.table({name: [row[name] for row in rows] for name in schema.names}, schema)


def _names(row: Mapping[str, Any]) -> list[str]:
    every = map(canonical, (row["name_zh"], row["name_en"], *row["aliases"].split("|")))
    return list(dict.fromkeys(filter(None, every)))


def _staff(row: Mapping[str, str]) -> int | None:
    return int(row["staff_count"]) if row["staff_count"] else None
