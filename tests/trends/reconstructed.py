"""A 2024 edition made from the 2023 one: who answers again is known, and what they answer otherwise is a short list."""

import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import yaml

from calm_pipeline import columns, normalize, validate
from calm_pipeline.clean import clean_submissions
from calm_pipeline.exports.receive import receive
from calm_pipeline.exports.submission import Answer, Silence, Submission
from calm_pipeline.exports.wenjuanxing import RECONSTRUCTED
from calm_pipeline.exports.writer import write_export
from calm_pipeline.rules import derive_rules, verdicts
from calm_pipeline.rules.consistency import rule_problems
from calm_pipeline.survey import Survey, load_survey
from calm_pipeline.trends import Year
from tests.published import look
from tests.reference import DATABASE, EDITION, PROJECT, SURVEY, frame
from tests.trends.counted import counted

AGAIN, NEWCOMERS = 100, 15
MOVES = {  # field and option: how many libraries that answer again gain it, how many lose it
    ("engaged_users", "alumni"): (9, 4),
    ("services", "delivery"): (20, 0),
    ("annual_events", "branding"): (0, 11),
    ("protocols", "charter"): (3, 3),
    ("information_channels", "ai_assistant"): (30, 0),
}
FURTHER = 6  # libraries that answer again and came from partial implementation to a systematic one

Ticks = dict[str, set[str] | None]
"""By field, what a library ticked; None where it was not asked."""


def second_survey() -> dict[str, Any]:
    """The survey file of 2024: that of 2023 with one change of each kind."""
    said = yaml.safe_load(PROJECT.root.survey(EDITION).read_text(encoding="utf-8"))
    asked = said["questions"]
    said["edition"] = "2024"
    said["fielding"] |= {"opens": "2024-03-01", "closes": "2024-06-30"}
    asked["services"]["en"] = "Which kinds of service does your library offer today?"
    asked["annual_events"]["options"]["book_day"]["zh"] = "世界读书日系列活动"
    asked["incentives"]["zh"] = asked["incentives"]["zh"].replace("？", " ?")
    channels = asked["information_channels"]["options"]
    del channels["univ_forum"]
    channels["ai_assistant"] = {"en": "AI assistant", "zh": "智能助手"}
    asked["training_types"]["asked_unless"] = {"training_groups": ["none", "other"]}
    asked["protocols"]["required"] = False
    asked["challenges"]["type"] = "ranking"
    del asked["challenges"]["options"]["other"]["specify"]
    for gone in (asked, said["tables"]):
        del gone["user_experience"]
    said["indices"]["benefit"]["questions"].remove("user_experience")
    about = {
        "number": 32,
        "type": "multiple",
        "required": True,
        "en": "What is AI used for?",
        "zh": "人工智能用于何处？",
    }
    asked["ai_use"] = about | {
        "options": {"chat": {"en": "Chat", "zh": "问答"}, "none": {"en": "Nothing", "zh": "未用"}}
    }
    return said


def first_ticks() -> dict[str, Ticks]:
    """What each library said in 2023, by library, in the order of their numbers in the register."""
    rows = sorted(frame("accepted").to_dict("records"), key=lambda row: row["library_id"])
    return {
        row["library_id"]: {field.name: _ticked(row, field.name, list(field.options)) for field in SURVEY.choices()}
        for row in rows
    }


def _ticked(row: dict[Any, Any], field: str, options: list[str]) -> set[str] | None:
    if row[columns.state(field)] == "not_asked":
        return None
    if field in row:
        return {row[field]}
    return {option for option in options if row[columns.tick(field, option)] == 1}


