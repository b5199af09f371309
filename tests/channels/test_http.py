"""Bots and the webhook against a real server: what is taken, what is tried again, and what is given up."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme

from calm_pipeline.channels import NotDelivered, Notice, addresses, deliver
from calm_pipeline.channels.failures import NOT_DELIVERED, RETRIED
from tests.channels.conftest import served
from tests.channels.examples import BOTS, HOST, LINES, NOTICE, NOW, TAKEN, WEBHOOK_SECRET, desk, loopback, many
from tests.channels.servers import Reply, Web, web

OK = Reply(body=TAKEN["wecom"])


class Clock:
    def __init__(self) -> None:
        self.waited: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)


def send(server: Web, kind: str, monkeypatch: pytest.MonkeyPatch, notice: Notice = NOTICE, **options: Any) -> Clock:
    scheme, host = options.pop("scheme", "http"), options.pop("host", HOST)
    clock = options.pop("clock", Clock())
    monkeypatch.setenv("CALM_URL", f"{scheme}://{host}:{server.port}/hook?key=KEY")
    settings = desk(allow_hosts=[f"{host}:{server.port}"])
    deliver(notice, kind, settings, now=NOW, wait=clock, resolve=loopback, **options)
    return clock


def refused(server: Web, kind: str, monkeypatch: pytest.MonkeyPatch, **options: Any) -> NotDelivered:
    with pytest.raises(NotDelivered) as error:
        send(server, kind, monkeypatch, **options)
    assert error.value.channel == kind
    assert error.value.place.zh == f"通道 {kind}"
    return error.value


@pytest.mark.parametrize("kind", BOTS)
def test_a_notice_is_taken(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(body=TAKEN[kind])) as server:
        clock = send(server, kind, monkeypatch)
    (posted,) = server.posted
    assert clock.waited == []
    assert posted.headers["Host"] == f"{HOST}:{server.port}"
    assert posted.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Accept-Encoding" not in posted.headers or posted.headers["Accept-Encoding"] == "identity"
    assert "示例大学图书馆" in posted.body.decode()


def test_dingtalk_signs_the_address_and_feishu_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(body=TAKEN["dingtalk"]), Reply(body=TAKEN["feishu"])) as server:
        send(server, "dingtalk", monkeypatch)
        send(server, "feishu", monkeypatch)
    query = parse_qs(urlsplit(server.paths[0]).query)
    assert set(query) == {"key", "timestamp", "sign"}
    assert set(json.loads(server.posted[1].body)) == {"timestamp", "sign", "msg_type", "content"}
    assert server.paths[1] == "/hook?key=KEY"


def test_a_receiver_can_check_the_signature_of_the_webhook(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(204)) as server:
        send(server, "webhook", monkeypatch)
    (posted,) = server.posted
    headers = {name.lower(): value for name, value in posted.headers.items()}
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + posted.body
    key = base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("kind", BOTS)
def test_a_redirect_is_not_followed(kind: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(body=b"ok")) as elsewhere:
        target = f"http://127.0.0.1:{elsewhere.port}/stolen"
        with web(Reply(status, headers={"Location": target})) as server:
            error = refused(server, kind, monkeypatch)
    assert error.code == "redirected"
    assert not error.retry
    assert len(server.posted) == 1
    assert elsewhere.posted == []


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_host_is_tried_again(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(status), Reply(status), OK) as server:
        clock = send(server, "wecom", monkeypatch, chance=lambda: 1.0)
    assert clock.waited == [2.0, 4.0]
    assert len({posted.body for posted in server.posted}) == 1
    assert len(server.posted) == 3


def test_a_host_that_stays_down_is_given_up_and_left_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    with web(Reply(503)) as server:
        error = refused(server, "wecom", monkeypatch, clock=clock, chance=lambda: 0.0)
    assert clock.waited == [1.0, 2.0, 4.0]
    assert (error.code, error.retry, error.sent_parts, error.parts) == ("host_busy", True, 0, 1)


def test_pauses_are_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = [Clock() for _ in range(6)]
    with web(Reply(503)) as server:
        for clock in clocks:
            refused(server, "wecom", monkeypatch, clock=clock)
    assert all(1 <= first <= 2 <= second <= 4 <= third <= 8 for first, second, third in (c.waited for c in clocks))
    assert len({clock.waited[0] for clock in clocks}) > 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_not_argued_with(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(status, b"invalid_token")) as server:
        error = refused(server, "slack", monkeypatch)
    assert (error.code, error.retry, len(server.posted)) == ("http_status", False, 1)
    assert str(status) in str(error)
    assert "invalid_token" not in str(error)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7.0), ("0", 1.0), ("Tue, 24 Nov 2026 08:30:20 GMT", 20.0), ("Tue, 24 Nov 2026 08:00:00 GMT", 1.0)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_heeded(status: int, asked: str, waited: float, monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(status, headers={"Retry-After": asked}), OK) as server:
        clock = send(server, "wecom", monkeypatch, chance=lambda: 0.0)
    assert clock.waited == [waited]


@pytest.mark.parametrize("asked", ["soon", "-5", "1e9", "٣", "Mon, 99 Foo 2026 08:30:00 GMT"])
def test_a_retry_after_that_says_nothing_changes_nothing(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(429, headers={"Retry-After": asked.encode().decode("latin-1")}), OK) as server:
        clock = send(server, "wecom", monkeypatch, chance=lambda: 0.0)
    assert clock.waited == [1.0]


def test_who_asks_for_an_hour_gets_it_from_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    with web(Reply(429, headers={"Retry-After": "3600"})) as server:
        error = refused(server, "wecom", monkeypatch, clock=clock)
    assert (clock.waited, len(server.posted), error.retry) == ([], 1, True)


@pytest.mark.parametrize(
    ("kind", "body", "code", "tries"),
    [
        ("wecom", b'{"errcode":45009,"errmsg":"api freq out of limit"}', "bot_busy", 4),
        ("wecom", b'{"errcode":-1,"errmsg":"system busy"}', "bot_busy", 4),
        ("wecom", b'{"errcode":93000,"errmsg":"invalid webhook url"}', "bot_refused", 1),
        ("dingtalk", b'{"errcode":130101,"errmsg":"send too fast"}', "bot_busy", 4),
        ("dingtalk", b'{"errcode":410100,"errmsg":"send too fast"}', "bot_busy", 4),
        ("dingtalk", b'{"errcode":310000,"errmsg":"sign not match"}', "bot_refused", 1),
        ("feishu", b'{"code":9499,"msg":"too many request"}', "bot_busy", 4),
        ("feishu", b'{"code":11232,"msg":"frequency limited"}', "bot_busy", 4),
        ("feishu", b'{"code":19021,"msg":"sign match fail"}', "bot_refused", 1),
        ("slack", b"no_text", "answer_unreadable", 4),
        ("wecom", b"<html>log in to the hotel's network</html>", "answer_unreadable", 4),
        ("wecom", b"", "answer_unreadable", 4),
        ("wecom", b'{"errmsg":"ok"}', "answer_unreadable", 4),
        ("wecom", b'{"errcode":false}', "answer_unreadable", 4),
        ("wecom", b'{"errcode":"0"}', "answer_unreadable", 4),
        ("feishu", b"[0]", "answer_unreadable", 4),
        ("feishu", b"[" * 60_000, "answer_unreadable", 4),
        ("dingtalk", b'{"errcode":' + b"1" * 5000 + b"}", "answer_unreadable", 4),
        ("dingtalk", b"\xff\xfe", "answer_unreadable", 4),
    ],
)
def test_a_bot_says_no_with_status_200(
    kind: str, body: bytes, code: str, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web(Reply(body=body)) as server:
        error = refused(server, kind, monkeypatch)
    assert (error.code, len(server.posted)) == (code, tries)
    assert error.retry == (code in RETRIED) == (tries > 1)


def test_no_more_of_an_answer_is_read_than_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(body=b'{"errcode":0}' + b" " * (64 * 1024 - 13) + b"x" * 1_000_000)) as server:
        send(server, "wecom", monkeypatch)
    assert len(server.posted) == 1


def test_a_host_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "SILENCE", 0.1)
    with web(Reply(hang=True), OK) as server:
        clock = send(server, "wecom", monkeypatch)
    assert len(clock.waited) == 1


def test_a_host_that_only_hangs_is_an_error_that_time_may_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "SILENCE", 0.05)
    with web(Reply(hang=True)) as server:
        error = refused(server, "wecom", monkeypatch)
    assert (error.code, error.retry) == ("timed_out", True)


def test_a_host_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "TOTAL", 0.2)
    began = time.monotonic()
    with web(Reply(drip=True)) as server:
        error = refused(server, "wecom", monkeypatch)
    assert (error.code, error.retry) == ("answer_unreadable", True)
    assert time.monotonic() - began < 5


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(OK) as server:
        pass
    assert refused(server, "wecom", monkeypatch).code == "unreachable"


def test_the_certificate_is_held_against_the_name_and_not_the_address(
    trusted: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web(OK, context=served(trusted, HOST)) as server:
        send(server, "wecom", monkeypatch, scheme="https")
        assert len(server.posted) == 1
    with web(OK, context=served(trusted, "127.0.0.1", "other.example.org")) as server:
        error = refused(server, "wecom", monkeypatch, scheme="https")
    assert (error.code, error.retry, server.posted) == ("certificate", False, [])


def test_a_certificate_that_nobody_vouches_for_is_refused(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web(OK, context=served(authority, HOST)) as server:
        error = refused(server, "wecom", monkeypatch, scheme="https")
    assert (error.code, server.posted) == ("certificate", [])


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(OK) as proxy, web(OK) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        send(server, "wecom", monkeypatch)
    assert (len(server.posted), len(proxy.posted)) == (1, 0)


@pytest.mark.parametrize("kind", BOTS)
def test_what_was_sent_of_a_long_notice_is_not_sent_twice(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notice, ok = many(LINES[kind]), Reply(body=TAKEN[kind])
    with web(ok, ok, Reply(404)) as server:
        error = refused(server, kind, monkeypatch, notice=notice)
    assert (error.sent_parts, len(server.posted)) == (2, 3)
    assert f"2 of {error.parts} parts" in str(error)
    assert f"共 {error.parts} 段，已发出 2 段" in error.zh
    with web(ok) as again:
        send(again, kind, monkeypatch, notice=notice, skip_parts=error.sent_parts)
    assert len(again.posted) == error.parts - 2
    assert again.posted[0].body == server.posted[2].body


def test_what_was_sent_in_full_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(OK) as server:
        send(server, "wecom", monkeypatch, skip_parts=1)
    assert server.posted == []


def test_an_unknown_channel_is_named() -> None:
    with pytest.raises(NotDelivered, match="Channel nowhere"):
        deliver(NOTICE, "nowhere", desk(), now=NOW, wait=lambda _: None)


@pytest.mark.parametrize(
    ("kind", "variable", "value", "code"),
    [
        ("wecom", "CALM_URL", None, "variable_missing"),
        ("wecom", "CALM_URL", "  ", "variable_missing"),
        ("dingtalk", "CALM_SECRET", None, "variable_missing"),
        ("webhook", "CALM_WEBHOOK_SECRET", None, "variable_missing"),
        ("webhook", "CALM_WEBHOOK_SECRET", "SHORT", "variable_malformed"),
        ("webhook", "CALM_WEBHOOK_SECRET", "no base64 in this one at all!", "variable_malformed"),
        ("feishu", "CALM_SECRET", "密钥", "variable_malformed"),
        ("wecom", "CALM_URL", "SECRET-without-scheme", "variable_malformed"),
        ("wecom", "CALM_URL", f"ftp://{HOST}/SECRET", "variable_malformed"),
        ("wecom", "CALM_URL", f"https://user:SECRET@{HOST}/", "variable_malformed"),
        ("wecom", "CALM_URL", f"https://{HOST}/#SECRET", "variable_malformed"),
        ("wecom", "CALM_URL", f"https://{HOST}/SEC RET", "variable_malformed"),
        ("wecom", "CALM_URL", f"https://{HOST}/SEC\r\nRET: 1", "variable_malformed"),
        ("wecom", "CALM_URL", f"https://{HOST}:SECRET/", "variable_malformed"),
        ("wecom", "CALM_URL", "https://[SECRET/", "variable_malformed"),
        ("wecom", "CALM_URL", "https://SECRET/", "host_not_allowed"),
    ],
)
def test_what_is_wrong_with_the_environment_is_named_by_variable(
    kind: str, variable: str, value: str | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv(variable)
    else:
        monkeypatch.setenv(variable, value)
    with pytest.raises(NotDelivered) as error:
        deliver(NOTICE, kind, desk(allow_hosts=[HOST]), now=NOW, wait=lambda _: None, resolve=loopback)
    assert (error.value.code, error.value.retry) == (code, False)
    said = f"{error.value} {error.value.zh} {error.value.args}"
    assert variable in said or code == "host_not_allowed"
    assert "SECRET" not in said.replace(variable, "")


def test_white_space_that_copying_leaves_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(OK) as server:
        monkeypatch.setenv("CALM_URL", f" http://{HOST}:{server.port}/hook?key=KEY\n")
        deliver(
            NOTICE,
            "wecom",
            desk(allow_hosts=[f"{HOST}:{server.port}"]),
            now=NOW,
            wait=lambda _: None,
            resolve=loopback,
        )
    assert server.paths == ["/hook?key=KEY"]


def test_every_error_has_cause_and_remedy_in_both_languages() -> None:
    for code, entry in NOT_DELIVERED.items():
        for said in entry:
            assert said.en.isascii(), code
            assert any("\u4e00" <= mark <= "\u9fff" for mark in said.zh), code
            assert not said.en.endswith("."), code
            assert not said.zh.endswith("。"), code
    assert set(NOT_DELIVERED) >= RETRIED


def test_who_cannot_wait_tries_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(Reply(503)) as server:
        assert refused(server, "wecom", monkeypatch, clock=None).retry
    assert len(server.posted) == 1
