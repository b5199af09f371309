"""Stages 5 and 6: the marts and the warehouse file built from every published table."""

import dagster as dg
import pandas as pd
from ibis import Table

from assets.failures import told
from assets.gates import GATES
from assets.project import OWNERS, edition_asset, project, table
from assets.project import editions as edition_partitions
from calm_pipeline import by_group, dictionary, marts, plots
from calm_pipeline.engine import collect
from calm_pipeline.expectations import site
from calm_pipeline.reconcile import Computed
from calm_pipeline.reconcile import reconcile as compare
from calm_pipeline.report_tables import report_tables as lay_out

mart = {"group_name": "marts", "kinds": {"ibis", "parquet"}}


@edition_asset(**mart, **table("option_counts"))
def option_counts(context: dg.AssetExecutionContext, selections: Table, libraries: Table) -> pd.DataFrame:
    return marts.option_counts(selections, libraries, project.survey(context.partition_key))


@edition_asset(**mart, description="Options ticked of each question of an index. 各指数每道题目所勾选的选项数。")
def index_ticks(context: dg.AssetExecutionContext, selections: Table) -> Table:
    return marts.index_ticks(selections, project.survey(context.partition_key))


@edition_asset(**mart, **table("index_scores"))
def index_scores(index_ticks: Table, editions: Table) -> dg.MaterializeResult[Table]:
    scores = marts.index_scores(index_ticks)
    plot = dg.MetadataValue.md(plots.distributions(scores, editions))
    return dg.MaterializeResult(value=scores, metadata={"plot": plot})


@edition_asset(**mart, **table("correlations"))
def correlations(
    context: dg.AssetExecutionContext, index_scores: Table, selections: Table, editions: Table
) -> dg.MaterializeResult[pd.DataFrame]:
    found = marts.correlations(index_scores, selections, project.survey(context.partition_key))
    plot = dg.MetadataValue.md(plots.heat_map(found, editions))
    return dg.MaterializeResult(value=found, metadata={"plot": plot})


@edition_asset(**mart, **table("stage_comparison"))
def stage_comparison(context: dg.AssetExecutionContext, index_scores: Table, selections: Table) -> pd.DataFrame:
    survey = project.survey(context.partition_key)
    return marts.stage_comparison(index_scores, selections, survey, project.groupings())


@edition_asset(**mart, **table("groups"))
def groups(context: dg.AssetExecutionContext, submissions: Table, libraries: Table) -> pd.DataFrame:
    return by_group.groups(submissions, libraries, project.survey(context.partition_key), project.groupings())


@edition_asset(**mart, **table("group_counts"), deps=["groups"])
def group_counts(
    context: dg.AssetExecutionContext, selections: Table, submissions: Table, libraries: Table
) -> pd.DataFrame:
    survey = project.survey(context.partition_key)
    return by_group.group_counts(selections, submissions, libraries, survey, project.groupings())


@edition_asset(**mart, **table("report_tables"))
def report_tables(context: dg.AssetExecutionContext, option_counts: Table, correlations: Table) -> pd.DataFrame:
    return lay_out(collect(option_counts), collect(correlations), project.survey(context.partition_key))


@edition_asset(**mart, **table("reconciliation"))
def reconciliation(
    context: dg.AssetExecutionContext,
    option_counts: Table,
    correlations: Table,
    stage_comparison: Table,
    submissions: Table,
    libraries: Table,
) -> pd.DataFrame:
    edition = context.partition_key
    computed = Computed.from_tables(
        project.survey(edition), option_counts, correlations, stage_comparison, submissions, libraries
    )
    return compare(project.published(edition), computed)


@dg.asset(
    name="warehouse",
    partitions_def=edition_partitions,
    deps=list(project.contracts()),
    group_name="warehouse",
    kinds={"duckdb"},
    owners=OWNERS,
    description="The DuckDB file with every table of every edition. 汇总各年度全部数据表的 DuckDB 文件。",
)
@told
def warehouse_file(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    published = project.publish(context.partition_key, GATES, f"{context.run.job_name} {context.run_id}")
    words = dictionary.entries(project.dictionary(), project.contracts(), project.views())
    page = dictionary.write(project.root.docs / site.DICTIONARY, words, project.surveys())
    pages = {"data_docs": site.index(project.root.docs), "dictionary": page}
    links = {name: dg.MetadataValue.url(site.address(project.root.docs, file)) for name, file in pages.items()}
    about = {"path": dg.MetadataValue.path(str(published.vintage.path)), "new": published.fresh}
    return dg.MaterializeResult(metadata={**about, **links, "pruned": list(published.pruned), "rows": published.rows})
