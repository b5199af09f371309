"""Planted secrets: none is found in a log, an error, a traceback, standard output or a dry run, however it fails."""

import base64
import logging
import pickle
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme

from calm_pipeline.channels import NotDelivered, addresses, deliver, dry_run, load_desk
from calm_pipeline.channels.environment import secret, target
from tests.channels.conftest import served
from tests.channels.examples import BOTS, CHANNELS, HOST, MAIL, NOTICE, NOW, TAKEN, desk, loopback
from tests.channels.servers import Post, Reply, mail_server, web

KEY, SIGNING, USER, PASSWORD = "CANARY-key-1", "CANARY-secret-2", "CANARY-user-3", "CANARY-password-4"
WEBHOOK = base64.b64encode(b"CANARY-of-the-webhook-signature").decode()
PLANTED = {"CALM_SECRET": SIGNING, "CALM_WEBHOOK_SECRET": WEBHOOK, "CALM_USER": USER, "CALM_PASSWORD": PASSWORD}
FORMS = [
    form
    for value in (KEY, *PLANTED.values())
    for form in (value, quote(value, safe=""), base64.b64encode(value.encode()).decode().rstrip("="), value[::-1])
] + ["CANARY"]
FAILURES = {
    "taken": None,
    "refused": Reply(403, b"CANARY-key-1 is not a key"),
    "code": Reply(body=b'{"errcode":93000,"code":93000,"errmsg":"CANARY-key-1"}'),
    "unreadable": Reply(body=b"<html>CANARY-key-1"),
    "redirect": Reply(307, headers={"Location": f"https://{HOST}/?key={KEY}"}),
    "busy": Reply(503, headers={"Retry-After": KEY}),
    "header": Reply(200, headers={"X-Broken": f"{KEY}\r\n {KEY}\r\nno colon {KEY}"}),
    "hang": Reply(hang=True),
}


@pytest.fixture(autouse=True)
def planted(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(addresses, "SILENCE", 0.1)
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)


def said(error: NotDelivered) -> str:
    """Whatever of an error anybody could print, store or send on."""
    chain: list[BaseException | None] = [error, error.__cause__, error.__context__]
    trace = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    return f"{chain!r} {error} {error.zh} {vars(error)} {pickle.dumps(error)!r} {trace}"


def clean(text: str) -> None:
    assert [form for form in FORMS if form in text] == []


def delivered(kind: str, settings: Any, resolve: addresses.Resolve = loopback) -> NotDelivered | None:
    try:
        deliver(NOTICE, kind, settings, now=NOW, wait=lambda _: None, resolve=resolve)
    except NotDelivered as error:
        return error
    return None


@pytest.mark.parametrize("kind", BOTS)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_bot_that_fails_betrays_nothing(
    kind: str,
    failure: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with web(FAILURES[failure] or Reply(body=TAKEN[kind])) as server:
        monkeypatch.setenv("CALM_URL", f"http://{HOST}:{server.port}/{KEY}?key={KEY}")
        error = delivered(kind, desk(allow_hosts=[f"{HOST}:{server.port}"]))
    assert any(KEY in path for path in server.paths)
    if failure not in ("taken", "header", "code", "unreadable"):
        assert error is not None
    if error is not None:
        assert error.__context__ is None
        clean(said(error))
    clean("".join(capfd.readouterr()) + caplog.text)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("certificate", "certificate"),
        ("unreachable", "unreachable"),
        ("host", "host_not_allowed"),
        ("address", "address_refused"),
        ("plain", "not_encrypted"),
        ("unknown", "host_unknown"),
    ],
)
def test_a_connection_that_fails_betrays_nothing(
    case: str, code: str, trusted: trustme.CA, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found = {"address": ["169.254.169.254"], "plain": ["8.8.8.8"], "unknown": []}.get(case, ["127.0.0.1"])
    with web(Reply(), context=served(trusted, "other.example.org")) as server:
        scheme = "http" if case == "plain" else "https"
        monkeypatch.setenv("CALM_URL", f"{scheme}://{HOST}:{server.port}/{KEY}?key={KEY}")
        if case == "unreachable":
            monkeypatch.setenv("CALM_URL", f"https://{HOST}:1/{KEY}?key={KEY}")
        hosts = [] if case == "host" else [f"{HOST}:{server.port}", f"{HOST}:1"]
        error = delivered("dingtalk", desk(allow_hosts=hosts), lambda *_: found)
    assert error is not None
    assert error.code == code
    clean(said(error) + caplog.text)


@pytest.mark.parametrize("case", ["taken", "password", "data", "recipients", "tls", "nobody"])
def test_mail_that_fails_betrays_nothing(
    case: str, trusted: trustme.CA, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.WARNING, logger="mail.log")  # the test's own server, which logs what it is told
    refuse = dict.fromkeys(MAIL["recipients"], f"550 {KEY}") if case == "recipients" else {}
    post = Post(data=[f"554 {KEY}"] if case == "data" else [], refuse=refuse)
    context = served(trusted, "other.example.org" if case == "tls" else MAIL["host"])
    with mail_server(post, password="no" if case == "password" else PASSWORD, tls_context=context):
        if case == "nobody":
            post.port = 1
        login = {"user_env": "CALM_USER", "password_env": "CALM_PASSWORD"}
        mail = {"port": post.port, "security": "starttls", **login}
        error = delivered("mail", desk(mail=mail, allow_hosts=[f"{MAIL['host']}:{post.port}"]))
    assert (error is None) == (case == "taken")
    if error is not None:
        assert error.__context__ is None
        clean(said(error))
    clean("".join(capfd.readouterr()) + caplog.text)


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_dry_run_holds_no_secret(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALM_URL", f"https://{HOST}/{KEY}?key={KEY}")
    for file in dry_run(NOTICE, kind, desk(), tmp_path, now=NOW):
        clean(file.name + file.read_text(encoding="utf-8"))


def test_settings_and_what_was_read_for_them_print_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALM_URL", f"https://{HOST}/{KEY}?key={KEY}")
    clean(f"{desk()!r} {desk().model_dump_json()} {target('CALM_URL')!r} {secret('CALM_SECRET')!r}")
    file = tmp_path / "desk.yaml"
    file.write_text(f"channels: {{one: {{type: wecom, url: 'https://{HOST}/?key={KEY}'}}}}", encoding="utf-8")
    with pytest.raises(Exception, match=r"desk\.yaml") as error:
        load_desk(file)
    clean(f"{error.value!r} {error.value} {vars(error.value)}")
