"""Several files of one survey: united, paired and, if they contradict each other, refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from calm_pipeline import columns
from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.export import Export
from calm_pipeline.exports.grid import grid
from calm_pipeline.exports.headers import Kind
from calm_pipeline.exports.reader import from_grid, join
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.writer import table
from tests.exports.examples import ANSWERS, SURVEY

FIRST, SECOND = ANSWERS


def export(kind: Kind, rows: Sequence[Submission], file: str = "a.csv", drop: int = 0) -> Export:
    cells = [list(map(str, row))[drop:] for row in table(SURVEY, rows, kind)]
    return from_grid(grid(cells, file), SURVEY, file)


def refused(*exports: Export) -> ExportRefused:
    with pytest.raises(ExportRefused) as error:
        join(list(exports), SURVEY)
    return error.value


def test_files_of_one_kind_are_united_in_the_order_of_sequence() -> None:
    raw = join([export("text", [SECOND], "b.csv"), export("text", [FIRST, SECOND], "a.csv")], SURVEY)
    assert raw.select(["submission_id", "file", "row"]).to_pylist() == [
        {"submission_id": "2030-0003", "file": "a.csv", "row": 2},
        {"submission_id": "2030-0005", "file": "b.csv", "row": 2},
    ]


def test_two_versions_of_a_row_are_refused() -> None:
    other = replace(SECOND, answers={**SECOND.answers, "advice": "改了主意"})
    error = refused(export("text", [FIRST, SECOND], "a.csv"), export("text", [other], "b.csv"))
    assert (error.code, error.place.en) == ("sequence_conflict", "b.csv, row 2")
    assert "序号 5 was already read from a.csv" in error.cause.en


def test_a_pair_must_hold_the_same_rows_at_the_same_times() -> None:
    by_text = export("text", [FIRST, SECOND], "a.csv")
    error = refused(by_text, export("number", [FIRST], "b.csv"))
    assert (error.code, error.place.en) == ("pair_rows", "a.csv + b.csv")
    assert error.cause.en.endswith("序号 5")
    later = replace(SECOND, submitted_at=SECOND.submitted_at + timedelta(seconds=1))
    error = refused(by_text, export("number", [FIRST, later], "b.csv"))
    assert error.code == "pair_times"
    assert error.cause.en.endswith("序号 5")


def test_without_sequence_the_position_serves() -> None:
    raw = join([export(kind, ANSWERS, f"{kind}.csv", drop=1) for kind in ("text", "number")], SURVEY)
    assert raw["submission_id"].to_pylist() == ["2030-0001", "2030-0002"]
    assert raw[columns.number("order")].to_pylist() == ["2┋1┋-2", "-3┋-3┋-3"]


def test_sequence_in_one_file_only_is_refused() -> None:
    assert refused(export("text", ANSWERS), export("number", ANSWERS, "b.csv", drop=1)).where.file == "b.csv"


def test_nothing_to_join_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no exports"):
        join([], SURVEY)


def test_a_survey_without_options_by_column_is_told_by_its_cells() -> None:
    keep = {key: SURVEY.questions[key] for key in ("library", "satisfaction")}
    survey = SURVEY.model_copy(update={"questions": keep})
    for kind in ("text", "number"):
        chosen: Kind = "number" if kind == "number" else "text"
        cells = [list(map(str, row)) for row in table(survey, ANSWERS, chosen)]
        assert from_grid(grid(cells, "x.csv"), survey, "x.csv").kind == kind
