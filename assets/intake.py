"""Stage 1: the exports as received, and what is known without them: the questionnaire, its rules, the register."""

import dagster as dg
import pyarrow as pa
from ibis import Table

from assets.failures import told
from assets.project import OWNERS, edition_asset, editions, project, table
from calm_pipeline import normalize

reference = {"group_name": "reference", "kinds": {"yaml", "parquet"}}


@dg.multi_asset(
    outs={
        "files": dg.AssetOut(group_name="intake", kinds={"excel", "parquet"}, owners=OWNERS, **table("files")),
        "raw_submissions": dg.AssetOut(
            group_name="intake",
            kinds={"excel", "parquet"},
            owners=OWNERS,
            description="Submissions as received, all text, personal data withheld. 收到的答卷原样，个人信息已隐去。",
        ),
        "file_remarks": dg.AssetOut(
            group_name="intake", kinds={"excel", "parquet"}, owners=OWNERS, **table("file_remarks")
        ),
    },
    partitions_def=editions,
)
@told
def received(context: dg.AssetExecutionContext) -> tuple[pa.Table, pa.RecordBatchReader, pa.Table]:
    """Read every export of the edition; a file that is refused is named in `files`."""
    found = project.received(context.partition_key)
    return found.files, found.rows(), found.remarks


@edition_asset(name="editions", **reference, **table("editions"))
def edition_table(context: dg.AssetExecutionContext, files: Table) -> pa.Table:
    edition = context.partition_key
    return normalize.editions(project.survey(edition), project.root.survey(edition), files)


@edition_asset(**reference, **table("libraries"))
def libraries(context: dg.AssetExecutionContext) -> pa.Table:
    return normalize.libraries(project.register().libraries, project.survey(context.partition_key))


@edition_asset(**reference, **table("questions"))
def questions(context: dg.AssetExecutionContext) -> pa.Table:
    return normalize.questions(project.survey(context.partition_key))


@edition_asset(**reference, **table("options"))
def options(context: dg.AssetExecutionContext) -> pa.Table:
    return normalize.options(project.survey(context.partition_key))


@edition_asset(**reference, **table("rules"))
def rules(context: dg.AssetExecutionContext) -> pa.Table:
    return normalize.rule_book(project.rules(context.partition_key), project.survey(context.partition_key))
