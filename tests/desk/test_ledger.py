"""An alert is opened once, told once, reminded on schedule, confirmed by the desk and closed by itself."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from calm_pipeline.desk import journal
from calm_pipeline.desk.corrections import Correction, applied
from calm_pipeline.desk.findings import FINDING, fingerprint
from calm_pipeline.desk.journal import Alert
from calm_pipeline.desk.ledger import MENDED, Now, alert_rows, due, event_rows
from calm_pipeline.desk.record import Observed, alert_tables, follow_findings, follow_observations
from calm_pipeline.survey import Words

START = datetime(2031, 5, 9, 8, 0, tzinfo=UTC)
SENTENCES = {rule: Words(en=f"{rule} in words.", zh=f"{rule}。") for rule in ("a__range", "b__required", "c__jump")}


def finding(submission: str, rule: str, received: str = "0", severity: str = "error") -> dict[str, Any]:
    print_ = fingerprint(submission, rule, received)
    return dict(zip(FINDING, ("2031", submission, rule, severity, print_, received, False), strict=True))


def submission(name: str, status: str, library: str | None = "L1") -> dict[str, Any]:
    return {"submission_id": name, "library_id": library, "status": status}


class Desk:
    """A journal and the tables of the last run; `run` is one run at a day and an hour."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "journal.jsonl"
        self.runs = 0

    def run(
        self,
        findings: list[dict[str, Any]],
        submissions: list[dict[str, Any]],
        corrections: list[Correction] | None = None,
        day: int = 0,
    ) -> dict[str, Alert]:
        self.runs += 1
        found = pa.Table.from_pylist(findings, pa.schema(list(FINDING.items())))
        times = pa.table(
            {"submission_id": [row["submission_id"] for row in submissions], "submitted_at": ["t"] * len(submissions)}
        )
        decided = applied(corrections or [], found, times, "2031")
        tables = {"findings": found, "submissions": pa.Table.from_pylist(submissions), "corrections": decided}
        follow_findings(self.file, tables, SENTENCES, Now(START + timedelta(days=day), f"run{self.runs}"))
        return self.alerts

    @property
    def alerts(self) -> dict[str, Alert]:
        return journal.alerts(journal.read(self.file))

    @property
    def happenings(self) -> list[str]:
        return [event.happening for event in journal.read(self.file)]

    def sent(self, channel: str, day: int, happening: Any = "sent") -> None:
        events = [
            journal.Event(journal.moment(START + timedelta(days=day)), name, happening, detail=channel)
            for name in self.alerts
        ]
        journal.append(self.file, events)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


WRONG, QUARANTINED = finding("2031-0001", "a__range"), submission("2031-0001", "quarantined")


def test_ten_reruns_open_it_once(desk: Desk) -> None:
    for day in range(10):
        desk.run([WRONG], [QUARANTINED], day=day)
    assert desk.happenings == ["opened"]
    (alert,) = desk.alerts.values()
    assert (alert.status, alert.opened.subject, alert.opened.library_id) == ("open", "2031-0001", "L1")


def test_another_value_is_another_finding(desk: Desk) -> None:
    desk.run([WRONG], [QUARANTINED])
    alerts = desk.run([finding("2031-0001", "a__range", "-5")], [QUARANTINED])
    assert sorted(alert.status for alert in alerts.values()) == ["closed", "open"]
    assert alerts[WRONG["fingerprint"]].ended is not None
    assert alerts[WRONG["fingerprint"]].ended.detail == MENDED


def test_a_resubmission_that_passes_closes_it_and_no_other(desk: Desk) -> None:
    other = finding("2031-0002", "b__required"), submission("2031-0002", "quarantined", "L2")
    nameless = finding("2031-0003", "b__required"), submission("2031-0003", "quarantined", None)
    before = [QUARANTINED, other[1], nameless[1]]
    desk.run([WRONG, other[0], nameless[0]], before)
    alerts = desk.run([WRONG, other[0], nameless[0]], [*before, submission("2031-0009", "accepted")])
    assert {alert.opened.subject: alert.status for alert in alerts.values()} == {
        "2031-0001": "closed",
        "2031-0002": "open",
        "2031-0003": "open",
    }
    ended = alerts[WRONG["fingerprint"]].ended
    assert ended is not None
    assert ended.detail == "2031-0009 was accepted instead"
    desk.run([WRONG, other[0], nameless[0]], before)
    assert desk.alerts[WRONG["fingerprint"]].status == "open"
    assert desk.alerts[WRONG["fingerprint"]].first_opened_at == journal.moment(START)


def confirmed(expect: str = "0", rule: str = "a__range") -> Correction:
    return Correction(
        submission="2031-0001",
        decision="confirmed",
        rule=rule,
        expect=expect,
        reason="asked by telephone",
        decided_on=date(2031, 5, 10),
    )


def test_the_desk_confirms_it_with_a_reason_and_takes_that_back(desk: Desk) -> None:
    desk.run([WRONG], [QUARANTINED])
    (alert,) = desk.run([WRONG], [QUARANTINED], [confirmed()]).values()
    assert alert.status == "confirmed"
    assert alert.ended is not None
    assert alert.ended.detail == "asked by telephone"
    desk.run([WRONG], [QUARANTINED], [confirmed()])
    assert desk.happenings == ["opened", "confirmed"]
    desk.run([WRONG], [QUARANTINED])
    assert desk.happenings == ["opened", "confirmed", "opened"]


