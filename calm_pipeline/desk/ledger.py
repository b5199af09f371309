"""The life of an alert: opened once, not repeated while open, reminded, confirmed by the desk, closed by itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from calm_pipeline.desk.findings import fingerprint
from calm_pipeline.desk.journal import Alert, Event, Happening, moment
from calm_pipeline.desk.journal import alerts as states
from calm_pipeline.survey import Words

MENDED = "no longer found in what was received"
DIFFERENT = "it fails in another way now"


@dataclass(frozen=True)
class Now:
    """When something happens, and in which run."""

    at: datetime
    run: str = ""


def follow(
    alerts: Mapping[str, Alert], tables: Mapping[str, pa.Table], sentences: Mapping[str, Words], now: Now
) -> list[Event]:
    """What happened to the alerts about submissions since the journal was last written.

    Given the same tables again it returns nothing, so that a rerun repeats no alert.

    Args:
        alerts: the state of the journal.
        tables: findings, submissions (those of `concerned.judged`) and corrections of one edition.
        sentences: what each rule says, by its id.
        now: the moment and the run.
    """
    libraries = {row["submission_id"]: row["library_id"] for row in tables["submissions"].to_pylist()}
    found = {row["fingerprint"]: row for row in tables["findings"].to_pylist()}
    ended, withdrawn = dict(_ended(tables)), dict(_withdrawn(tables))
    gone = [name for name, alert in alerts.items() if alert.opened.kind == "submission" and name not in found]
    events: list[Event] = []
    for name in (*found, *gone):
        happening, why = ended.get(name, ("opened", "") if name in found else ("closed", MENDED))
        if name in gone:
            why = withdrawn.get(alerts[name].opened.subject, why)
        status = alerts[name].status if name in alerts else "unknown"
        if happening != "closed" and status != "open" and status != happening:
            row = found[name]
            events.append(_opened(row, libraries[row["submission_id"]], sentences[row["rule"]], now))
            status = "open"
        if happening != "opened" and status == "open":
            events.append(Event(moment(now.at), name, happening, run=now.run, detail=why))
    return events


def _opened(row: Mapping[str, Any], library: str | None, sentence: Words, now: Now) -> Event:
    return Event(
        moment(now.at),
        row["fingerprint"],
        "opened",
        "submission",
        row["submission_id"],
        row["rule"],
        row["severity"],
        library or "",
        sentence.en,
        sentence.zh,
        now.run,
    )


def _ended(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, tuple[Happening, str]]]:
    """The findings that need no answer although they are still found, each with why."""
    submissions = {row["submission_id"]: row for row in tables["submissions"].to_pylist()}
    accepted = {row["library_id"]: name for name, row in submissions.items() if row["status"] == "accepted"}
    for row in tables["findings"].to_pylist():
        one = submissions[row["submission_id"]]
        instead = accepted.get(one["library_id"])
        if one["status"] != "accepted" and instead is not None:
            yield row["fingerprint"], ("closed", f"{instead} was accepted instead")
    for row in tables["corrections"].to_pylist():
        if row["decision"] == "confirmed" and row["fits"]:
            yield row["fingerprint"], ("confirmed", row["reason"])


def _withdrawn(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, str]]:
    """The submissions that the desk withdrew, each with why; nothing is found in them any more."""
    for row in tables["corrections"].to_pylist():
        if row["decision"] == "withdrawn" and row["fits"]:
            yield row["submission_id"], f"withdrawn: {row['reason']}"


def observe(
    alerts: Mapping[str, Alert], kind: Any, subject: str, problem: Words | None, severity: str, now: Now
) -> list[Event]:
    """What happened to the alerts about a check or a run, which has the problem now, or none."""
    name = fingerprint(kind, subject, problem.en) if problem else ""
    stale = [
        other
        for other, alert in alerts.items()
        if alert.status == "open" and (alert.opened.kind, alert.opened.subject) == (kind, subject) and other != name
    ]
    why = DIFFERENT if problem else "it passed"
    events = [Event(moment(now.at), other, "closed", run=now.run, detail=why) for other in stale]
    if problem and (name not in alerts or alerts[name].status != "open"):
        about = {"severity": severity, "en": problem.en, "zh": problem.zh, "run": now.run}
        events.append(Event(moment(now.at), name, "opened", kind, subject, **about))
    return events


def due(alerts: Mapping[str, Alert], channel: str, now: datetime, every: timedelta) -> tuple[list[Alert], list[Alert]]:
    """The open alerts the channel has not had yet, and those it is to be reminded of; each in the order of opening."""
    open_ = sorted(
        (alert for alert in alerts.values() if alert.status == "open"),
        key=lambda alert: (alert.opened.at, alert.opened.subject, alert.opened.fingerprint),
    )
    new = [alert for alert in open_ if not _had(alert, channel)]
    return new, [alert for alert in open_ if (had := _had(alert, channel)) and had <= moment(now - every)]


def _had(alert: Alert, channel: str) -> str:
    """When the channel last had this opening of the alert."""
    return max(alert.sent.get(channel, ()), default="")


def alert_rows(events: Iterable[Event], edition: str) -> list[dict[str, Any]]:
    """The rows of the table `alerts`: every alert as it stands after the events."""
    return [_alert_row(alert, edition) for alert in states(events).values()]


def _alert_row(alert: Alert, edition: str) -> dict[str, Any]:
    opened, ended = alert.opened, alert.ended
    sent = [at for times in alert.sent.values() for at in times]
    return {
        "edition": edition,
        "fingerprint": opened.fingerprint,
        "kind": opened.kind,
        "subject": opened.subject,
        "rule": opened.code or None,
        "severity": opened.severity,
        "library_id": opened.library_id or None,
        "status": alert.status,
        "opened_at": _time(opened.at),
        "ended_at": _time(ended.at) if ended else None,
        "ended_because": ended.detail if ended else None,
        "messages": len(sent),
        "last_message_at": _time(max(sent)) if sent else None,
        "says_en": opened.en,
        "says_zh": opened.zh,
    }


def event_rows(events: Iterable[Event], edition: str) -> list[dict[str, Any]]:
    """The rows of the table `alert_events`: the journal as it is."""
    return [
        {
            "edition": edition,
            "number": number,
            "at": _time(event.at),
            "fingerprint": event.fingerprint,
            "event": event.happening,
            "run": event.run or None,
            "detail": event.detail or None,
        }
        for number, event in enumerate(events, 1)
    ]


def _time(at: str) -> datetime:
    return datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ")
