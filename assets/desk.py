"""Stage 4, for the survey desk: what to ask of whom, what the desk decided, and the alerts about it."""

from datetime import UTC, datetime

import dagster as dg
import pyarrow as pa
from ibis import Table

from assets.project import OWNERS, edition_asset, editions, project, table
from calm_pipeline.desk import corrections as decisions
from calm_pipeline.desk import findings as found
from calm_pipeline.desk import record
from calm_pipeline.desk.ledger import Now

desk = {"group_name": "desk", "kinds": {"parquet"}}


@edition_asset(**desk, **table("findings"))
def findings(context: dg.AssetExecutionContext, raw_submissions: Table, violations: Table) -> pa.Table:
    edition = context.partition_key
    return found.findings(raw_submissions, violations, project.rules(edition), project.survey(edition))


@edition_asset(**desk, **table("reviews"))
def reviews(context: dg.AssetExecutionContext, clean_submissions: Table, violations: Table) -> pa.Table:
    edition = context.partition_key
    return found.reviews(clean_submissions, violations, project.rules(edition), project.survey(edition))


@edition_asset(**desk, **table("corrections"))
def corrections(context: dg.AssetExecutionContext, findings: Table, raw_submissions: Table) -> pa.Table:
    edition = context.partition_key
    return decisions.applied(project.corrections(edition), findings.to_pyarrow(), raw_submissions.to_pyarrow(), edition)


@dg.multi_asset(
    outs={
        name: dg.AssetOut(group_name="desk", kinds={"parquet"}, owners=OWNERS, **table(name))
        for name in ("alerts", "alert_events")
    },
    partitions_def=editions,
)
def followed(
    context: dg.AssetExecutionContext, findings: Table, submissions: Table, corrections: Table
) -> tuple[pa.Table, pa.Table]:
    """Write the journal of alerts, which is kept beside the raw exports, and give it back as tables."""
    edition = context.partition_key
    tables = {
        "findings": findings.to_pyarrow(),
        "submissions": submissions.to_pyarrow(),
        "corrections": corrections.to_pyarrow(),
    }
    sentences = {rule.id: rule.sentence for rule in project.rules(edition)}
    journal = project.root.journal(edition)
    record.follow_findings(journal, tables, sentences, Now(datetime.now(UTC), context.run_id))
    return record.alert_tables(journal, edition)
