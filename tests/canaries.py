"""What must be found nowhere, and looking for it in every byte of some folders, packed ones included."""

import zipfile
from functools import cache
from pathlib import Path

import duckdb
from ahocorasick_rs import BytesAhoCorasick
from python_calamine import CalamineWorkbook

from calm_pipeline.exports.rewrite import rewritten
from calm_pipeline.exports.surround import NOTHING
from calm_pipeline.root import Root
from calm_pipeline.store import read
from tests.reference import DATABASE, EDITION, PROJECT

SENT_BY, NAMED_WITHIN = "孔丙丁副馆长/上官戊己", ("孔丙丁", "上官戊己")
WRITTEN = {
    "（139）1234、5670": "1234、5670", "一三九七七五五三三八八": "七七五五三三", "fe80::4711:9": "fe80::4711",
    "canary（at）example.org": "canary（at）", "微信号：canary_4711": "canary_4711", "(0755)86547531转99": "86547531",
}  # fmt: skip
"""Contacts as people write them, and of each what must be found nowhere."""


def plant(root: Root) -> frozenset[bytes]:
    """Write them into a text of one submission of each export, and names with more than a name; what to look for."""
    for export in root.exports(EDITION):
        header, *rows = CalamineWorkbook.from_path(str(export)).get_sheet_by_index(0).to_python()
        name, text = (next(n for n, title in enumerate(header) if str(title).startswith(f"{q}、")) for q in (1, 30))
        at = next(number for number, row in enumerate(rows, 2) if row[text] not in ("", "(空)", -2, "-2"))
        said = "；".join([str(rows[at - 2][text]), *WRITTEN, *NAMED_WITHIN])
        export.write_bytes(rewritten(export, {(at, name): SENT_BY, (at, text): said}, NOTHING))
    return frozenset(text.encode() for text in (*WRITTEN.values(), *NAMED_WITHIN))


@cache
def personal() -> frozenset[bytes]:
    """Every name, mobile number and address of the raw export."""
    (export,) = (file for file in PROJECT.root.exports(EDITION) if "按文本" in file.name)
    header, *rows = CalamineWorkbook.from_path(str(export)).get_sheet_by_index(0).to_python()
    columns = [
        n for n, title in enumerate(map(str, header)) if title in ("来自IP", "来源详情") or title[:2] in ("1、", "2、")
    ]
    assert len(columns) == 4
    found = {str(row[n]).split("(")[0].encode() for row in rows for n in columns} - {b"", "直接访问".encode()}
    assert len(found) > 300
    return frozenset(found)


def search(secrets: frozenset[bytes], *places: Path) -> list[Path]:
    """Look for every secret in every file of `places`, and return the files looked at."""
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    assert len(files) > 20
    sought = BytesAhoCorasick(sorted(secrets))
    for file in files:
        found = sought.find_matches_as_indexes(content(file))
        assert not [end - begin for _, begin, end in found], file.name
    return files


def _texts(file: Path) -> bytes:
    """Every text of a database, whose segments are compressed: strings share what they begin with."""
    with duckdb.connect(str(file), read_only=True) as database:
        names = database.sql("SELECT table_name FROM information_schema.tables").fetchall()
        return "".join(str(database.sql(f'FROM "{name}"').fetchall()) for (name,) in names).encode()


def content(file: Path) -> bytes:
    """A file's bytes, uncompressed: a compressed page or part hides what it holds."""
    if file.suffix == ".parquet":
        return str(DATABASE.to_pyarrow(read(DATABASE, file)).to_pydict()).encode()
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as parts:
            return b"".join(parts.read(name) for name in parts.namelist())
    if file.suffix == ".duckdb":
        return file.read_bytes() + _texts(file)
    return file.read_bytes()
