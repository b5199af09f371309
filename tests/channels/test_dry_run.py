"""A dry run writes the bytes that would be sent, and needs neither network nor secrets."""

import json
import socket
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from calm_pipeline.channels import NotDelivered, deliver, dry_run
from calm_pipeline.channels.signatures import SIGNED
from tests.channels.examples import BOTS, CHANNELS, HOST, LINES, NOTICE, NOW, TAKEN, desk, loopback, many
from tests.channels.servers import Post, Reply, mail_server, web

VARIABLES = ("CALM_URL", "CALM_SECRET", "CALM_WEBHOOK_SECRET")


@pytest.fixture
def nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        pytest.fail("a dry run opens no connection and looks up no name")

    for name in VARIABLES:
        monkeypatch.delenv(name)
    monkeypatch.setattr(socket, "create_connection", closed)
    monkeypatch.setattr(socket, "getaddrinfo", closed)


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_dry_run_works_before_anything_is_set_up(kind: str, nothing_outside: None, tmp_path: Path) -> None:
    files = dry_run(NOTICE, kind, desk(allow_private=False), tmp_path / "new" / "folder", now=NOW)
    assert [file.suffix for file in files] == ([".eml"] if kind == "mail" else [".json", ".txt"])
    assert sorted(files) == sorted((tmp_path / "new" / "folder").iterdir())
    again = dry_run(NOTICE, kind, desk(), tmp_path / "new" / "folder", now=NOW)
    assert again == files


@pytest.mark.parametrize("kind", ["webhook", "wecom", "dingtalk", "slack"])
def test_the_body_is_the_one_that_is_sent(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = many(LINES[kind])
    with web(Reply(body=TAKEN[kind])) as server:
        settings = desk(allow_hosts=[f"{HOST}:{server.port}"])
        monkeypatch.setenv("CALM_URL", f"http://{HOST}:{server.port}/hook?key=KEY")
        deliver(notice, kind, settings, now=NOW, wait=lambda _: None, resolve=loopback)
    files = dry_run(notice, kind, settings, tmp_path, now=NOW)
    assert len(server.posted) > 2
    assert [file.read_bytes() for file in files if file.suffix == ".json"] == [sent.body for sent in server.posted]


def test_the_mail_is_the_one_that_is_sent(tmp_path: Path) -> None:
    with mail_server(Post()) as post:
        host = CHANNELS["mail"]["host"]
        settings = desk(mail={"port": post.port, "security": "none"}, allow_hosts=[f"{host}:{post.port}"])
        deliver(NOTICE, "mail", settings, now=NOW, wait=lambda _: None, resolve=loopback)
    (file,) = dry_run(NOTICE, "mail", settings, tmp_path, now=NOW)
    assert file.read_bytes().rstrip() == post.mails[0].rstrip()
    assert message_from_bytes(file.read_bytes(), policy=default)["Subject"]


@pytest.mark.parametrize("kind", BOTS)
def test_the_names_of_variables_and_a_placeholder_stand_for_secrets(kind: str, tmp_path: Path) -> None:
    body, head = (file.read_text(encoding="utf-8") for file in dry_run(NOTICE, kind, desk(), tmp_path, now=NOW))
    assert head.startswith("POST $CALM_URL")
    assert (SIGNED in head) == (kind in ("webhook", "dingtalk"))
    assert (json.loads(body).get("sign") == SIGNED) == (kind == "feishu")


def test_a_bot_without_signature_has_no_placeholder(tmp_path: Path) -> None:
    settings = desk(channels={"group": {"type": "dingtalk", "url_env": "CALM_URL"}})
    files = dry_run(NOTICE, "group", settings, tmp_path, now=NOW)
    assert all(SIGNED not in file.read_text(encoding="utf-8") for file in files)


def test_an_unknown_channel_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotDelivered, match="Channel nowhere"):
        dry_run(NOTICE, "nowhere", desk(), tmp_path, now=NOW)
    assert list(tmp_path.iterdir()) == []
