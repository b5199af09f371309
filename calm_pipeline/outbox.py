"""Telling the channels what is due, and bringing the warehouse up to date about it."""

from collections.abc import Callable
from datetime import datetime

from calm_pipeline import store, warehouse
from calm_pipeline.desk.record import alert_tables
from calm_pipeline.desk.telling import Told, tell
from calm_pipeline.project import Project


def empty(project: Project, edition: str, now: datetime, wait: Callable[[float], None]) -> Told:
    """Send what is due of an edition; what a channel does not take stays due. `now` has a time zone.

    The tables `alerts` and `alert_events` are written anew, and with them the warehouse, where there is one.
    """
    told = tell(project.root.journal(edition), edition, project.desk(), project.library_names(), now, wait)
    if (told.sent or told.failures) and project.root.database.exists() and not warehouse.stopped(project.root):
        for name, table in zip(
            ("alerts", "alert_events"), alert_tables(project.root.journal(edition), edition), strict=True
        ):
            store.write(table, project.contract(name, edition), project.file(name, edition))
        project.build_warehouse()
    return told
