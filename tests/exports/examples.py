"""One small survey with every question type, and two submissions to it."""

from datetime import datetime
from typing import Any

from calm_pipeline.exports.submission import Silence, Submission
from calm_pipeline.survey import Survey


def words(zh: str, **more: Any) -> dict[str, Any]:
    return {"zh": zh, "en": f"In English: {zh}", **more}


SURVEY = Survey.model_validate(
    {
        "edition": "2030",
        "title": words("调查"),
        "theme": words("主题"),
        "platform": {"name": "wenjuanxing", "personal": ["source", "source_detail", "ip"]},
        "fielding": {"opens": "2030-03-01", "closes": "2030-06-30", "timezone": "Asia/Shanghai"},
        "eligibility": {"staff_at_least": 80},
        "not_counted": {"sources": ["预览答题"]},
        "questions": {
            "name": {"number": 1, "type": "text", "personal": True, **words("您的姓名")},
            "mobile": {"number": 2, "type": "text", "personal": True, **words("您的手机号")},
            "library": {"number": 3, "type": "text", "identifies": "library", **words("图书馆名称")},
            "channels": {
                "number": 4,
                "type": "multiple",
                "options": {
                    "site": words("官网"),
                    "wechat": words("微信（公众号）"),
                    "other": words("其他（请注明）", specify=True),
                },
                **words("贵馆有哪些渠道？", aliases=("贵馆使用哪些渠道",)),
            },
            "satisfaction": {
                "number": 7,
                "type": "single",
                "rows": {"books": words("图书"), "seats": words("座位")},
                "options": {"low": words("不满意"), "high": words("满意")},
                **words("请评价以下各项"),
            },
            "comfort": {
                "number": 8,
                "type": "single",
                "rows": {"books": words("图书"), "seats": words("座位")},
                "options": {"low": words("不满意"), "high": words("满意")},
                **words("请再次评价"),
            },
            "order": {
                "number": 10,
                "type": "ranking",
                "options": {"a": words("甲"), "b": words("乙"), "c": words("丙")},
                **words("请排序"),
            },
            "clubs": {
                "number": 24,
                "type": "integer",
                "rows": {"clubs": words("社团数"), "members": words("人数")},
                **words("学生社团"),
            },
            "advice": {"number": 30, "type": "text", **words("2030年有何建议？")},
            "files": {"number": 31, "type": "upload", **words("请上传材料")},
        },
    }
)

ANSWERS = [
    Submission(
        sequence=3,
        submitted_at=datetime(2030, 3, 9, 9, 5, 7),
        seconds=378,
        source="微信",
        source_detail="",
        ip="203.0.113.7(江苏-南京)",
        answers={
            "name": "某某某",
            "mobile": "13800000000",
            "library": "某大学图书馆",
            "channels": {"other": "抖音", "site": ""},
            "satisfaction__books": {"high": ""},
            "satisfaction__seats": Silence.BLANK,
            "comfort__books": {"low": ""},
            "comfort__seats": {"high": ""},
            "order": {"b": "", "a": ""},
            "clubs__clubs": 12,
            "clubs__members": 300,
            "advice": '多开"门"，\n少关=门',
            "files": "方案.docx",
        },
    ),
    Submission(
        sequence=5,
        submitted_at=datetime(2030, 11, 10, 13, 36, 5),
        seconds=61,
        source="预览答题",
        source_detail="直接访问",
        ip="203.0.113.8(北京-北京)",
        answers={
            "name": Silence.BLANK,
            "mobile": Silence.BLANK,
            "library": "另一图书馆",
            "channels": {"wechat": ""},
            "satisfaction__books": {"low": ""},
            "satisfaction__seats": {"low": ""},
            "comfort__books": Silence.SKIPPED,
            "comfort__seats": Silence.SKIPPED,
            "order": Silence.SKIPPED,
            "clubs__clubs": Silence.SKIPPED,
            "clubs__members": Silence.SKIPPED,
            "advice": Silence.BLANK,
            "files": Silence.BLANK,
        },
    ),
]
