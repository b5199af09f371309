"""The clean frame: one row a submission, typed answers with their states, the library it comes from."""

from collections.abc import Callable
from functools import partial, reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.canonical import canonical, canonical_expr
from calm_pipeline.clean.apart import Columns, recognise, take_apart
from calm_pipeline.clean.cells import integer
from calm_pipeline.clean.fields import read_field
from calm_pipeline.clean.register import Register
from calm_pipeline.engine import value
from calm_pipeline.gates import asked
from calm_pipeline.survey import Field, Survey

IDENTITY = ("submission_id", "sequence", "file", "row", "respondent")
_GAP = r"[ \t\n\f\r]*"
_DAY, _TIME = "([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})", "([01]?[0-9]|2[0-3]):([0-9]{2}):([0-9]{2})"
_WHEN = rf"^{_GAP}{_DAY}[ T]+{_TIME}{_GAP}\z"


def clean_submissions(
    raw: ir.Table,
    survey: Survey,
    register: Register,
    *,
    by_number: bool = True,
) -> ir.Table:
    """Type every answer and settle its state.

    Args:
        raw: the raw frame of `exports.pairing.join`, one row a submission, all cells text.
        survey: the edition.
        register: the libraries that may answer.
        by_number: whether anything was exported by number (see `given_by_number`); if not, less is computed.

    Returns:
        One row a submission, in the order of their names: its own columns, `library_id` and what the register says of
        it, and the columns of every field (see `columns`), each with a state: answered, blank, not_asked or malformed.
    """
    fields = list(survey.fields())
    cells = raw.mutate(**_of_all(partial(take_apart, by_number=by_number), raw, fields))
    apart = cells.mutate(**_of_all(partial(recognise, by_number=by_number), cells, fields))
    own = {"by_text": apart[survey.library].notnull(), "as_received": _as_received(apart, fields), **platform(apart)}
    read = apart.select(*IDENTITY, "flagged", **own, **_of_all(partial(read_field, by_number=by_number), apart, fields))
    frame = read.mutate(**_malformed(read, fields))
    for gated in _by_depth(survey):
        frame = frame.mutate(**{columns.state(field.name): _settled(frame, survey, field) for field in gated})
    return _with_library(frame.mutate(content=_content(frame, survey)), survey, register).order_by("submission_id")


def given_by_number(raw: ir.Table, survey: Survey) -> bool:
    """Whether any answer of the raw frame was exported by number."""
    given = (raw[columns.number(field.name)].notnull().any() for field in survey.fields())
    return bool(value(reduce(or_, given)))


def _of_all(step: Callable[[ir.Table, Field], Columns], frame: ir.Table, fields: list[Field]) -> Columns:
    return {name: value for field in fields for name, value in step(frame, field).items()}


def _malformed(frame: ir.Table, fields: list[Field]) -> Columns:
    """The state of an answer with a problem."""
    return {
        columns.state(field.name): ibis.ifelse(
            frame[columns.problem(field.name)].notnull(), "malformed", frame[columns.state(field.name)]
        )
        for field in fields
        if columns.problem(field.name) in frame.columns
    }


def _by_depth(survey: Survey) -> list[list[Field]]:
    """The gated fields, those whose gates depend on ungated questions first, then those that depend on these."""
    depth: dict[str, int] = {}
    for key, question in survey.questions.items():
        gates = (*question.asked_if, *question.asked_unless)
        depth[key] = 1 + max(depth[gate] for gate in gates) if gates else 0
    levels: dict[int, list[Field]] = {}
    for field in survey.fields():
        levels.setdefault(depth[field.key], []).append(field)
    return [levels[level] for level in sorted(levels) if level]


def platform(raw: ir.Table) -> Columns:
    """When it was submitted, and how many seconds it took; null where that cannot be told."""
    parts = [raw.submitted_at.re_extract(_WHEN, n) for n in range(1, 7)]
    padded = [part.lpad(2, "0") if n else part for n, part in enumerate(parts)]
    when = padded[0] + "-" + padded[1] + "-" + padded[2] + " " + padded[3] + ":" + padded[4] + ":" + padded[5]
    return {
        "submitted_at": when.try_cast("timestamp"),
        "duration_seconds": integer(raw.duration.re_replace(r"秒\z", "")),
    }


def _settled(frame: ir.Table, survey: Survey, field: Field) -> ir.StringValue:
    """A silent answer is not_asked where the gate is closed and blank where it is open, whatever the platform wrote."""
    state, open_ = frame[columns.state(field.name)], asked(frame, survey, field.key)
    silent = state.isin(["blank", "not_asked"])
    return ibis.cases((silent & open_, "blank"), (silent & ~open_, "not_asked"), else_=state)


def _as_received(raw: ir.Table, fields: list[Field]) -> ir.StringValue:
    """A digest of all cells, by text where there are both: another download of the same answers has the same."""
    cells = [ibis.coalesce(raw[field.name], raw[columns.number(field.name)]) for field in fields]
    return ibis.literal("\x1e").join([_unbroken(cell) for cell in cells]).hexdigest("sha256")


def _content(frame: ir.Table, survey: Survey) -> ir.StringValue:
    """A digest of all answers, equal for two submissions that say the same."""
    skipped = {survey.library, columns.state(survey.library)}
    names = [name for field in survey.fields() for name in field_columns(field) if name not in skipped]
    return ibis.literal("\x1e").join([_unbroken(frame[name]) for name in names]).hexdigest("md5")


def _unbroken(value: ir.Value) -> ir.StringValue:
    text = value.replace("\x1e", "") if value.type().is_string() else value.cast("string")
    return text.fill_null("")


def field_columns(field: Field) -> list[str]:
    """The names of the clean columns that hold what was answered in `field`, its state included."""
    ticks = [columns.tick(field.name, key) for key in field.options] if field.type in ("multiple", "ranking") else []
    ranks = [columns.rank(field.name, key) for key in field.options] if field.type == "ranking" else []
    blanks = [columns.specify(field.name, key) for key, option in field.options.items() if option.specify]
    value = [] if field.type in ("multiple", "ranking") or field.question.personal else [field.name]
    return [*value, *ticks, *ranks, *blanks, columns.state(field.name)]


def _with_library(frame: ir.Table, survey: Survey, register: Register) -> ir.Table:
    names = ibis.memtable(register.names)
    written = frame.mutate(library_key=canonical_expr(frame[survey.library]))
    joined = written.left_join(names, written.library_key == names.name)
    one = joined.matches == 1
    tests = [canonical(name) for name in survey.not_counted.libraries]
    return joined.select(
        *(column for column in frame.columns if column != "flagged"),
        not_counted=joined.flagged | joined.library_key.isin(tests).fill_null(False),
        library_id=ibis.ifelse(one, joined.library_id, ibis.null(str)),
        library_name=ibis.ifelse(one, joined.name_zh, ibis.null(str)),
        library_matches=joined.matches.fill_null(0),
        staff_count=ibis.ifelse(one, joined.staff_count, ibis.null("int64")),
    )
