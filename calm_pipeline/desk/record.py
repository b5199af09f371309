"""Writing the journal: what became of the findings, checks and runs of an edition since it was last written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pyarrow as pa

from calm_pipeline.desk import journal
from calm_pipeline.desk.ledger import Now, alert_rows, event_rows, follow, observe
from calm_pipeline.survey import Words


@dataclass(frozen=True)
class Observed:
    """A check or a run, and what is wrong with it now; None if nothing is."""

    kind: Literal["check", "run"]
    subject: str
    problem: Words | None
    severity: Literal["error", "warn"] = "error"


def follow_findings(file: Path, tables: Mapping[str, pa.Table], sentences: Mapping[str, Words], now: Now) -> None:
    """Open, confirm and close the alerts about submissions; see `ledger.follow`."""
    with journal.locked(file):
        journal.append(file, follow(journal.alerts(journal.read(file)), tables, sentences, now))


def follow_observations(file: Path, observed: Iterable[Observed], now: Now) -> bool:
    """Open the alerts about what is wrong, and close those about what is right again; whether there was one."""
    with journal.locked(file):
        before = journal.read(file)
        events: list[journal.Event] = []
        for one in observed:
            alerts = journal.alerts([*before, *events])
            events += observe(alerts, one.kind, one.subject, one.problem, one.severity, now)
        journal.append(file, events)
    return bool(events)


def follow_work(files: Mapping[str, Path], one: Observed, now: Now) -> list[str]:
    """Follow a run that was of no single edition: its alert stands with the latest, and an earlier one's is closed.

    Args:
        files: the journals, by edition.
        one: the run.
        now: the moment and the run.

    Returns:
        The editions of which an alert was opened or closed.
    """
    latest = max(files, default=None)
    passed = replace(one, problem=None)
    return [
        edition
        for edition, file in files.items()
        if (edition == latest or file.exists())
        and follow_observations(file, [one if edition == latest else passed], now)
    ]


def alert_tables(file: Path, edition: str) -> tuple[pa.Table, pa.Table]:
    """The tables `alerts` and `alert_events`, from the journal as it stands."""
    events = journal.read(file)
    return pa.Table.from_pylist(alert_rows(events, edition)), pa.Table.from_pylist(event_rows(events, edition))
