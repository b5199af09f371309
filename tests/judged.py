"""The stages from cells to statuses in one call, for tests that look at several of them at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from calm_pipeline import columns, engine, validate
from calm_pipeline.clean import Register, clean_submissions, repairs
from calm_pipeline.clean.register import from_rows
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.pairing import join
from calm_pipeline.exports.reader import from_grid
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.writer import table
from calm_pipeline.rules import Rule, derive_rules, verdicts
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


class Step:
    """A step from tables to a table, compiled once for all of the same columns: that takes longer than to run."""

    def __init__(self, step: Callable[..., ir.Table]) -> None:
        self.step = step
        self.known: dict[tuple[pa.Schema, ...], ir.Table] = {}
        self.compiled: dict[tuple[pa.Schema, ...], str] = {}

    def __call__(self, *tables: pa.Table) -> pa.Table:
        for n, rows in enumerate(tables):
            DATABASE.con.register(f"step_{n}", rows)
        schemas = tuple(rows.schema for rows in tables)
        if schemas not in self.known:
            asked = [ibis.table(ibis.Schema.from_pyarrow(one), name=f"step_{n}") for n, one in enumerate(schemas)]
            self.known[schemas] = self.step(*asked)
            return DATABASE.to_pyarrow(self.known[schemas])  # hands over the tables that the step brings along, too
        made = self.known[schemas]
        if schemas not in self.compiled:
            self.compiled[schemas] = DATABASE.compile(made)
        return DATABASE.con.sql(self.compiled[schemas]).to_arrow_table().cast(made.schema().to_pyarrow())


@dataclass
class Stages:
    """The stages of one survey and register."""

    survey: Survey
    register: Register

    @cached_property
    def rules(self) -> list[Rule]:
        return derive_rules(self.survey)

    def clean(self, raw: pa.Table) -> pa.Table:
        """By the way of exports by number only where there are any, as in a run."""
        numbers = (raw[columns.number(field.name)] for field in self.survey.fields())
        by_number = any(cells.null_count < len(cells) for cells in numbers)
        return (self.by_either if by_number else self.by_text)(raw)

    @cached_property
    def by_either(self) -> Step:
        return Step(lambda raw: clean_submissions(raw, self.survey, self.register))

    @cached_property
    def by_text(self) -> Step:
        return Step(lambda raw: clean_submissions(raw, self.survey, self.register, by_number=False))

    @cached_property
    def verdicts(self) -> Step:
        return Step(lambda clean: verdicts(clean, self.rules))

    @cached_property
    def violations(self) -> Step:
        return Step(lambda found: validate.violations(found, self.rules, self.survey))

    @cached_property
    def submissions(self) -> Step:
        return Step(lambda clean, found: validate.submissions(clean, found, self.survey))

    @cached_property
    def repairs(self) -> Step:
        return Step(lambda raw, clean: repairs(raw, clean, self.survey))


APART = Step(lambda clean: clean.mutate(library_id=ibis.ifelse(clean.library_id.isnull(), None, clean.submission_id)))
KNOWN: dict[tuple[int, int], Stages] = {}
"""By identity: each holds its survey and its register, so that no other can come to have the same."""


def stages(survey: Survey, register: Register) -> Stages:
    """The stages, compiled as far as they were needed before."""
    if len(KNOWN) > 8:
        KNOWN.clear()
    return KNOWN.setdefault((id(survey), id(register)), Stages(survey, register))


def judge(survey: Survey, raw: pa.Table, register: Register, *, apart: bool = False) -> Judged:
    """`apart`: each submission is judged as if its library had sent no other."""
    step = stages(survey, register)
    clean = step.clean(raw)
    judged = APART(clean) if apart else clean
    found = step.violations(step.verdicts(judged))
    rows = clean.sort_by("sequence").to_pylist()
    sequence = {row["submission_id"]: row["sequence"] for row in rows}
    broken = {(sequence[row["submission_id"]], row["rule"]) for row in found.to_pylist()}
    statuses = step.submissions(judged, found).to_pylist()
    return Judged(raw, rows, broken, {row["sequence"]: row["status"] for row in statuses})
