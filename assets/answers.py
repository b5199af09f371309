"""Stages 2 to 4: clean, judge, normalize. From text as received to accepted answers, one row each."""

import dagster as dg
import ibis
from ibis import Table

from assets.project import edition_asset, project, table
from calm_pipeline import clean, normalize, validate
from calm_pipeline import rules as edit_rules

cleaning = {"group_name": "clean", "kinds": {"ibis", "parquet"}}
validation = {"group_name": "validate", "kinds": {"ibis", "parquet"}}
normalized = {"group_name": "normalize", "kinds": {"ibis", "parquet"}}


# Nothing is derived while a file is refused: the blocking check on `files` stops what depends on it.
@edition_asset(
    **cleaning,
    deps=["files"],
    description="Typed answers with their states, one row a submission. 规范化答案及其状态。",
)
def clean_submissions(context: dg.AssetExecutionContext, raw_submissions: Table) -> Table:
    edition = context.partition_key
    survey = project.survey(edition)
    by_number = clean.given_by_number(raw_submissions, survey)
    return clean.clean_submissions(raw_submissions, survey, project.register(), by_number=by_number)


@edition_asset(**cleaning, **table("repairs"))
def repairs(context: dg.AssetExecutionContext, raw_submissions: Table, clean_submissions: Table) -> Table:
    return clean.repairs(raw_submissions, clean_submissions, project.survey(context.partition_key))


@edition_asset(**validation, description="Which rules hold for which submission. 各答卷是否符合各规则。")
def verdicts(context: dg.AssetExecutionContext, clean_submissions: Table) -> Table:
    edition = context.partition_key
    return edit_rules.verdicts(clean_submissions, project.rules(edition), ibis.memtable(project.said_last(edition)))


@edition_asset(**validation, **table("violations"))
def violations(context: dg.AssetExecutionContext, verdicts: Table) -> Table:
    edition = context.partition_key
    return validate.violations(verdicts, project.rules(edition), project.survey(edition))


@edition_asset(**validation, **table("submissions"))
def submissions(context: dg.AssetExecutionContext, clean_submissions: Table, violations: Table) -> Table:
    return validate.submissions(clean_submissions, violations, project.survey(context.partition_key))


@edition_asset(**validation, description="The clean frame of the accepted submissions. 已接受答卷的规范化答案。")
def accepted_submissions(clean_submissions: Table, submissions: Table) -> Table:
    return validate.accepted(clean_submissions, submissions)


@edition_asset(**normalized, **table("selections"))
def selections(context: dg.AssetExecutionContext, accepted_submissions: Table) -> Table:
    return normalize.selections(accepted_submissions, project.survey(context.partition_key))


@edition_asset(**normalized, **table("answers"))
def answers(context: dg.AssetExecutionContext, accepted_submissions: Table) -> Table:
    return normalize.answers(accepted_submissions, project.survey(context.partition_key))
