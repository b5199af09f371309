"""Stage 7: what follows a publish: the report of an edition in both languages, and the vintage in the object store."""

import dagster as dg

from assets.failures import told
from assets.project import OWNERS, editions, project
from calm_pipeline.objects.mirror import push
from calm_pipeline.objects.store import configured
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


@dg.asset(
    partitions_def=editions,
    deps=["warehouse"],
    group_name="warehouse",
    kinds={"duckdb", "parquet"},
    owners=OWNERS,
    description="What is published, in the object store if CALM_STORE is set. 已发布的版本，存入对象存储（如已设置）。",
)
@told
def stored_vintages(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    store = configured()
    if store is None:
        return dg.MaterializeResult(metadata={"store": "CALM_STORE is not set"})
    done = push(project.root, store, f"{context.run.job_name} {context.run.run_id}")
    return dg.MaterializeResult(metadata={"store": store.address, **done._asdict()})
