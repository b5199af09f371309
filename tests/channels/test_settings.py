"""What desk.yaml may say; what is wrong is named by place, and a secret in the wrong place is not repeated."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from calm_pipeline.channels import Desk, load_desk
from calm_pipeline.errors import CalmError
from calm_pipeline.root import Root
from tests.channels.examples import CHANNELS, desk

OWN = Root(Path(__file__).resolve().parents[2]).desk
START = """
contact: {en: The desk, zh: 工作组, mail: desk@example.org}
deadline_days: 14
remind_every_days: 7
consequence: {en: Not counted, zh: 不计入统计}
"""
LEAK = "c2VjcmV0LWtleQ-1234567890"


def problem(tmp_path: Path, text: str) -> str:
    file = tmp_path / "desk.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CalmError) as error:
        load_desk(file)
    return f"{error.value} {error.value.zh}"


def test_the_projects_own_desk_is_complete_and_has_no_channel_switched_on() -> None:
    found = load_desk(OWN)
    assert found.channels == {}
    assert found.allow_hosts == ()
    assert not found.allow_private
    assert found.consequence.zh.endswith("。")


def test_the_examples_in_the_projects_own_desk_are_right(tmp_path: Path) -> None:
    text = (
        OWN.read_text(encoding="utf-8").replace("channels: {}", "channels:").replace("allow_hosts: []", "allow_hosts:")
    )
    file = tmp_path / "desk.yaml"
    file.write_text(re.sub(r"(?m)^#(?=  )|^# (?=- )", "", text), encoding="utf-8")
    found = load_desk(file)
    assert {channel.type for channel in found.channels.values()} == set(CHANNELS)
    assert "qyapi.weixin.qq.com" in found.allow_hosts


def test_a_smallest_desk(tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    file.write_text(START, encoding="utf-8")
    assert load_desk(file).channels == {}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CalmError, match=r"desk\.yaml"):
        load_desk(tmp_path / "desk.yaml")


def test_every_wrong_place_is_named_at_once(tmp_path: Path) -> None:
    said = problem(
        tmp_path,
        START.replace("14", "0")
        + "allow_hosts: ['https://example.org/']\n"
        + "channels:\n  one: {type: wecom, url_env: calm url}\n"
        + "  two: {type: mail, host: h, sender: x, recipients: []}\n",
    )
    for place in ("deadline_days", "allow_hosts.0", "channels.one", "url_env", "channels.two", "sender", "recipients"):
        assert place in said
    assert "line 3," in said


@pytest.mark.parametrize(
    "channel",
    [
        f"{{type: wecom, url: 'https://qyapi.weixin.qq.com/send?key={LEAK}'}}",
        f"{{type: wecom, url_env: 'https://qyapi.weixin.qq.com/send?key={LEAK}'}}",
        f"{{type: wecom, url_env: ['{LEAK}']}}",
        f"{{type: wecom, url_env: CALM_URL, secret_env: '{LEAK}'}}",
        f"{{type: slack, url_env: {{CALM_URL: '{LEAK}'}}}}",
        f"{{type: dingtalk, url_env: CALM_URL, secret_env: '{LEAK}'}}",
        f"{{type: webhook, url_env: CALM_URL, secret: '{LEAK}'}}",
        f"{{type: mail, host: smtp.example.org, sender: a@b.org, recipients: [b@b.org], password: '{LEAK}'}}",
        f"{{type: mail, host: 'u:{LEAK}@smtp.example.org', sender: a@example.org, recipients: [b@example.org]}}",
        f"'https://hooks.slack.com/services/{LEAK}'",
    ],
)
def test_a_secret_written_into_the_file_is_refused_and_not_repeated(tmp_path: Path, channel: str) -> None:
    said = problem(tmp_path, f"{START}channels:\n  desk_group: {channel}\n")
    assert "desk_group" in said
    assert LEAK not in said


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("wecom", {"secret_env": "CALM_SECRET"}),
        ("slack", {"secret_env": "CALM_SECRET"}),
        ("webhook", {"secret_env": None}),
        ("mail", {"user_env": "CALM_USER"}),
        ("mail", {"password_env": "CALM_PASSWORD"}),
        ("mail", {"security": "ssl"}),
        ("mail", {"port": 0}),
        ("mail", {"port": 65536}),
        ("mail", {"sender": "Desk <desk@example.org>"}),
        ("mail", {"recipients": ["desk@example.org\r\nBcc: x@example.org"]}),
        ("mail", {"recipients": []}),
        ("mail", {"host": "SMTP.example.org"}),
        ("dingtalk", {"type": "ding"}),
    ],
)
def test_a_channel_with_a_wrong_key_is_refused(kind: str, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        desk(channels={"one": {**CHANNELS[kind], **change}})


@pytest.mark.parametrize(
    "host", ["*", "*.example.org", "example.org/", "-x.org", "a..b", "例子.org", "[::1]", "x:y", ""]
)
def test_a_pattern_is_no_host(host: str) -> None:
    with pytest.raises(ValidationError):
        desk(allow_hosts=[host])


def test_a_desk_cannot_change() -> None:
    found: Desk = desk()
    with pytest.raises(ValidationError):
        found.deadline_days = 3  # type: ignore[misc]
