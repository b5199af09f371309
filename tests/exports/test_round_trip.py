"""What the exporter wrote, the reader finds again: every dialect, every container, any survey."""

import csv
import io
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calm_pipeline import columns
from calm_pipeline.exports.answers import cell
from calm_pipeline.exports.grid import parse
from calm_pipeline.exports.headers import DIALECTS, Column, Kind
from calm_pipeline.exports.reader import Export, from_grid, join, read_file
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.writer import table, write_export
from calm_pipeline.survey import Survey
from tests.exports.examples import ANSWERS, SURVEY
from tests.often import examples
from tests.strategies import submissions, surveys

KINDS: tuple[Kind, ...] = ("text", "number")


def expected(survey: Survey, one: Submission, kind: Kind) -> dict[str, str | None]:
    cells: dict[str, str | None] = {}
    for field in survey.fields():
        optioned = kind == "number" and field.type in ("multiple", "ranking")
        places = (
            [Column(field.key, field.row, option) for option in field.options]
            if optioned
            else [Column(field.key, field.row)]
        )
        joined = "┋".join(str(cell(survey, one, place, kind)) for place in places)
        given_ = field.question.personal and joined not in ("", "(空)", "(跳过)", "-2", "-3")
        cells[field.name] = "given" if given_ else joined or None
    return cells


def assert_reads(export: Export, survey: Survey, written: list[Submission]) -> None:
    names = [field.name for field in survey.fields()]
    assert "extra_column" not in {one.code for one in export.remarks}
    assert export.frame["sequence"].to_pylist() == [one.sequence for one in written]
    assert export.frame.select(names).to_pylist() == [expected(survey, one, export.kind) for one in written]


@pytest.mark.parametrize(("dialect", "kind"), list(product(DIALECTS, KINDS)))
def test_every_dialect_reads_back(tmp_path: Path, dialect: str, kind: Kind) -> None:
    path = tmp_path / "export.xlsx"
    write_export(SURVEY, ANSWERS, path, kind, dialect)
    export = from_grid(parse(path.read_bytes(), path.name), SURVEY, path.name)
    assert export.kind == kind
    assert_reads(export, SURVEY, ANSWERS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_encoding_reads_back(tmp_path: Path, kind: Kind, encoding: str) -> None:
    path = tmp_path / "export.csv"
    write_export(SURVEY, ANSWERS, path, kind, encoding=encoding)
    assert_reads(from_grid(parse(path.read_bytes(), path.name), SURVEY, path.name), SURVEY, ANSWERS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，"])
def test_every_delimiter_reads_back(delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(table(SURVEY, ANSWERS, "text"))
    content = f"\ufeff\ufeff{out.getvalue()}\r\n".encode()
    assert_reads(from_grid(parse(content, "export.csv"), SURVEY, "export.csv"), SURVEY, ANSWERS)


@pytest.mark.parametrize("kind", KINDS)
def test_an_old_workbook_under_a_wrong_name_reads_back(tmp_path: Path, kind: Kind) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for number, row in enumerate(table(SURVEY, ANSWERS, kind, "of_2018")):
        for place, value in enumerate(row):
            sheet.write(number, place, value)
    path = tmp_path / "export.csv"
    book.save(str(path))
    assert_reads(read_file(path, SURVEY), SURVEY, ANSWERS)


def test_text_and_number_join_into_the_raw_frame(tmp_path: Path) -> None:
    exports = []
    for kind in KINDS:
        path = tmp_path / f"by_{kind}.xlsx"
        write_export(SURVEY, ANSWERS, path, kind)
        exports.append(read_file(path, SURVEY))
    raw = join(exports, SURVEY)
    names = [name for field in SURVEY.fields() for name in (field.name, columns.number(field.name))]
    platform = ["submission_id", "sequence", "file", "row", "respondent", "submitted_at", "duration", "flagged"]
    assert raw.column_names == [*platform, *names]
    first = raw.to_pylist()[0]
    assert [first[name] for name in platform] == [
        "2030-0003", 3, "by_text.xlsx", 2, None, "2030/3/9 9:05:07", "378秒", False
    ]  # fmt: skip
    assert first["channels"] == "官网┋其他（请注明）〖抖音〗"
    assert first[columns.number("channels")] == "1┋0┋1"
    assert raw["flagged"].to_pylist() == [False, True]


def test_one_kind_alone_leaves_the_other_null(tmp_path: Path) -> None:
    write_export(SURVEY, ANSWERS, tmp_path / "one.csv", "number")
    raw = join([read_file(tmp_path / "one.csv", SURVEY)], SURVEY)
    for field in SURVEY.fields():
        assert raw[field.name].null_count == len(ANSWERS)
        assert raw[columns.number(field.name)].null_count == 0


def test_the_writer_gives_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_export(SURVEY, ANSWERS, tmp_path / name, "text", title="reconstructed")
    content = (tmp_path / "a.xlsx").read_bytes()
    assert content == (tmp_path / "b.xlsx").read_bytes()
    assert b"<dc:title>reconstructed</dc:title>" in content


def test_the_writer_refuses_what_no_platform_writes(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ods"):
        write_export(SURVEY, ANSWERS, tmp_path / "export.ods", "text")


@settings(
    max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data(), st.sampled_from(list(DIALECTS)), st.sampled_from(KINDS), st.sampled_from((".xlsx", ".csv")))
def test_any_survey_and_any_answers_read_back(data: st.DataObject, dialect: str, kind: Kind, suffix: str) -> None:
    survey = data.draw(surveys())
    written = data.draw(submissions(survey))
    with TemporaryDirectory() as folder:
        path = Path(folder, f"按{'序号' if kind == 'number' else '文本'}{suffix}")
        write_export(survey, written, path, kind, dialect)
        export = from_grid(parse(path.read_bytes(), path.name), survey, path.name)
    if any(field.type in ("multiple", "ranking") for field in survey.fields()):
        assert export.kind == kind
        assert_reads(export, survey, written)
