"""The desk's workbook of an edition: what is to be done, every answer with its broken rules marked, what was repaired.

Text from outside is never altered to guard against formulas: in a workbook it is text, and stays text when a cell is
edited (quote prefix). Who saves a sheet as csv has to open that csv as text.
"""

import io
from collections.abc import Iterable, Sequence
from typing import TypeAlias
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from calm_pipeline.letters.case import Answer, Case, Difference, Finding
from calm_pipeline.letters.wording import (
    BLANK,
    ORDER,
    SEVERITY,
    UNREADABLE,
    WITHHELD,
    ask,
    both,
    both_said,
    oldest_first,
    said,
)
from calm_pipeline.survey import Field, Survey
from calm_pipeline.text import visible
from calm_pipeline.workbooks import LONGEST, workbook, write_text

Columns: TypeAlias = Sequence[tuple[str, int]]
FILLS = {"error": "#F8CBAD", "confirm": "#FFE699", "warn": "#DDEBF7"}
A4, POINTS = 9, 15
CUT = "……〔此处截断 cut here〕"
TODO = (
    ("答卷 Submission", 12),
    ("图书馆 Library", 28),
    ("级别 Severity", 16),
    ("题目 Question", 38),
    ("收到的答案 Received", 34),
    ("请询问 Ask (zh)", 44),
    ("请询问 Ask (en)", 44),
    ("发现 Opened", 12),
    ("期限 Deadline", 12),
    ("是否寄出 Send", 18),
)
REPAIRS = (
    ("答卷 Submission", 12),
    ("题目 Question", 44),
    ("原因 Reason", 30),
    ("原答案 Before", 34),
    ("现答案 Now", 34),
)
KNOWN = (("答卷 Submission", 12), ("提交时间 Submitted", 19), ("图书馆 Library", 28))
SEND = {False: "是 yes", True: "否，重建数据 no, reconstructed"}


def desk_workbook(cases: Sequence[Case], survey: Survey) -> bytes:
    """An xlsx workbook of three sheets, oldest case first; the same cases give the same bytes."""
    out, ordered = io.BytesIO(), oldest_first(cases)
    with workbook(out, f"{survey.title.zh} {survey.title.en}") as book:
        todo = [(case, finding) for case in ordered for finding in case.findings]
        _sheet(book, "待处理 To do", TODO, [_todo(case, finding) for case, finding in todo], 1).fit_to_pages(1, 0)
        _submissions(book, ordered, survey)
        mended = [row for case in ordered for row in _repairs(case)]
        _sheet(book, "更正 Repairs", REPAIRS, mended, 1).fit_to_pages(1, 0)
    return out.getvalue()


def _todo(case: Case, finding: Finding) -> list[str]:
    answers, wanted, differing = finding.answers, ask(finding), _differing(case, finding)
    concerned: list[Answer | Difference] = [*answers, *differing]
    steps = case.steps if finding.severity == "error" else ()
    return [
        case.submission_id,
        _library(case),
        both(SEVERITY[finding.severity]),
        "\n".join(f"第{one.number}题 {one.question.zh}\nQ{one.number} {one.question.en}" for one in concerned),
        "\n".join([*(_received(one, answers) for one in answers), *map(both_said, differing)]),
        "\n".join([wanted.zh, *(step.zh for step in steps)]),
        "\n".join([wanted.en, *(step.en for step in steps)]),
        case.opened.isoformat(),
        case.deadline.isoformat(),
        SEND[case.reconstructed],
    ]


def _received(one: Answer, among: Sequence[Answer]) -> str:
    value = said(one)
    return value if len(among) == 1 else f"Q{one.number}: {value}"


def _differing(case: Case, finding: Finding) -> list[Difference]:
    """Where other submissions say something else, for the finding that is about nothing but that."""
    return [] if finding.answers else [one for other in case.others for one in other.differences]


