"""What Dagster loads: every asset, check, job, sensor and schedule, with one process as the default executor."""

import dagster as dg

from assets import alerting, answers, automation, desk, evidence, intake, marts, report, trends
from assets.gates import CHECKS
from assets.storage import ParquetTables
from calm_pipeline.engines import chosen

definitions = dg.Definitions(
    assets=dg.load_assets_from_modules([intake, answers, desk, marts, evidence, trends, report]),
    asset_checks=[*CHECKS, trends.later_edition],
    jobs=[automation.ingest, automation.rebuild_marts, alerting.tell, automation.retention, automation.inbox],
    sensors=[automation.new_exports, alerting.checks, alerting.failed_runs, alerting.finished_runs],
    schedules=[automation.yearly, alerting.daily, automation.nightly, automation.fetching],
    resources={"io_manager": ParquetTables(engine=chosen())},
    executor=dg.in_process_executor,
)
