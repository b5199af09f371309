"""The committed reference data, read and judged once for all tests that need them."""

from functools import cache
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from calm_pipeline import engine, normalize, validate
from calm_pipeline.clean import clean_submissions, repairs
from calm_pipeline.exports.receive import Received, receive
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.rules import verdicts
from tests.shared import shared

EDITION = "2023"
PROJECT = Project(Root(Path(__file__).parents[1]))
SURVEY = PROJECT.survey(EDITION)
RULES = PROJECT.rules(EDITION)
DATABASE = engine.connect()


@cache
def received() -> Received:
    return receive(PROJECT.root.exports(EDITION), SURVEY)


@cache
def tables() -> dict[str, ir.Table]:
    """Every frame up to `answers`, by the name of its asset."""
    return {name: ibis.memtable(table) for name, table in _judged().items()}


@shared
def _judged() -> dict[str, pa.Table]:
    made, raw = {"raw": received().raw}, ibis.memtable(received().raw)

    def keep(name: str, frame: ir.Table) -> ir.Table:
        made[name] = DATABASE.to_pyarrow(frame)
        return ibis.memtable(made[name])

    clean = keep("clean", clean_submissions(raw, SURVEY, PROJECT.register()))
    keep("repairs", repairs(raw, clean, SURVEY))
    broken = keep("violations", validate.violations(keep("verdicts", verdicts(clean, RULES)), RULES, SURVEY))
    accepted = keep(
        "accepted", validate.accepted(clean, keep("submissions", validate.submissions(clean, broken, SURVEY)))
    )
    keep("selections", normalize.selections(accepted, SURVEY))
    keep("answers", normalize.answers(accepted, SURVEY))
    return made


def frame(name: str) -> pd.DataFrame:
    return DATABASE.to_pyarrow(tables()[name]).to_pandas()
