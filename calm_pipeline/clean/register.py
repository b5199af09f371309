"""The library register: who may answer, under which names, and how many staff it has."""

import csv
import re
from collections import Counter
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
    """

    libraries: pa.Table
    names: pa.Table


def load_register(file: Path) -> Register:
    """Read `libraries.csv`.

    Raises:
        RegisterError: a column is missing, an id stands twice or a staff count is no whole number.
    """
    if not file.exists():
        raise _refused(file, None, Message("the file is missing", "文件不存在"))
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        if reader.fieldnames != HEADER:
            raise _refused(
                file, 1, Message(f"the columns must be {', '.join(HEADER)}", f"列名应为 {'、'.join(HEADER)}")
            )
        rows = [_row(file, n, row) for n, row in enumerate(reader, 2)]
    ids = Counter(row["library_id"] for row in rows)
    for n, row in enumerate(rows, 2):
        if ids[row["library_id"]] > 1:
            raise _refused(file, n, Message("this library_id stands twice", "library_id 重复"))
    return from_rows(rows)


def from_rows(rows: list[dict[str, str]]) -> Register:
    """The register of sound rows, each with the columns of HEADER as text."""
    return Register(_libraries(rows), _names(rows))


def _row(file: Path, n: int, row: dict[str, str]) -> dict[str, str]:
    if None in row or None in row.values():
        raise _refused(file, n, Message("the row has more or fewer cells than the header", "该行单元格数与表头不一致"))
    if not re.fullmatch("[0-9]*", row["staff_count"]):
        raise _refused(file, n, Message("staff_count is not a whole number", "staff_count 不是整数"))
    return row


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


def _names(rows: list[dict[str, str]]) -> pa.Table:
    owners: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        for name in (row["name_zh"], row["name_en"], *filter(None, row["aliases"].split("|"))):
            owners.setdefault(canonical(name), {})[row["library_id"]] = row
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
