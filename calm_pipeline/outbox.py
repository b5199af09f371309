"""Telling the channels what is due, and publishing what the journal says of it."""

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa

from calm_pipeline import checks, engine, store
from calm_pipeline.channels import Wait
from calm_pipeline.desk.record import alert_tables
from calm_pipeline.desk.telling import Told, tell
from calm_pipeline.expectations import Report, judge, suite_of
from calm_pipeline.objects.mirror import push
from calm_pipeline.objects.store import configured
from calm_pipeline.project import Project
from calm_pipeline.root import digest
from calm_pipeline.vintages import Name, current
from calm_pipeline.vintages.lock import writing_if_free
from calm_pipeline.vintages.manifest import Edition
from calm_pipeline.vintages.proofs import Looking, proved

TABLES = ("alerts", "alert_events")
BY = "calm alerts"


def empty(project: Project, edition: str, now: datetime, wait: Wait | None) -> Told:
    """Send what is due of an edition; what a channel does not take stays due. `now` has a time zone.

    Afterwards the warehouse says of alerts what the journal says, where there is a warehouse with the edition. While a
    run writes the edition, that is left to the next telling: what it has to say stands in the journal.
    """
    told = tell(project.root.journal(edition), edition, project.desk(), project.library_names(), now, wait)
    written = alert_tables(project.root.journal(edition), edition)
    vintage = current(project.root)
    held = vintage.manifest.editions.get(edition) if vintage else None
    # Of the events in the journal none is ever taken away.
    if held and held.tables["alert_events"].rows != written[1].num_rows:
        with writing_if_free(project.root, edition, BY) as free:
            if free:
                _publish(project, edition, dict(zip(TABLES, written, strict=True)), held, now)
    return told


def _publish(project: Project, edition: str, made: Mapping[str, pa.Table], held: Edition, now: datetime) -> None:
    """Store the tables of alerts, prove their gates as a run would, and publish them beside the others as they are."""
    for name, table in made.items():
        store.write(table, project.contract(name, edition), project.file(name, edition))
    gates = [Name(gate.table, gate.check) for gate in held.gates if gate.table in made]
    for gate in gates:
        _prove(project, edition, gate, now)
    project.publish(edition, gates, BY, TABLES)
    if objects := configured():
        push(project.root, objects, BY)


def _prove(project: Project, edition: str, gate: Name, now: datetime) -> None:
    database, promised = engine.connect(), project.contract(gate.table, edition)

    def contract(look: Looking, _: str) -> checks.Finding | Report:
        return checks.contract(look(gate.table), promised)

    def expectations(look: Looking, _: str) -> checks.Finding | Report:
        return judge(suite_of(gate.table, promised, project.survey(edition), look), look(gate.table), now)

    look = Looking(
        lambda name: store.read(database, project.file(name, edition)),
        lambda name: digest(project.file(name, edition)),
    )
    find = {"contract": contract, "expectations": expectations}[gate.check]
    proved(project.root, edition, gate, look, find, blocking=True)
