"""When assets are made and persons erased: jobs, the sensor on data/raw, the schedules."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from assets.failures import told
from assets.project import editions, project
from calm_pipeline.objects.erased import reaching
from calm_pipeline.objects.inbox import fetch
from calm_pipeline.objects.store import configured, required
from calm_pipeline.persons.retain import check_nothing_left, expire_all
from calm_pipeline.persons.unfinished import TAKEN_UP, load
from calm_pipeline.root import received
from calm_pipeline.vintages.lock import busy, writing_if_free

PARTITION = "dagster/partition"
REFUSED = "calm/refused"
# A run that is tried again begins at the exports: half of its tables may be of what they were before.
AGAIN = {"dagster/retry_strategy": "ALL_STEPS"}
MARTS = dg.AssetSelection.groups("marts", "warehouse")

ingest = dg.define_asset_job(
    "ingest",
    dg.AssetSelection.all(),
    tags=AGAIN,
    description="One edition from its exports to the warehouse. 从导出文件到数据仓库，处理一个年度。",
)
rebuild_marts = dg.define_asset_job(
    "rebuild_marts",
    MARTS,
    tags=AGAIN,
    description="The marts of one edition and the warehouse, from the stored answers. 重建一个年度的汇总表与仓库。",
)


def loaded() -> list[str]:
    """The editions that Dagster knows and that still have a survey file."""
    return [edition for edition in editions.get_partition_keys() if edition in project.root.editions]


@dg.sensor(job=ingest, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.STOPPED)
@told
def new_exports(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ingest an edition when the exports in data/raw/<edition>/ have other content than was last asked for.

    A file still being copied changes between two looks, so only what was seen twice counts. After a run that failed,
    the same exports are asked for again once code, declarations or the desk's decisions have changed; after one that
    was refused since another job or command wrote the edition, as soon as it is free.
    """
    before = json.loads(context.cursor or "{}")
    known = loaded()
    seen = {edition: " ".join(map(received, project.root.exports(edition))) for edition in known}
    asked = dict(before.get("asked", {}))
    settled = [edition for edition in known if seen[edition] and seen[edition] == before.get("seen", {}).get(edition)]
    wanted = {edition: {"exports": seen[edition], "reading": project.reading(edition)} for edition in settled}
    new = [
        edition
        for edition, wish in wanted.items()
        if edition not in asked
        or asked[edition]["exports"] != wish["exports"]
        or _failed(context.instance, edition, mended=asked[edition]["reading"] != wish["reading"])
    ]
    new = [edition for edition in new if not busy(project.root, edition, "new_exports")]
    context.update_cursor(json.dumps({"seen": seen, "asked": asked | {edition: wanted[edition] for edition in new}}))
    if not new:
        yield dg.SkipReason("no export has new content that stayed the same since the last look")
    for edition in new:
        yield dg.RunRequest(partition_key=edition)


def _failed(instance: dg.DagsterInstance, edition: str, *, mended: bool) -> bool:
    """Whether the last run failed at what was mended since, or was refused the edition.

    A run started again from another one has the tags of that one too, so the tag names the run.
    """
    last = instance.get_runs(dg.RunsFilter(job_name=ingest.name, tags={PARTITION: edition}), limit=1)
    failed = (run for run in last if run.status is dg.DagsterRunStatus.FAILURE)
    return any(mended or run.tags.get(REFUSED) == run.run_id for run in failed)


@dg.schedule(job=ingest, cron_schedule="0 6 1 7 *", execution_timezone="Asia/Shanghai")
@told
def yearly(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ingest the latest edition on 1 July, when fielding is over."""
    if not project.root.editions:
        return dg.SkipReason("schemas/surveys holds no edition")
    return dg.RunRequest(partition_key=project.root.editions[-1])


@dg.op
@told
def expire_persons(context: dg.OpExecutionContext) -> None:
    """Erase the persons of every edition whose time is over."""
    if load(project):
        context.log.info(TAKEN_UP.en)
    with reaching(project.root, "retention"):
        finished = expire_all(project, datetime.now(UTC))
    for edition, done in finished.items():
        context.log.info(
            f"{edition}: {len(done.submissions)} respondents erased, {len(done.written)} files written anew"
        )
    check_nothing_left(project, finished.values())


@dg.job(description="Erase persons whose time is over. 删除超过保存期限的个人信息。")
def retention() -> None:
    expire_persons()


@dg.op
@told
def fetch_exports(context: dg.OpExecutionContext) -> None:
    """Fetch what is new in the object store, edition by edition; one that a run writes is left to the next time."""
    store = required()
    for edition in project.root.editions:
        with writing_if_free(project.root, edition, "inbox") as free:
            if free and (new := fetch(project.root, edition, store, "inbox").new):
                context.log.info(f"{edition}: {len(new)} files fetched")


@dg.job(description="Fetch exports from the object store. 从对象存储取回导出文件。")
def inbox() -> None:
    fetch_exports()


@dg.schedule(job=inbox, cron_schedule="*/10 * * * *", execution_timezone="Asia/Shanghai")
@told
def fetching(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Look every ten minutes what was put into the store; the sensor `new_exports` then ingests it."""
    return dg.RunRequest(run_key=None) if configured() else dg.SkipReason("CALM_STORE is not set")


@dg.schedule(job=retention, cron_schedule="0 3 * * *", execution_timezone="Asia/Shanghai")
@told
def nightly(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Look every night whose time is over."""
    return dg.RunRequest(run_key=None)
