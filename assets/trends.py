"""Across years: each edition against the latest one before it that came to its end."""

from functools import partial

import dagster as dg
import pandas as pd

from assets.failures import told
from assets.project import edition_asset, editions, project, table
from assets.storage import ParquetTables
from calm_pipeline import trends
from calm_pipeline.trends import Year

KEYS = editions.get_partition_keys()
# Which earlier edition is looked at depends on what is stored, so an edition depends on all of them.
AND_EARLIER = dg.StaticPartitionMapping({edition: set(KEYS[place:]) for place, edition in enumerate(KEYS)})
TABLES = ("option_counts", "selections", "submissions", "editions")
MADE_FROM = [dg.AssetDep(name, partition_mapping=AND_EARLIER) for name in TABLES]
mart = {"group_name": "marts", "kinds": {"ibis", "parquet"}, "deps": MADE_FROM}


@edition_asset(**mart, **table("option_trends"))
def option_trends(context: dg.AssetExecutionContext, io_manager: dg.ResourceParam[ParquetTables]) -> pd.DataFrame:
    edition = context.partition_key
    return trends.option_trends(_year(io_manager, edition), _year_before(io_manager, edition), _least())


@edition_asset(**mart, **table("index_trends"))
def index_trends(context: dg.AssetExecutionContext, io_manager: dg.ResourceParam[ParquetTables]) -> pd.DataFrame:
    edition = context.partition_key
    return trends.index_trends(_year(io_manager, edition), _year_before(io_manager, edition), _least())


@dg.asset_check(
    asset="option_trends",
    name="later_edition",
    description="The trends of the edition after this one say what they would say if they were made now.",
)
@told
def later_edition(
    context: dg.AssetCheckExecutionContext, io_manager: dg.ResourceParam[ParquetTables]
) -> dg.AssetCheckResult:
    looked_at = [context.partition_key] if context.has_partition_key else project.stored("option_trends")
    found = [_later(io_manager, edition) for edition in looked_at]
    return dg.AssetCheckResult(
        passed=all(finding.holds for finding in found),
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(f"{finding.sentence.en}\n{finding.sentence.zh}" for finding in found),
    )


def _later(io_manager: ParquetTables, edition: str) -> trends.Finding:
    later = project.compared_next(edition)
    if later is None:
        return trends.NOT_COMPARED
    stored = partial(io_manager.table, edition=later)
    return trends.current(_year(io_manager, later), _year(io_manager, edition), _least(), stored, project.contracts())


def _least() -> int:
    """Of how many libraries anything is said."""
    return project.groupings().threshold


def _year(io_manager: ParquetTables, edition: str) -> Year:
    return Year.of(project.survey(edition), partial(io_manager.table, edition=edition))


def _year_before(io_manager: ParquetTables, edition: str) -> Year | None:
    before = project.compared_with(edition)
    return _year(io_manager, before) if before else None
