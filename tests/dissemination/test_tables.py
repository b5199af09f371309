"""Published tables as csv and as a workbook: every value comes back as what it was."""

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from calm_pipeline.dissemination import delimited, workbook
from calm_pipeline.dissemination.datapackage import datapackage
from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.export import write_export
from calm_pipeline.errors import CalmError
from tests.dissemination.editions import ANSWERS, CONTRACTS, made, reference, small_survey

FRICTIONLESS = shutil.which("frictionless", path=str(Path(sys.executable).parent)) or shutil.which("frictionless")
READ = {
    "string": lambda text: text.removeprefix("'") if text.startswith("'") else text,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "timestamp": lambda text: datetime.strptime(text, delimited.MOMENT),
}


def csv_back(text: str, table: str) -> list[dict[str, Any]]:
    """The rows that the csv stands for, read by its own description."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    read = [READ[CONTRACTS[table].columns[name].type] for name in header]
    return [
        {
            name: None if cell == delimited.NULL else convert(cell)
            for name, convert, cell in zip(header, read, row, strict=True)
        }
        for row in rows
    ]


def sheets(edition: Edition, language: str = "en") -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(workbook.edition_workbook(edition, language)))


@pytest.mark.parametrize("table", CONTRACTS)
def test_csv_gives_back_every_value(table: str) -> None:
    rows = reference().tables[table]
    assert csv_back(delimited.csv_text(rows), table) == rows.to_pylist()


def test_nulls_empty_texts_and_words_that_look_like_nulls_are_told_apart() -> None:
    texts = ["", None, "NA", "'NA", "N/A", "a\r\nb", 'say "=1"', " ", "'"]
    column = pa.table({"text": pa.array(texts, pa.string())})
    header, *rows = csv.reader(io.StringIO(delimited.csv_text(column), newline=""))
    assert [row[0] for row in rows if row] == ["", "NA", "'NA", "''NA", "N/A", "a\r\nb", 'say "=1"', " ", "'"]
    assert header == ["text"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-1, "-1"),
        (-0.1, "-0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (float("nan"), "NA"),
        (True, "true"),
        (date(2023, 3, 1), "2023-03-01"),
        (datetime(2023, 3, 1, 9, 0, 0, 7), "2023-03-01T09:00:00.000007"),
        ("-1", "'-1"),
    ],
)
def test_numbers_stay_numbers_and_text_that_looks_like_one_stays_text(value: Any, cell: str) -> None:
    assert delimited.cell(value) == cell


@pytest.mark.parametrize("table", CONTRACTS)
def test_a_sheet_holds_its_table_with_numbers_as_numbers_and_texts_as_texts(table: str) -> None:
    there = reference().tables[table]
    header, *rows = _whole().get_sheet_by_name(table).to_python()
    assert header == there.column_names
    assert len(rows) == there.num_rows
    for found, row in zip(rows, there.to_pylist(), strict=True):
        for seen, value in zip(found, row.values(), strict=True):
            if isinstance(value, float):
                assert seen == pytest.approx(value, rel=1e-14)
            else:
                assert seen == ("" if value is None else value)
                assert value is None or isinstance(value, int) or type(seen) is type(value)


@cache
def _whole() -> CalamineWorkbook:
    return sheets(reference())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_workbook_begins_with_what_it_holds_and_what_each_column_means(language: str) -> None:
    book = sheets(made(small_survey()), language)
    contents, meanings, *tables = book.sheet_names
    assert [contents, meanings] == {"en": ["Contents", "Columns"], "zh": ["目录", "列说明"]}[language]
    assert tables == list(CONTRACTS)
    _, *rows = book.get_sheet_by_name(meanings).to_python()
    assert [[row[0], row[1], row[4]] for row in rows] == [
        [name, column, getattr(about, language)]
        for name, contract in CONTRACTS.items()
        for column, about in contract.columns.items()
    ]
    _, *rows = book.get_sheet_by_name(contents).to_python()
    assert [row[0] for row in rows if row[0]] == tables


def test_the_workbook_says_first_that_answers_are_reconstructed() -> None:
    rows = _whole().get_sheet_by_name("Contents").to_python()
    assert "reconstructed" in rows[1][3]
    assert "RESTRICTED" in rows[2][3]
    plainly = sheets(made(small_survey())).get_sheet_by_name("Contents").to_python()
    assert "reconstructed" not in str(plainly)


def test_every_sheet_has_a_frozen_header_and_a_filter_and_keeps_texts_as_texts() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook.edition_workbook(made(small_survey()), "en"))) as parts:
        for number in range(1, len(CONTRACTS) + 3):
            sheet = parts.read(f"xl/worksheets/sheet{number}.xml").decode()
            assert 'ySplit="1"' in sheet
            assert "<autoFilter" in sheet
            widths = [float(part.partition('"')[0]) for part in sheet.split(' width="')[1:]]
            assert widths
            assert all(8 <= width <= 62 for width in widths)
        assert 'quotePrefix="1"' in parts.read("xl/styles.xml").decode()


def test_a_table_that_is_too_long_for_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 10)
    with pytest.raises(CalmError) as refused:
        workbook.edition_workbook(reference(), "en")
    assert refused.value.code == "sheet_rows"
    assert "csv" in str(refused.value)


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    *_, text = (
        sheets(made(small_survey(), [{**ANSWERS[0], "remark": "😀" * 20000}]))
        .get_sheet_by_name("answers")
        .to_python()[-1]
    )
    assert str(text).startswith("😀" * 10000)
    assert str(text).endswith("…")
    assert len(str(text).encode("utf-16-le")) // 2 <= 32767


def test_the_data_package_describes_every_column_key_and_reference() -> None:
    contents = {name: delimited.csv_text(rows).encode() for name, rows in reference().tables.items()}
    package = json.loads(datapackage(reference(), contents, "zh"))
    assert package["profile"] == "tabular-data-package"
    assert package["title"] == reference().survey.title.zh
    assert "重建" in package["description"]
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert list(resources) == list(CONTRACTS)
    for name, contract in CONTRACTS.items():
        resource = resources[name]
        schema = resource["schema"]
        assert [field["name"] for field in schema["fields"]] == list(contract.columns)
        assert schema["primaryKey"] == list(contract.key)
        assert {key["reference"]["resource"] for key in schema["foreignKeys"]} == set(contract.references)
        assert all(key["fields"] == key["reference"]["fields"] for key in schema["foreignKeys"])
        assert schema["missingValues"] == ["NA"]
        assert resource["hash"] == f"sha256:{sha256(contents[name]).hexdigest()}"
        required = {field["name"] for field in schema["fields"] if field["constraints"].get("required")}
        assert required == {column for column, about in contract.columns.items() if not about.nullable}


def test_a_submission_of_no_known_library_refers_to_none() -> None:
    package = json.loads(datapackage(reference(), {"submissions": b""}, "en"))
    keys = package["resources"][0]["schema"]["foreignKeys"]
    assert {"fields": ["library_id"], "reference": {"resource": "libraries", "fields": ["library_id"]}} in keys
    assert {"fields": ["edition"], "reference": {"resource": "editions", "fields": ["edition"]}} in keys


@pytest.mark.skipif(FRICTIONLESS is None, reason="the frictionless validator is not installed")
def test_the_frictionless_validator_accepts_the_package_and_sees_what_is_wrong(tmp_path: Path) -> None:
    write_export(reference(), "csv", "en", tmp_path)
    accepted = _validated(tmp_path)
    assert accepted.returncode == 0, accepted.stdout
    file = tmp_path / "violations.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("2023-0", "2023-9"), encoding="utf-8")
    assert _validated(tmp_path).returncode == 1


def _validated(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(FRICTIONLESS), "validate", "datapackage.json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
