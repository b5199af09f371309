"""The stages from cells to statuses in one call, for tests that look at several of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from calm_pipeline import engine, validate
from calm_pipeline.clean import Register, clean_submissions
from calm_pipeline.clean.register import from_rows
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.pairing import join
from calm_pipeline.exports.reader import from_grid
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.writer import table
from calm_pipeline.rules import derive_rules, verdicts
from calm_pipeline.survey import Survey

NAMES = {"text": "123456789_按文本_调查.xlsx", "number": "123456789_按序号_调查.xlsx"}
DATABASE = engine.connect()


@dataclass(frozen=True)
class Judged:
    """What the stages made of some submissions; frames as lists of rows in the order of 序号."""

    raw: pa.Table
    clean: list[dict[str, Any]]
    broken: set[tuple[int, str]]
    status: dict[int, str]


def grid(survey: Survey, submissions: Sequence[Submission], kind: str, dialect: str = "numbered") -> Grid:
    """The grid that reading the written export would give."""
    header, *rows = table(survey, submissions, kind, dialect)  # type: ignore[arg-type]
    cells = [[None if cell == "" else str(cell) for cell in row] for row in rows]
    columns = {f"c{n}": pa.array([row[n] for row in cells], pa.string()) for n in range(len(header))}
    return Grid([str(title) for title in header], pa.table(columns))


def raw_frame(survey: Survey, submissions: Sequence[Submission], kinds: Sequence[str]) -> pa.Table:
    return join([from_grid(grid(survey, submissions, kind), survey, NAMES[kind]) for kind in kinds], survey)


def register_of(survey: Survey, submissions: Sequence[Submission], staff: int = 100) -> Register:
    """A register in which every library that answered is known and large enough."""
    names = dict.fromkeys(str(one.answers[survey.library]) for one in submissions)
    about = {"aliases": "", "province": "浙江", "type": "comprehensive", "staff_count": str(staff)}
    return from_rows(
        [{"library_id": f"L{n}", "name_zh": zh, "name_en": f"Library {n}", **about} for n, zh in enumerate(names)]
    )


def judge(survey: Survey, raw: pa.Table, register: Register, *, apart: bool = False) -> Judged:
    """`apart`: each submission is judged as if its library had sent no other."""
    rules = derive_rules(survey)
    clean = _stored(clean_submissions(ibis.memtable(raw), survey, register))
    own = ibis.ifelse(clean.library_id.isnull(), clean.library_id, clean.submission_id)
    judged = _stored(clean.mutate(library_id=own)) if apart else clean
    found = _stored(validate.violations(_stored(verdicts(judged, rules)), rules, survey))
    statuses = DATABASE.to_pyarrow(validate.submissions(judged, found, survey)).to_pylist()
    rows = DATABASE.to_pyarrow(clean.order_by("sequence")).to_pylist()
    sequence = {row["submission_id"]: row["sequence"] for row in rows}
    broken = {(sequence[row["submission_id"]], row["rule"]) for row in DATABASE.to_pyarrow(found).to_pylist()}
    return Judged(raw, rows, broken, {row["sequence"]: row["status"] for row in statuses})


def _stored(frame: Any) -> Any:
    return ibis.memtable(DATABASE.to_pyarrow(frame))
