"""What is to be done, told once for all contenders: the columns of the export, options, gates, bounds, indices."""

import json
from pathlib import Path
from typing import Any

from calm_pipeline.exports.wenjuanxing import METADATA
from calm_pipeline.rules.garbled import GARBLED
from calm_pipeline.rules.texts import LONGEST
from calm_pipeline.survey import Field, Survey

FILE = "task.json"


def write_task(root: Path, survey: Survey) -> None:
    """Put what an analyst would know by heart beside the files, so that no contender spends time on declarations."""
    (root / FILE).write_text(json.dumps(_task(survey), ensure_ascii=False, indent=1), encoding="utf-8")


def read_task(root: Path) -> dict[str, Any]:
    """What `write_task` wrote, and where the files lie."""
    task: dict[str, Any] = json.loads((root / FILE).read_text(encoding="utf-8"))
    (export,) = (root / "data" / "raw" / task["edition"]).iterdir()
    return {**task, "export": str(export), "register": str(root / "data" / "raw" / "libraries.csv")}


def _task(survey: Survey) -> dict[str, Any]:
    fields = list(survey.fields())
    return {
        "edition": survey.edition,
        "digits": survey.platform.digits,
        "columns": [name for name in METADATA if name != "score"] + [field.name for field in fields],
        "answers": [field.name for field in fields if not field.question.personal and field.key != survey.library],
        "library": survey.library,
        "tests": [*survey.not_counted.libraries],
        "sources": [*survey.not_counted.sources],
        "staff_at_least": survey.eligibility.staff_at_least,
        "choices": [_choice(field) for field in fields if field.options],
        "numbers": [_number(field) for field in fields if field.type == "integer"],
        "texts": [field.name for field in fields if field.type == "text" and not field.question.personal],
        "garbled": GARBLED,
        "longest": LONGEST,
        "indices": {
            name: {key: list(survey.questions[key].substantive) for key in index.questions}
            for name, index in survey.indices.items()
        },
    }


def _gate(field: Field) -> dict[str, Any]:
    gate = {**field.question.asked_if, **field.question.asked_unless}
    if not gate:
        return {"gate": None, "required": field.question.required}
    ((key, (option,)),) = gate.items()
    closed = bool(field.question.asked_unless)
    return {"gate": f"{key}__{option}", "closes": closed, "required": field.question.required}


def _choice(field: Field) -> dict[str, Any]:
    options = {
        key: {"labels": [option.zh, *option.aliases], "alone": option.exclusive, "specify": option.specify}
        for key, option in field.options.items()
    }
    return {"question": field.name, "single": field.type == "single", "options": options, **_gate(field)}


def _number(field: Field) -> dict[str, Any]:
    low, high = field.bounds
    at_most = field.question.rows[field.row].at_most if field.row else None
    other = at_most and f"{field.key}__{at_most}"
    return {"field": field.name, "low": low, "high": high, "at_most": other, **_gate(field)}
