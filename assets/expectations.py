"""What is looked at on the way out: the suite of every published table, and this year against last year."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import dagster as dg

from assets.failures import told
from assets.project import project
from assets.storage import ParquetTables
from calm_pipeline.expectations import Report, drift_of, judge, site, suite_of
from calm_pipeline.vintages import Name
from calm_pipeline.vintages.proofs import Looking, proved

WARN, ERROR = dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR
Find = Callable[[ParquetTables, Looking, str], Report]


def _check(
    table: str, name: str, sentence: str, find: Find, severity: dg.AssetCheckSeverity
) -> dg.AssetChecksDefinition:
    """A check that publishes its page of the Data Docs, also where it fails and ends the run."""

    @dg.asset_check(asset=table, name=name, description=sentence, blocking=severity is ERROR)
    @told
    def check(
        context: dg.AssetCheckExecutionContext, io_manager: dg.ResourceParam[ParquetTables]
    ) -> dg.AssetCheckResult:
        editions = [context.partition_key] if context.has_partition_key else project.stored(table)
        gate, blocking = Name(table, name), severity is ERROR
        reports = [
            proved(project.root, one, gate, io_manager.looking(one), partial(find, io_manager), blocking=blocking)
            for one in editions
        ]
        pages = {
            f"data_docs_{one.edition}": site.address(project.root.docs, site.publish(project.root.docs, one))
            for one in reports
        }
        return dg.AssetCheckResult(
            passed=all(report.holds for report in reports),
            severity=severity,
            description="\n".join(f"{report.message.en}\n{report.message.zh}" for report in reports),
            metadata={
                **{report.edition: report.figures for report in reports},
                **{name: dg.MetadataValue.url(page) for name, page in pages.items()},
            },
        )

    return check


def _expectations(_: ParquetTables, look: Looking, edition: str, *, table: str) -> Report:
    suite = suite_of(table, project.contract(table, edition), project.survey(edition), look)
    return judge(suite, look(table), datetime.now(UTC))


def _drift(io_manager: ParquetTables, look: Looking, edition: str) -> Report:
    before = project.before("option_counts", edition)
    last = io_manager.table("option_counts", before) if before else None
    counts, contract = look("option_counts"), project.contract("option_counts", edition)
    return judge(*drift_of(counts, last, project.survey(edition), contract), datetime.now(UTC))


def all_expectations() -> Iterator[dg.AssetChecksDefinition]:
    """A check of every published table, and one of the drift.

    Errors block: a table whose counts do not fit must not reach the warehouse. Drift only warns: it is a question to a
    person, and the answer may be that libraries changed.
    """
    sentence = "Great Expectations: rows, options, totals, ranges and the key are as the survey and other tables imply."
    for table in project.contracts():
        yield _check(table, "expectations", sentence, partial(_expectations, table=table), ERROR)
    sentence = "Great Expectations: no option's share moved further from last year's than is declared."
    yield _check("option_counts", "drift", sentence, _drift, WARN)
