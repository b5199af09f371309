"""Of every table the rows that the desk has to do with, picked by the engine before anything is held in memory."""

from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from calm_pipeline.desk.corrections import Correction

WIDE = ("raw_submissions", "submissions", "repairs")
"""Those with rows about every submission; of the others each row concerns the desk."""


def concerned(tables: Mapping[str, ir.Table], alerts: pa.Table) -> dict[str, pa.Table]:
    """All tables in memory, those of WIDE with the submissions that something is found in or an alert is open about.

    Args:
        tables: of one edition, findings among them.
        alerts: the table of that name.
    """
    open_ = [row["subject"] for row in alerts.to_pylist() if row["kind"] == "submission" and row["status"] == "open"]
    subjects = ibis.memtable(pa.table({"submission_id": pa.array(open_, pa.string())}))
    about = tables["findings"].select("submission_id").union(subjects, distinct=True)
    found = {name: (_of(table, about) if name in WIDE else table).to_pyarrow() for name, table in tables.items()}
    return {**found, "alerts": alerts}


def judged(submissions: ir.Table, findings: ir.Table) -> pa.Table:
    """The submissions that something is found in, and of each library the last accepted one."""
    accepted = submissions.filter(submissions.status == "accepted").group_by("library_id")
    last = accepted.agg(submission_id=submissions.submission_id.max()).select("submission_id")
    found: pa.Table = _of(submissions, findings.select("submission_id").union(last, distinct=True)).to_pyarrow()
    return found


def decided(raw: ir.Table, corrections: Iterable[Correction]) -> pa.Table:
    """The submissions that the desk decided about, with submission_id and submitted_at as received."""
    names = [one.submission for one in corrections]
    found: pa.Table = raw.filter(raw.submission_id.isin(names)).select("submission_id", "submitted_at").to_pyarrow()
    return found


def _of(table: ir.Table, about: ir.Table) -> ir.Table:
    keys = [name for name in ("submission_id", "field", "rule") if name in table.columns]
    return table.semi_join(about, "submission_id").order_by(keys)
