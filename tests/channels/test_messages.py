"""What each channel is sent: golden files of a hostile notice, limits, splitting, signatures."""

import base64
import doctest
import hashlib
import hmac
import json
import os
import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from calm_pipeline.channels import Group, Notice, plain, signatures
from calm_pipeline.channels.bots import encoded, messages
from calm_pipeline.channels.mail import message
from calm_pipeline.channels.pages import pages
from calm_pipeline.channels.settings import Mail
from tests.channels.examples import BOTS, CHANNELS, HOSTILE, LINES, MAIL, NOTICE, NOW, both, many

GOLDEN = Path(__file__).parent / "golden"
DANGEROUS = ("<!", "<@", "<at", "<http", "<script", "<font", "@", "://", "www.", "\\r", "\\u001b", "\u202e")
SHOWN_BOTS = ("wecom", "dingtalk", "feishu", "slack")


def same_as_golden(name: str, produced: bytes) -> None:
    file = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        file.write_bytes(produced)
    assert produced == file.read_bytes()


def bodies(notice: Notice, kind: Any) -> list[Any]:
    return [body for _, body in messages(notice, kind)]


@pytest.mark.parametrize("kind", BOTS)
def test_each_bot_says_a_hostile_notice_as_the_golden_file_shows(kind: str) -> None:
    (body,) = bodies(NOTICE, kind)
    same_as_golden(f"{kind}.json", json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n")


def test_the_mail_of_a_hostile_notice_is_the_golden_one() -> None:
    same_as_golden("mail.eml", message(NOTICE, Mail.model_validate(MAIL), NOW))


@pytest.mark.parametrize("kind", SHOWN_BOTS)
def test_nothing_hostile_survives_in_what_a_bot_shows(kind: str) -> None:
    text = encoded(bodies(NOTICE, kind)[0]).decode()
    assert [mark for mark in DANGEROUS if mark in text] == []
    if kind in ("wecom", "dingtalk"):
        assert "](" not in text
    if kind != "feishu":  # shows no markup at all
        assert not re.search(r"\*粗体|`|[_~](斜体|删除)", text)


def test_nothing_hostile_survives_in_the_mail() -> None:
    mail = message_from_bytes(message(NOTICE, Mail.model_validate(MAIL), NOW), policy=default)
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("2023 年度有 2 项新问题 Subject: 假标题")
    assert set(mail.keys()) >= {"From", "To", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted"}
    html = mail.get_body(("html",)).get_content()
    tags = set(re.findall(r"<[^>]*>", html))
    assert tags == {
        *("<!DOCTYPE html>", '<html lang="zh-CN">', "</html>", "<head>", "</head>", '<meta charset="utf-8">', "<body>"),
        *("</body>", "<h1>", "</h1>", "<h2>", "</h2>", "<ul>", "</ul>", "<li>", "</li>", "<p>", "</p>", "<br>"),
        *('<span lang="en">', "</span>"),
    }
    assert "://" not in html
    assert "://" not in mail.get_body(("plain",)).get_content()


def test_the_webhook_gets_the_words_as_they_are() -> None:
    lines = bodies(NOTICE, "webhook")[0]["groups"][0]["lines"]
    assert [line["zh"] for line in lines[1:]] == list(HOSTILE)


def test_mails_about_one_matter_stand_in_one_thread_and_a_repeat_is_the_same_mail() -> None:
    channel = Mail.model_validate(MAIL)
    reminder = Notice(NOTICE.key, both("still open"), NOTICE.groups, NOTICE.foot)
    first, again, later, other = (
        message_from_bytes(message(notice, channel, NOW), policy=default)
        for notice in (NOTICE, NOTICE, reminder, many(1))
    )
    assert first["Message-ID"] == again["Message-ID"] != later["Message-ID"]
    assert first["References"] == later["References"] != other["References"]
    next_week = message_from_bytes(message(NOTICE, channel, NOW.replace(month=12)), policy=default)
    assert next_week["Message-ID"] != first["Message-ID"]


@pytest.mark.parametrize("kind", SHOWN_BOTS)
@pytest.mark.parametrize(
    "notice", [many(400), many(60, "{n}" + "<" * 5000), many(1), many(0)], ids=["long", "wide", "one", "none"]
)
def test_no_message_is_larger_than_its_channel_allows(kind: str, notice: Notice) -> None:
    sent = bodies(notice, kind)
    if kind == "wecom":
        assert all(len(body["markdown"]["content"].encode()) <= 4096 for body in sent)
    assert all(len(encoded(body)) <= 20_000 for body in sent if kind in ("dingtalk", "feishu"))
    if kind == "slack":
        assert all(len(body["blocks"]) <= 50 for body in sent)
        assert all(len(block["text"]["text"]) <= 3000 for body in sent for block in body["blocks"])


@pytest.mark.parametrize("kind", BOTS)
def test_a_long_notice_is_split_with_all_its_lines_in_order_and_says_which_part_it_is(kind: str) -> None:
    notice = many(LINES[kind])
    parts = messages(notice, kind)
    lines = [line.zh for page, _ in parts for group in page.notice.groups for line in group.lines]
    assert len(parts) > 1
    assert lines == [line.zh for group in notice.groups for line in group.lines]
    assert [page.mark for page, _ in parts] == [f" ({n}/{len(parts)})" for n in range(1, len(parts) + 1)]
    if kind != "webhook":
        assert all(page.mark in encoded(body).decode() for page, body in parts)


def test_parts_are_as_few_as_possible() -> None:
    found = pages(many(40), lambda page: sum(len(group.lines) for group in page.notice.groups) <= 6)
    sizes = [sum(len(group.lines) for group in page.notice.groups) for page in found]
    assert sizes == [6, 6, 6, 6, 6, 6, 4]
    heads = [[group.head.zh for group in page.notice.groups] for page in found]
    assert heads[:2] == [["图书馆 0"], ["图书馆 1"]]
    assert heads[-1] == ["图书馆 6"]


def test_a_group_without_lines_keeps_its_head() -> None:
    (page,) = pages(Notice("k", both("t"), (Group(both("head"), ()),), both("f")), lambda _: True)
    assert page.notice.groups == (Group(both("head"), ()),)


@given(text=st.text(min_size=1), limit=st.integers(4, 60))
@pytest.mark.parametrize("clean", [plain.markdown, plain.slack, plain.tagless, plain.unlinked])
def test_what_is_cut_fits_and_breaks_nothing(clean: plain.Clean, text: str, limit: int) -> None:
    short = plain.cut(text, clean, limit)
    assert 0 < len(short.encode()) <= limit
    assert short in (clean(text), "-") or short.endswith("…")
    if clean is plain.slack:
        assert not re.search(r"&(?!amp;|lt;|gt;)|[<>*`~@]", short)
    if clean is plain.markdown:
        assert not set(short) & set("<>[]*`~#@\\")
    assert "\n" not in short


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(plain).failed == 0
    assert doctest.testmod(plain).attempted == 4


def test_the_signature_of_dingtalk() -> None:
    query = parse_qs(signatures.dingtalk(SecretStr("SEC000"), NOW))
    assert query["timestamp"] == ["1795509000000"]
    wanted = hmac.new(b"SEC000", b"1795509000000\nSEC000", hashlib.sha256).digest()
    assert base64.b64decode(query["sign"][0]) == wanted


def test_the_signature_of_feishu() -> None:
    added = signatures.feishu(SecretStr("SEC000"), NOW)
    assert added["timestamp"] == "1795509000"
    assert base64.b64decode(added["sign"]) == hmac.new(b"1795509000\nSEC000", b"", hashlib.sha256).digest()


def test_the_signature_of_a_webhook() -> None:
    secret = SecretStr("whsec_" + base64.b64encode(bytes(range(24))).decode())
    headers = signatures.webhook(secret, NOW, "20261124-ab", b"{}")
    wanted = hmac.new(bytes(range(24)), b"20261124-ab.1795509000.{}", hashlib.sha256).digest()
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("20261124-ab", "1795509000")
    assert headers["webhook-signature"] == "v1," + base64.b64encode(wanted).decode()


def test_every_kind_of_channel_has_a_golden_file() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(CHANNELS)
