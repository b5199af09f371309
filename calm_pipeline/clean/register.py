"""The library register: who may answer, under which names, and how many staff it has."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from calm_pipeline.canonical import canonical
from calm_pipeline.errors import CalmError, Message, Place

HEADER = ["library_id", "name_zh", "name_en", "aliases", "province", "type", "staff_count"]


class RegisterError(CalmError):
    """The register contradicts itself or cannot be read."""


@dataclass(frozen=True)
class Register:
    """The register as two tables.

    `libraries`: one row a library (the columns of the published table of that name, less the edition).
    `names`: one row a canonical name: name, library_id, name_zh, staff_count, matches (how many libraries share it).
    `owners`: the ids of all libraries that a canonical name belongs to.
    """

    libraries: pa.Table
    names: pa.Table
    owners: Mapping[str, tuple[str, ...]]


def load_register(file: Path) -> Register:
    """Read `libraries.csv`.

    Raises:
        RegisterError: a column is missing, an id stands twice or a staff count is no whole number.
    """
    if not file.exists():
        raise _refused(file, None, Message("the file is missing", "文件不存在"))
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(file, None, Message("the file is not UTF-8", "文件不是 UTF-8 编码")) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    seen: dict[str, dict[str, str]] = {}
    try:
        if reader.fieldnames != HEADER:
            columns = ", ".join(HEADER)
            raise _refused(file, 1, Message(f"the columns must be {columns}", f"列名应为 {columns}"))
        for row in reader:
            _check(file, reader.line_num, row)
            if row["library_id"] in seen:
                raise _refused(file, reader.line_num, Message("this library_id stands twice", "library_id 重复"))
            seen[row["library_id"]] = row
    except csv.Error as error:
        raise _refused(file, reader.line_num, Message("a quotation mark is out of place", "引号有误")) from error
    return from_rows(list(seen.values()))


def from_rows(rows: list[dict[str, str]]) -> Register:
    """The register of sound rows, each with the columns of HEADER as text."""
    owners: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        for name in (row["name_zh"], row["name_en"], *filter(None, row["aliases"].split("|"))):
            owners.setdefault(canonical(name), {})[row["library_id"]] = row
    return Register(_libraries(rows), _names(owners), {name: tuple(found) for name, found in owners.items()})


def _check(file: Path, n: int, row: dict[str, str]) -> None:
    if None in row or None in row.values():
        raise _refused(file, n, Message("the row has more or fewer cells than the header", "该行单元格数与表头不一致"))
    if not row["library_id"].strip() or not row["name_zh"].strip():
        raise _refused(file, n, Message("library_id or name_zh is empty", "library_id 或 name_zh 为空"))
    if not re.fullmatch("[0-9]*", row["staff_count"]):
        raise _refused(file, n, Message("staff_count is not a whole number", "staff_count 不是整数"))


def _refused(file: Path, row: int | None, cause: Message) -> RegisterError:
    return RegisterError("register", Place(file.name, row).message, cause, Message("Correct it", "请更正登记表"))


def _libraries(rows: list[dict[str, str]]) -> pa.Table:
    return pa.table(
        {
            **{
                name: pa.array([row[name] for row in rows], pa.string())
                for name in HEADER
                if name not in ("aliases", "staff_count")
            },
            "staff_count": pa.array([_staff(row) for row in rows], pa.int64()),
        }
    )


def _names(owners: Mapping[str, dict[str, dict[str, str]]]) -> pa.Table:
    one = {name: next(iter(found.values())) for name, found in owners.items()}
    return pa.table(
        {
            "name": pa.array(owners, pa.string()),
            "library_id": pa.array([row["library_id"] for row in one.values()], pa.string()),
            "name_zh": pa.array([row["name_zh"] for row in one.values()], pa.string()),
            "staff_count": pa.array([_staff(row) for row in one.values()], pa.int64()),
            "matches": pa.array([len(found) for found in owners.values()], pa.int64()),
        }
    )


def _staff(row: dict[str, str]) -> int | None:
    return int(row["staff_count"]) if row["staff_count"] else None
