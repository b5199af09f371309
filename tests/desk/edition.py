"""The tables of the survey desk for the committed reference data, made as the assets make them."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import pyarrow as pa

from calm_pipeline import validate
from calm_pipeline.clean import Register, clean_submissions
from calm_pipeline.desk.cases import Declared, cases
from calm_pipeline.desk.corrections import applied
from calm_pipeline.desk.findings import findings, reviews
from calm_pipeline.desk.ledger import Now
from calm_pipeline.desk.record import alert_tables, follow_findings
from calm_pipeline.exports.pairing import without
from calm_pipeline.letters.case import Case
from calm_pipeline.rules import verdicts
from tests.reference import DATABASE, EDITION, PROJECT, RULES, SURVEY, received, tables

OPENED = datetime(2023, 7, 1, 1, 0, tzinfo=UTC)


def stored(frame: Any) -> Any:
    return ibis.memtable(DATABASE.to_pyarrow(frame))


@cache
def desk_tables() -> dict[str, pa.Table]:
    """Every table a letter is written from."""
    made = tables()
    arrow = {name: DATABASE.to_pyarrow(made[name]) for name in ("raw", "submissions", "repairs")}
    found = findings(made["raw"], made["violations"], RULES, SURVEY)
    tables_ = {
        "raw_submissions": arrow["raw"],
        "submissions": arrow["submissions"],
        "repairs": arrow["repairs"],
        "files": received().files,
        "findings": found,
        "reviews": reviews(made["clean"], made["violations"], RULES, SURVEY),
        "corrections": applied([], found, arrow["raw"], EDITION),
    }
    sentences = {rule.id: rule.fault for rule in RULES}
    with TemporaryDirectory() as folder:
        journal = Path(folder, "journal.jsonl")
        follow_findings(journal, tables_, sentences, Now(OPENED, "run"))
        tables_["alerts"], tables_["alert_events"] = alert_tables(journal, EDITION)
    return tables_


@cache
def edition_cases() -> dict[str, Case]:
    """The cases of the edition by submission."""
    declared = Declared(SURVEY, RULES, PROJECT.register(), PROJECT.desk())
    return {case.submission_id: case for case in cases(declared, desk_tables())}


def judged_again(
    raw: pa.Table, register: Register, withdrawn: dict[str, str]
) -> tuple[dict[str, str], dict[str, set[str]]]:
    """The status of every submission, and the rules of severity error that each breaks."""
    flagged = pa.Table.from_batches([without(batch, withdrawn) for batch in raw.to_batches()])
    clean = stored(clean_submissions(ibis.memtable(flagged), SURVEY, register))
    found = stored(validate.violations(stored(verdicts(clean, RULES)), RULES, SURVEY))
    statuses = DATABASE.to_pyarrow(validate.submissions(clean, found, SURVEY)).to_pylist()
    broken: dict[str, set[str]] = {}
    for row in DATABASE.to_pyarrow(found).to_pylist():
        if row["severity"] == "error":
            broken.setdefault(row["submission_id"], set()).add(row["rule"])
    return {row["submission_id"]: row["status"] for row in statuses}, broken