def test_a_finding_confirmed_before_it_was_seen_is_never_told(desk: Desk) -> None:
    desk.run([WRONG], [QUARANTINED], [confirmed()])
    assert desk.happenings == ["opened", "confirmed"]
    assert due(desk.alerts, "mail", START, timedelta(days=7)) == ([], [])


@pytest.mark.parametrize("stale", [confirmed(expect="1"), confirmed(rule="b__required")])
def test_a_decision_that_no_longer_fits_is_not_applied(desk: Desk, stale: Correction) -> None:
    (alert,) = desk.run([WRONG], [QUARANTINED], [stale]).values()
    assert alert.status == "open"


@pytest.mark.parametrize(("received", "fits"), [("t", True), ("later", False), (None, True)])
def test_a_withdrawal_fits_the_time_it_was_decided_on_or_a_submission_that_is_gone(
    received: str | None, fits: bool
) -> None:
    times = pa.table(
        {"submission_id": ["2031-0001"] * (received is not None), "submitted_at": [received] * (received is not None)}
    )
    one = Correction(
        submission="2031-0001", decision="withdrawn", expect="t", reason="the other counts", decided_on=date(2031, 5, 9)
    )
    found = pa.schema(list(FINDING.items())).empty_table()
    (row,) = applied(
        [one], found, times.cast(pa.schema({"submission_id": pa.string(), "submitted_at": pa.string()})), "2031"
    ).to_pylist()
    assert row["fits"] is fits


def test_each_channel_hears_of_it_once_and_again_when_a_reminder_is_due(desk: Desk) -> None:
    desk.run([WRONG], [QUARANTINED])
    every = timedelta(days=7)

    def at(day: int, channel: str = "mail") -> tuple[int, int]:
        new, again = due(desk.alerts, channel, START + timedelta(days=day), every)
        return len(new), len(again)

    assert at(0) == (1, 0)
    desk.sent("mail", 0)
    assert at(6) == (0, 0)
    assert at(6, "slack") == (1, 0)
    assert at(7) == (0, 1)
    desk.sent("mail", 7, "reminded")
    assert (at(8), at(14)) == ((0, 0), (0, 1))
    desk.run([], [QUARANTINED])
    assert at(30) == (0, 0)


def test_checks_and_runs_open_and_close_like_findings(desk: Desk) -> None:
    def look(problem: Words | None) -> None:
        follow_observations(desk.file, [Observed("check", "files: every_file_read", problem)], Now(START, "run"))

    one, other = Words(en="late.csv is refused", zh="拒收"), Words(en="another is refused", zh="另一文件拒收")
    for problem in (None, one, one, other, None, None):
        look(problem)
    assert desk.happenings == ["opened", "closed", "opened", "closed"]
    look(one)
    assert [alert.status for alert in desk.alerts.values()] == ["open", "closed"]


def test_the_tables_are_the_journal(desk: Desk) -> None:
    desk.run([WRONG, finding("2031-0001", "c__jump", "9", "confirm")], [QUARANTINED])
    desk.sent("mail", 0)
    desk.run([WRONG], [QUARANTINED], day=3)
    rows = alert_rows(journal.read(desk.file), "2031")
    assert [(row["rule"], row["severity"], row["status"], row["messages"]) for row in rows] == [
        ("a__range", "error", "open", 1),
        ("c__jump", "confirm", "closed", 1),
    ]
    assert [row["event"] for row in event_rows(journal.read(desk.file), "2031")] == desk.happenings
    alerts, events = alert_tables(desk.file, "2031")
    assert (alerts.num_rows, events.num_rows) == (2, 5)


def test_a_line_cut_off_at_any_byte_is_left_out(tmp_path: Path) -> None:
    """A full disk cuts within a letter of three bytes as well."""
    file = tmp_path / "journal.jsonl"
    events = [journal.Event("2031-05-09T08:00:00Z", str(n), "opened", zh="逾期") for n in (1, 2)]
    journal.append(file, events)
    whole = file.read_bytes()
    for end in range(whole.index(b"\n") + 1, len(whole)):
        file.write_bytes(whole[:end])
        assert journal.read(file) == events[:1]
    journal.append(file, events[1:])
    assert file.read_bytes() == whole


def test_half_a_line_left_by_a_crash_is_dropped_and_nothing_else(desk: Desk) -> None:
    desk.run([WRONG], [QUARANTINED])
    whole = desk.file.read_bytes()
    with desk.file.open("ab") as torn:
        torn.write(b'{"at": "2031-05-09T08:0')
    assert desk.happenings == ["opened"]
    desk.run([], [QUARANTINED])
    assert desk.happenings == ["opened", "closed"]
    assert desk.file.read_bytes().startswith(whole)


def test_the_folders_of_a_new_journal_are_on_the_disk_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is not, a crash takes away with all that was acknowledged under it."""
    file, synced = tmp_path / "data" / "desk" / "2031" / "journal.jsonl", list[str]()
    monkeypatch.setattr(journal, "sync", lambda folder: synced.append(folder.name))
    for problem in (Words(en="one", zh="一"), None):
        follow_observations(file, [Observed("run", "ingest", problem)], Now(START, "run"))
    assert synced == ["2031", "desk", "data"]
    synced.clear()
    file.write_bytes(b'{"at": "20')
    follow_observations(file, [Observed("run", "ingest", Words(en="two", zh="二"))], Now(START, "run"))
    assert synced == ["2031", "desk", "data"]