def _repairs(case: Case) -> Iterable[list[str]]:
    for one in case.repairs:
        before = both(WITHHELD) if one.before is None else one.before
        yield [case.submission_id, both(one.question, "\n"), both(one.reason, "\n"), before, one.after or both(BLANK)]


def _submissions(book: Workbook, cases: Sequence[Case], survey: Survey) -> None:
    """One row a case; each cell that breaks a rule is filled and says which, the first one for those without a cell."""
    fields = list(survey.fields())
    columns = (*KNOWN, *((_heading(field), 26) for field in fields))
    places = {field.name: len(KNOWN) + place for place, field in enumerate(fields)}
    known = [[case.submission_id, str(case.submitted_at or both(UNREADABLE)), _library(case)] for case in cases]
    rows = [
        [*start, *(case.row.get(field.name, "") for field in fields)] for start, case in zip(known, cases, strict=True)
    ]
    sheet = _sheet(book, "答卷 Submissions", columns, rows, len(KNOWN), 150)
    fills = {severity: _text(book, bg_color=fill) for severity, fill in FILLS.items()}
    for number, (case, row) in enumerate(zip(cases, rows, strict=True), 1):
        for place, broken in _broken(case, places).items():
            worst = min((finding.severity for finding in broken), key=ORDER.index)
            write_text(sheet, number, place, _cell(row[place]), fills[worst])
            comment = _cell("\n\n".join(both(ask(finding), "\n") for finding in broken))
            sheet.write_comment(number, place, comment, {"width": 380, "height": 70 + 90 * len(broken), "font_size": 9})


def _broken(case: Case, places: dict[str, int]) -> dict[int, list[Finding]]:
    broken: dict[int, list[Finding]] = {}
    for finding in case.findings:
        concerned: list[Answer | Difference] = [*finding.answers, *_differing(case, finding)]
        for place in sorted({places.get(one.field, 0) for one in concerned} or {0}):
            broken.setdefault(place, []).append(finding)
    return broken


def _sheet(
    book: Workbook, name: str, columns: Columns, rows: list[list[str]], frozen: int, tallest: int = 300
) -> Worksheet:
    """A sheet with a header and `frozen` columns that stay in sight, and a filter; no row is higher than `tallest`."""
    sheet, plain, head = book.add_worksheet(name), _text(book), _text(book, bold=True, bg_color="#E7EEF1")
    for place, (_, width) in enumerate(columns):
        sheet.set_column(place, place, width)
    for number, row in enumerate([[title for title, _ in columns], *rows]):
        sheet.set_row(number, min(tallest, _height(row, columns)))
        for place, value in enumerate(row):
            write_text(sheet, number, place, _cell(value), plain if number else head)
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.repeat_rows(0)
    return sheet


def _height(row: Sequence[str], columns: Columns) -> int:
    """Points that the wrapped text needs, since not every program works it out when it opens a file."""
    return 4 + POINTS * max(_lines(value, width) for value, (_, width) in zip(row, columns, strict=True))


def _lines(text: str, width: int) -> int:
    return sum(1 + sum(1 + (east_asian_width(mark) in "WF") for mark in line) // width for line in text.split("\n"))


def _text(book: Workbook, **more: object) -> Format:
    return book.add_format(
        {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#CCD3DA", "quote_prefix": True, **more}
    )


def _cell(text: str) -> str:
    """What a cell can hold: characters that show, and no more of them than 32,767 UTF-16 units."""
    units = visible(text).encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return units.decode("utf-16-le")
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT


def _heading(field: Field) -> str:
    question, row = field.question, field.question.rows.get(field.row or "")
    zh, en = (f"{question.zh}{row.zh}", f"{question.en} {row.en}") if row else (question.zh, question.en)
    return f"第{question.number}题 {zh}\nQ{question.number} {en}\n{field.name}"


def _library(case: Case) -> str:
    return both(case.library, "\n") if case.library else f"{case.library_written}\n（未对应 not matched）"
