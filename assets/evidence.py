"""Stage 5, what a referee asks for: items and reliability, coverage, claims and their variants, printed figures."""

from typing import Any

import dagster as dg
import pandas as pd
from ibis import Table

from assets.project import edition_asset, edition_assets, project, table
from calm_pipeline import marts

mart: dict[str, Any] = {"group_name": "marts", "kinds": {"ibis", "parquet"}}


@edition_asset(**mart, **table("index_items"))
def index_items(context: dg.AssetExecutionContext, selections: Table) -> pd.DataFrame:
    return marts.index_items(selections, project.survey(context.partition_key))


@edition_asset(**mart, **table("reliability"))
def reliability(context: dg.AssetExecutionContext, selections: Table) -> pd.DataFrame:
    return marts.reliability(selections, project.survey(context.partition_key))


@edition_asset(**mart, **table("coverage"))
def coverage(context: dg.AssetExecutionContext, libraries: Table, submissions: Table) -> pd.DataFrame:
    return marts.coverage(libraries, submissions, project.survey(context.partition_key), project.groupings())


@edition_asset(**mart, **table("printed_statistics"))
def printed_statistics(context: dg.AssetExecutionContext) -> pd.DataFrame:
    return marts.printed_statistics(project.published(context.partition_key), context.partition_key)


@edition_assets("claims", "claim_variants", **mart)
def judged_claims(
    context: dg.AssetExecutionContext, selections: Table, option_counts: Table, editions: Table
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Test every claim under every variant once."""
    edition = context.partition_key
    evidence = marts.Evidence.from_tables(
        project.survey(edition), selections, option_counts, editions, project.published(edition)
    )
    return marts.judged(project.claims(edition), evidence)
