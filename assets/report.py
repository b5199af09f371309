"""Stage 7: the report of an edition in both languages, from the warehouse."""

import dagster as dg

from assets.failures import told
from assets.project import OWNERS, editions, project
from calm_pipeline.report import LANGUAGES
from calm_pipeline.reporting import report as write


@dg.asset(
    partitions_def=editions,
    deps=["warehouse"],
    group_name="warehouse",
    kinds={"html"},
    owners=OWNERS,
    description="The report in English and Chinese, one HTML file each. 年度报告，中英文各一份 HTML 文件。",
)
@told
def report(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    files = {lang: write(project, context.partition_key, lang) for lang in LANGUAGES}
    return dg.MaterializeResult(metadata={lang: dg.MetadataValue.path(str(file)) for lang, file in files.items()})
