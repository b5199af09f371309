"""Telling the channels what is due, and bringing the warehouse up to date about it."""

from datetime import datetime

from calm_pipeline import store, warehouse
from calm_pipeline.channels import Wait
from calm_pipeline.desk.record import alert_tables
from calm_pipeline.desk.telling import Told, tell
from calm_pipeline.project import Project

TABLES = ("alerts", "alert_events")


def empty(project: Project, edition: str, now: datetime, wait: Wait | None) -> Told:
    """Send what is due of an edition; what a channel does not take stays due. `now` has a time zone.

    Afterwards the warehouse says of alerts what the journal says, where there is a warehouse with the edition.
    """
    told = tell(project.root.journal(edition), edition, project.desk(), project.library_names(), now, wait)
    written = alert_tables(project.root.journal(edition), edition)
    if _behind(project, edition, written[1].num_rows):
        for name, table in zip(TABLES, written, strict=True):
            store.write(table, project.contract(name, edition), project.file(name, edition))
        warehouse.renew(project.root, project.contracts(), edition, TABLES)
    return told


def _behind(project: Project, edition: str, events: int) -> bool:
    """Whether the warehouse has fewer events than the journal, of which none is ever taken away."""
    if not project.root.database.exists():
        return False
    with warehouse.connect(project.root.database) as database:
        has = database.execute(
            "SELECT count(*), (SELECT count(*) FROM alert_events WHERE edition = $1) FROM editions WHERE edition = $1",
            [edition],
        ).fetchone()
    return has is not None and has[0] == 1 and has[1] != events
