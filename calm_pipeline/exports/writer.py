"""Writing an export as the platform would: workbooks and csv files with the same bytes on every machine."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from calm_pipeline.exports.answers import Cell, cell
from calm_pipeline.exports.headers import Kind, layout
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.wenjuanxing import METADATA
from calm_pipeline.survey import Survey
from calm_pipeline.workbooks import LONGEST, workbook, write_text

_METADATA: dict[str, Callable[[Submission], Cell]] = {
    "sequence": lambda one: one.sequence,
    "submitted_at": lambda one: spoken_time(one.submitted_at),
    "duration": lambda one: f"{one.seconds}秒",
    "source": lambda one: one.source,
    "source_detail": lambda one: one.source_detail,
    "ip": lambda one: one.ip,
}


def write_export(
    survey: Survey,
    submissions: Sequence[Submission],
    path: Path,
    kind: Kind,
    dialect: str = "numbered",
    *,
    title: str = "",
    encoding: str = "utf-8-sig",
) -> None:
    """Write submissions to `path`, whose suffix says xlsx or csv.

    `title` is a document property of workbooks, `encoding` that of csv files. Raises ValueError if the suffix is
    another one, or if a text is longer than a spreadsheet cell.
    """
    rows = table(survey, submissions, kind, dialect)
    if path.suffix == ".xlsx":
        path.write_bytes(_workbook(rows, title))
    elif path.suffix == ".csv":
        path.write_bytes(_csv(rows).encode(encoding))
    else:
        raise ValueError(f"exports are written as .xlsx or .csv, not as {path.suffix}")


def table(survey: Survey, submissions: Sequence[Submission], kind: Kind, dialect: str = "numbered") -> list[list[Cell]]:
    """The cells of an export, header first."""
    columns = layout(survey, kind, dialect)
    header: list[Cell] = [*(METADATA[name] for name in _METADATA), *(text for _, text in columns)]
    rows = [
        [*(of(one) for of in _METADATA.values()), *(cell(survey, one, column, kind) for column, _ in columns)]
        for one in submissions
    ]
    return [header, *rows]


def spoken_time(moment: datetime) -> str:
    """A moment as the platform prints it, without leading zeros in month, day and hour."""
    return f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment:%M:%S}"


def _csv(rows: list[list[Cell]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _workbook(rows: list[list[Cell]], title: str) -> bytes:
    out = io.BytesIO()
    with workbook(out, title) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, place, value)
                elif len(value) > LONGEST:
                    raise ValueError(f"row {number + 1}: a cell holds at most {LONGEST} characters")
                elif value:
                    write_text(sheet, number, place, value)
    return out.getvalue()