def second_ticks() -> dict[str, Ticks]:
    """What each library says in 2024: the first hundred answer again, some others of the register come in."""
    first = first_ticks()
    again, others = list(first)[:AGAIN], list(first)[AGAIN:]
    eligible = [
        row["library_id"] for row in PROJECT.register().libraries.to_pylist() if (row["staff_count"] or 0) >= 80
    ]
    newcomers = [library for library in eligible if library not in first][:NEWCOMERS]
    said = {library: copy.deepcopy(first[library]) for library in again}
    said |= {library: copy.deepcopy(first[other]) for library, other in zip(newcomers, others, strict=False)}
    for ticks in said.values():
        del ticks["user_experience"]
        (ticks["information_channels"] or set()).discard("univ_forum")
        ticks["ai_use"] = {"chat"}
        if (ticks["training_groups"] or set()) & {"none", "other"}:
            ticks["training_types"] = None
    panel = [said[library] for library in again]
    for (field, option), (gained, lost) in MOVES.items():
        without, having = [[one for one in panel if (option in one[field]) is held] for held in (False, True)]  # type: ignore[operator]
        for one in without[:gained]:
            one[field] = {*(one[field] or ()), option}
        for one in having[:lost]:
            one[field] = (one[field] or set()) - {option}
    for one in [one for one in panel if one["stage"] == {"partial"}][:FURTHER]:
        one["stage"] = {"systematic"}
    return said


def submissions(survey: Survey, said: dict[str, Ticks]) -> list[Submission]:
    """The same as a platform would have received it."""
    names = PROJECT.library_names()
    start = datetime(2024, 4, 1, 9)
    return [
        Submission(
            sequence=n,
            submitted_at=start + timedelta(minutes=n),
            seconds=600,
            source="链接",
            source_detail=RECONSTRUCTED,
            ip="192.0.2.7(江苏-南京)",
            answers={field.name: _answer(field, ticks, names[library].zh) for field in survey.fields()},
        )
        for n, (library, ticks) in enumerate(said.items(), 1)
    ]


def _answer(field: Any, ticks: Ticks, library: str) -> Answer:
    if field.options:
        chosen = ticks[field.name]
        if chosen is None:
            return Silence.SKIPPED
        return {name: "说明" if option.specify else "" for name, option in field.options.items() if name in chosen}
    if field.type == "integer":
        gates = field.question.asked_if.items()
        return 40 if all(set(options) & (ticks[key] or set()) for key, options in gates) else Silence.SKIPPED
    if field.question.personal:
        return "19900001234"
    return library if field.question.identifies else Silence.BLANK


@dataclass(frozen=True)
class Made:
    """Both editions as they are compared, and what was put into them."""

    now: Year
    last: Year
    said: dict[str, Ticks]
    said_before: dict[str, Ticks]


def make(folder: Path) -> Made:
    """Write the survey file and the export of 2024 into `folder`, and take them through every stage."""
    file = folder / "2024.yaml"
    file.write_text(yaml.safe_dump(second_survey(), allow_unicode=True, sort_keys=False), encoding="utf-8")
    survey, said = load_survey(file, rule_problems), second_ticks()
    export = folder / "1_按文本_调查.csv"
    write_export(survey, submissions(survey, said), export, "text")
    tables = judged(survey, [export])
    tables["editions"] = ibis.memtable(normalize.editions(survey, file, tables["files"]))
    return Made(Year.of(survey, tables.__getitem__), Year.of(SURVEY, look), said, first_ticks())


def judged(survey: Survey, exports: list[Path]) -> dict[str, ir.Table]:
    """From files to selections, as assets compose the stages."""
    received, rules = receive(exports, survey), derive_rules(survey)
    clean = _kept(clean_submissions(ibis.memtable(received.raw), survey, PROJECT.register()))
    broken = _kept(validate.violations(_kept(verdicts(clean, rules)), rules, survey))
    statuses = _kept(validate.submissions(clean, broken, survey))
    selections = _kept(normalize.selections(validate.accepted(clean, statuses), survey))
    tables = {"files": ibis.memtable(received.files), "submissions": statuses, "selections": selections}
    return {**tables, "option_counts": counted(selections, survey)}


def _kept(table: ir.Table) -> ir.Table:
    return ibis.memtable(DATABASE.to_pyarrow(table))
