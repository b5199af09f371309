"""When assets are made: jobs, the sensor on data/raw, the yearly schedule."""

import json
from collections.abc import Iterator

import dagster as dg

from assets.project import editions, project
from calm_pipeline.root import digest

MARTS = dg.AssetSelection.groups("marts", "warehouse")

ingest = dg.define_asset_job(
    "ingest",
    dg.AssetSelection.all(),
    description="One edition from its exports to the warehouse. 从导出文件到数据仓库，处理一个年度。",
)
rebuild_marts = dg.define_asset_job(
    "rebuild_marts",
    MARTS,
    description="The marts of one edition and the warehouse, from the stored answers. 重建一个年度的汇总表与仓库。",
)


@dg.sensor(job=ingest, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.STOPPED)
def new_exports(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ingest an edition when the exports in data/raw/<edition>/ have other content than was last asked for.

    A file still being copied changes between two looks, so only what was seen twice counts.
    """
    before = json.loads(context.cursor or "{}")
    known = [edition for edition in editions.get_partition_keys() if edition in project.root.editions]
    seen = {edition: " ".join(map(digest, project.root.exports(edition))) for edition in known}
    asked = dict(before.get("asked", {}))
    settled = [edition for edition in known if seen[edition] and seen[edition] == before.get("seen", {}).get(edition)]
    new = [edition for edition in settled if asked.get(edition) != seen[edition]]
    context.update_cursor(json.dumps({"seen": seen, "asked": asked | {edition: seen[edition] for edition in new}}))
    if not new:
        yield dg.SkipReason("no export has new content that stayed the same since the last look")
    for edition in new:
        yield dg.RunRequest(partition_key=edition)


@dg.schedule(job=ingest, cron_schedule="0 6 1 7 *", execution_timezone="Asia/Shanghai")
def yearly(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ingest the latest edition on 1 July, when fielding is over."""
    if not project.root.editions:
        return dg.SkipReason("schemas/surveys holds no edition")
    return dg.RunRequest(partition_key=project.root.editions[-1])
