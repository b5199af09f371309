"""Open alerts reach a real server once; a channel that is down loses nothing, fails nothing and is told later."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from calm_pipeline.channels import Desk
from calm_pipeline.desk import journal
from calm_pipeline.desk.telling import Told, rehearse, tell
from calm_pipeline.survey import Words
from tests.channels.examples import CHANNELS, desk
from tests.channels.servers import Reply, Web, web

NOW = datetime(2031, 5, 9, 8, 0, tzinfo=UTC)
NAMES = {"L1": Words(en="Library One", zh="甲馆"), "L2": Words(en="Library Two", zh="乙馆")}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALM_WEBHOOK_SECRET", "whsec_" + "c2VjcmV0LW9mLXRoZS13ZWJob29rLTAxMjM0NTY3ODk=")


def open_one(file: Path, name: str, submission: str, library: str, run: str = "run1", day: int = 0) -> None:
    at = journal.moment(NOW + timedelta(days=day))
    event = journal.Event(
        at, name, "opened", "submission", submission, "a__range", "error", library, "Out of range.", "超出范围。", run
    )
    journal.append(file, [event])


def settings(server: Web, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("CALM_URL", f"http://127.0.0.1:{server.port}/hook")
    return desk(channels={"webhook": CHANNELS["webhook"]}, allow_hosts=[f"127.0.0.1:{server.port}"], allow_private=True)


def told(file: Path, declared: Desk, day: int = 0) -> Told:
    return tell(file, "2031", declared, NAMES, NOW + timedelta(days=day), lambda _: None)


def groups(server: Web) -> list[list[str]]:
    notices = [json.loads(posted.body) for posted in server.posted]
    return [[group["head"]["zh"] for group in notice["groups"]] for notice in notices]


def test_one_notice_a_run_grouped_by_library_and_told_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, submission, library in (("f1", "2031-0001", "L1"), ("f2", "2031-0002", "L2"), ("f3", "2031-0001", "L1")):
        open_one(file, name, submission, library)
    open_one(file, "f4", "2031-0004", "L2", "run2", day=1)
    with web(Reply()) as server:
        declared = settings(server, monkeypatch)
        assert told(file, declared, 1) == Told(2, ())
        assert groups(server) == [["甲馆", "乙馆"], ["乙馆"]]
        assert told(file, declared, 2) == Told(0, ())
        assert told(file, declared, 8).sent == 1
        assert "再次提醒" in json.loads(server.posted[-1].body)["title"]["zh"]
    alerts = journal.alerts(journal.read(file))
    assert [len(alert.sent["webhook"]) for alert in alerts.values()] == [2, 2, 2, 2]


def test_a_channel_that_is_down_is_told_later(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_one(file, "f1", "2031-0001", "L1")
    with web(*[Reply(503)] * 4, Reply()) as server:
        declared = settings(server, monkeypatch)
        down = told(file, declared)
        assert (down.sent, [failed.code for failed in down.failures]) == (0, ["host_busy"])
        assert journal.alerts(journal.read(file))["f1"].sent == {}
        assert told(file, declared) == Told(1, ())
    assert [event.happening for event in journal.read(file)] == ["opened", "not_sent", "sent"]


def test_a_closed_alert_is_told_to_nobody(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_one(file, "f1", "2031-0001", "L1")
    journal.append(file, [journal.Event(journal.moment(NOW), "f1", "closed")])
    with web(Reply()) as server:
        assert told(file, settings(server, monkeypatch), 30) == Told(0, ())
        assert server.posted == []


def test_a_rehearsal_writes_what_would_be_sent_and_nothing_else(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_one(file, "f1", "2031-0001", "L1")
    before = file.read_bytes()
    with web(Reply()) as server:
        declared = settings(server, monkeypatch)
        written = rehearse(file, "2031", declared, NAMES, NOW, tmp_path / "dry")
        assert server.posted == []
        assert file.read_bytes() == before
        told(file, declared)
        assert server.posted[0].body in [one.read_bytes() for one in written]


def test_nothing_a_respondent_wrote_and_no_secret_is_in_the_journal(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_one(file, "f1", "2031-0001", "L1")
    with web(Reply(302, headers={"Location": "http://example.org/KEY-OF-THE-BOT"})) as server:
        failed = told(file, settings(server, monkeypatch)).failures
    assert [one.code for one in failed] == ["redirected"]
    assert b"KEY" not in file.read_bytes()
    assert b"/hook" not in file.read_bytes()
