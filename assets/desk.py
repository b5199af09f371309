"""Stage 4, for the survey desk: what to ask of whom, what the desk decided, and the alerts about it."""

from datetime import UTC, datetime

import dagster as dg
import pyarrow as pa
from ibis import Table

from assets.failures import told
from assets.project import OWNERS, edition_asset, edition_assets, editions, project, table
from calm_pipeline.desk import corrections as decisions
from calm_pipeline.desk import findings as found
from calm_pipeline.desk import record
from calm_pipeline.desk.cases import TABLES, cases
from calm_pipeline.desk.concerned import concerned, decided, judged
from calm_pipeline.desk.ledger import Now
from calm_pipeline.letters.write import write_letters

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
    taken = project.corrections(edition)
    return decisions.applied(taken, findings.to_pyarrow(), decided(raw_submissions, taken), edition)


@dg.asset(
    partitions_def=editions,
    group_name="desk",
    kinds={"html", "excel"},
    owners=OWNERS,
    description="Letters to libraries about their submissions, and the desk's workbook. 致各馆的核实函及核查工作簿。",
)
@told
def letters(
    context: dg.AssetExecutionContext,
    raw_submissions: Table,
    submissions: Table,
    findings: Table,
    reviews: Table,
    repairs: Table,
    files: Table,
    alerts: Table,
) -> dg.MaterializeResult[None]:
    edition = context.partition_key
    inputs = (raw_submissions, submissions, findings, reviews, repairs, files)
    tables = concerned(dict(zip(TABLES, inputs, strict=True)), alerts.to_pyarrow())
    written = write_letters(
        cases(project.declared(edition), tables), project.root.letters(edition), project.survey(edition)
    )
    index = dg.MetadataValue.path(str(project.root.letters(edition) / "index.html"))
    return dg.MaterializeResult(metadata={"files": len(written), "index": index})


@edition_assets("alerts", "alert_events", group_name="desk", kinds={"parquet"})
def followed(
    context: dg.AssetExecutionContext, findings: Table, submissions: Table, corrections: Table
) -> tuple[pa.Table, pa.Table]:
    """Write the journal of alerts, which is kept beside the raw exports, and give it back as tables."""
    edition = context.partition_key
    tables = {
        "findings": findings.to_pyarrow(),
        "submissions": judged(submissions, findings),
        "corrections": corrections.to_pyarrow(),
    }
    sentences = {rule.id: rule.fault for rule in project.rules(edition)}
    journal = project.root.journal(edition)
    record.follow_findings(journal, tables, sentences, Now(datetime.now(UTC), context.run_id))
    return record.alert_tables(journal, edition)
