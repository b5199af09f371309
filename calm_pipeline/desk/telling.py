"""Telling the channels what is due, and writing down that they were told; what could not be sent stays due."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from calm_pipeline.channels import Desk, NotDelivered, Notice, Wait, deliver, dry_run
from calm_pipeline.desk import journal
from calm_pipeline.desk.journal import Alert, Event, Happening
from calm_pipeline.desk.ledger import due
from calm_pipeline.desk.notices import notices
from calm_pipeline.survey import Words


@dataclass(frozen=True)
class Told:
    """How many notices went out, and why others did not."""

    sent: int
    failures: tuple[NotDelivered, ...]


def tell(
    file: Path,
    edition: str,
    desk: Desk,
    libraries: Mapping[str, Words],
    now: datetime,
    wait: Wait | None,
) -> Told:
    """Send every notice that is due over every channel. A channel that fails keeps its notices for the next time.

    A notice is written down as sent after the channel took it: a process killed between the two sends it again, and
    none is lost. While another process sends, nothing is done. `file` is the journal of the edition, `now` has a time
    zone.
    """
    with suppress(Timeout), FileLock(file.with_suffix(".sending"), timeout=0):
        outcomes = [_tell_channel(file, edition, desk, libraries, channel, now, wait) for channel in desk.channels]
        return Told(sum(sent for sent, _ in outcomes), tuple(failed for _, failed in outcomes if failed))
    return Told(0, ())


def _tell_channel(
    file: Path,
    edition: str,
    desk: Desk,
    libraries: Mapping[str, Words],
    channel: str,
    now: datetime,
    wait: Wait | None,
) -> tuple[int, NotDelivered | None]:
    """The journal is held while it is written to and not while a channel is waited for."""
    sent = 0
    for happening, alerts, notice in _due(file, edition, desk, libraries, channel, now):
        digest = notice.identity(now)
        try:
            deliver(notice, channel, desk, now=now, wait=wait, skip_parts=_parts_sent(file, channel, digest))
        except NotDelivered as failed:
            _write(file, [_not_sent(alerts[0], failed, digest, now)])
            return sent, failed
        _write(file, [_happened(one, happening, channel, now) for one in alerts])
        sent += 1
    return sent, None


def _write(file: Path, events: list[Event]) -> None:
    with journal.locked(file):
        journal.append(file, events)


def rehearse(
    file: Path, edition: str, desk: Desk, libraries: Mapping[str, Words], now: datetime, folder: Path
) -> list[Path]:
    """Write into `folder` what `tell` would send now; nothing is sent and nothing is written down."""
    return [
        written
        for channel in desk.channels
        for _, _, notice in _due(file, edition, desk, libraries, channel, now)
        for written in dry_run(notice, channel, desk, folder, now=now)
    ]


def _due(
    file: Path, edition: str, desk: Desk, libraries: Mapping[str, Words], channel: str, now: datetime
) -> list[tuple[Happening, list[Alert], Notice]]:
    alerts = journal.alerts(journal.read(file))
    new, again = due(alerts, channel, now, timedelta(days=desk.remind_every_days))
    found: list[tuple[Happening, list[Alert], Notice]] = []
    found += [("sent", *one) for one in notices(new, edition, libraries, reminder=False)]
    found += [("reminded", *one) for one in notices(again, edition, libraries, reminder=True)]
    return found


def _happened(alert: Alert, happening: Happening, channel: str, now: datetime) -> Event:
    return Event(journal.moment(now), alert.opened.fingerprint, happening, detail=channel)


def _not_sent(alert: Alert, failed: NotDelivered, digest: str, now: datetime) -> Event:
    detail = f"{failed.channel} {failed.code} {digest} {failed.sent_parts}"
    return Event(journal.moment(now), alert.opened.fingerprint, "not_sent", detail=detail)


def _parts_sent(file: Path, channel: str, digest: str) -> int:
    """How many parts of this very notice the channel took before it failed."""
    failed = [event.detail.split(" ") for event in journal.read(file) if event.happening == "not_sent"]
    return max((int(parts) for name, _, other, parts in failed if (name, other) == (channel, digest)), default=0)
