"""A small survey with gates, bounds and exclusive options, a valid submission to it, and the way a case is judged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from calm_pipeline.clean import Register
from calm_pipeline.clean.register import from_rows
from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports.export import Export
from calm_pipeline.exports.grid import grid, parse
from calm_pipeline.exports.reader import from_grid
from calm_pipeline.exports.submission import Answer, Silence, Submission, Verbatim
from calm_pipeline.exports.writer import table
from calm_pipeline.survey import Survey
from tests.judged import Judged, judge, raw_frame, stages

Part = dict[str, Any]


def words(zh: str, **more: Any) -> Part:
    return {"zh": zh, "en": f"In English: {zh}", **more}


OTHER = words("其他（请注明）", role="other", specify=True)
METHODS = {
    "assistants": words("学生助理"),
    "orgs": words("学生组织（社团等）"),
    "none": words("尚未开展", role="none", exclusive=True),
    "other": OTHER,
}
PERSONAL = {"type": "text", "required": True, "personal": True}
COUNT = {"type": "integer", "required": True, "minimum": 1, "maximum": 200000}
SURVEY = Survey.model_validate(
    {
        "edition": "2030",
        "title": words("调查"),
        "theme": words("主题"),
        "platform": {"name": "wenjuanxing", "personal": ["source", "source_detail", "ip"]},
        "fielding": {
            "opens": "2030-03-01",
            "closes": "2030-06-30",
            "timezone": "Asia/Shanghai",
            "seconds_at_least": 60,
        },
        "eligibility": {"staff_at_least": 80},
        "not_counted": {"sources": ["预览答题", "未完成"], "libraries": ["测试"]},
        "questions": {
            "name": {**PERSONAL, "number": 1, **words("您的姓名")},
            "mobile": {**PERSONAL, "number": 2, "form": "mobile", **words("您的手机号")},
            "library": {"number": 3, "type": "text", "required": True, "identifies": "library", **words("图书馆名称")},
            "methods": {
                "number": 21,
                "type": "multiple",
                "required": True,
                "options": METHODS,
                **words("贵馆通过哪些方式吸引用户？", aliases=("贵馆如何吸引用户",)),
            },
            "assistants": {"number": 22, **COUNT, "asked_if": {"methods": "assistants"}, **words("助理每年多少人？")},
            "orgs": {
                "number": 24,
                **COUNT,
                "asked_if": {"methods": "orgs"},
                "rows": {"groups": words("组织数", maximum=1000, at_most="members"), "members": words("成员数")},
                **words("学生组织及成员："),
            },
            "stage": {
                "number": 28,
                "type": "single",
                "required": True,
                "options": {"plan": words("规划中"), "done": words("已实施"), "other": OTHER},
                **words("进展到哪一阶段？"),
            },
            "advice": {"number": 30, "type": "text", **words("有何建议？")},
            "files": {"number": 31, "type": "upload", **words("请上传材料")},
        },
    }
)
LIBRARY = "甲大学图书馆"
VALID = Submission(
    sequence=1,
    submitted_at=datetime(2030, 4, 5, 9, 5, 7),
    seconds=378,
    source="微信",
    source_detail="",
    ip="203.0.113.7(江苏-南京)",
    answers={
        "name": "某某某",
        "mobile": "13800000000",
        "library": LIBRARY,
        "methods": {"assistants": "", "orgs": ""},
        "assistants": 200,
        "orgs__groups": 12,
        "orgs__members": 300,
        "stage": {"done": ""},
        "advice": "多开门",
        "files": "方案.docx",
    },
)
_ABOUT = {"name_en": "", "aliases": "", "province": "浙江", "type": "comprehensive", "staff_count": "100"}
REGISTER = from_rows(
    [
        {**_ABOUT, "library_id": "L1", "name_zh": LIBRARY, "name_en": "Library A", "aliases": "甲大图书馆"},
        {**_ABOUT, "library_id": "L2", "name_zh": "乙大学图书馆", "name_en": "Library B", "aliases": "大学图书馆"},
        {**_ABOUT, "library_id": "L3", "name_zh": "丙大学图书馆", "name_en": "Library C", "aliases": "大学图书馆"},
        {**_ABOUT, "library_id": "L4", "name_zh": "小大学图书馆", "name_en": "Library D", "staff_count": "79"},
        {**_ABOUT, "library_id": "L5", "name_zh": "未知大学图书馆", "name_en": "Library E", "staff_count": ""},
    ]
)


def said(sequence: int = 1, **answers: Answer) -> Submission:
    """The valid submission with other answers; text for a question that is not answered in text goes in verbatim."""
    written = {name: _verbatim(name, answer) for name, answer in answers.items()}
    return replace(VALID, sequence=sequence, answers={**VALID.answers, **written})


def _verbatim(name: str, answer: Answer) -> Answer:
    field = next(field for field in SURVEY.fields() if field.name == name)
    return (
        Verbatim(answer, answer)
        if isinstance(answer, str) and field.type in ("integer", "single", "multiple")
        else answer
    )


def cells(
    submissions: Sequence[Submission] = (VALID,), kind: str = "text", dialect: str = "numbered"
) -> list[list[str]]:
    """The cells of the exporter's table as text, header first."""
    return [
        list(map(str, row)) for row in table(SURVEY, submissions, "number" if kind == "number" else "text", dialect)
    ]


def export(records: list[list[str]], file: str = "export.csv") -> Export:
    return from_grid(grid(records, file), SURVEY, file)


def read(content: bytes, file: str = "export.csv") -> Export:
    return from_grid(parse(content, file), SURVEY, file)


def refused(content: bytes, file: str = "export.csv") -> ExportRefused | None:
    """The refusal of a file's bytes; None if it was read."""
    try:
        read(content, file)
    except ExportRefused as error:
        return error
    return None


def code(content: bytes, file: str = "export.csv") -> str | None:
    error = refused(content, file)
    return error.code if error else None


def outcome(*submissions: Submission, kinds: Sequence[str] = ("text",), register: Register = REGISTER) -> Judged:
    """What became of submissions, by 序号; as many are received as have a status."""
    made = judge(SURVEY, raw_frame(SURVEY, submissions, kinds), register)
    assert len(made.status) == len(submissions)
    return made


def mended(*submissions: Submission, kinds: Sequence[str] = ("text",)) -> set[tuple[str, str, str | None, str | None]]:
    """Every repair: field, rule, before, after."""
    raw, step = raw_frame(SURVEY, submissions, kinds), stages(SURVEY, REGISTER)
    rows = step.repairs(raw, step.clean(raw)).to_pylist()
    return {(row["field"], row["rule"], row["before"], row["after"]) for row in rows}


SILENT = Silence.SKIPPED
