"""Notices, desks and answers that the tests of the channels share; what respondents wrote in them is hostile."""

from datetime import UTC, datetime
from typing import Any

from calm_pipeline.channels import Desk, Group, Notice
from calm_pipeline.survey import Words

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
HOST = "bots.example.org"
WEBHOOK_SECRET = "whsec_" + "c2VjcmV0LWtleS1vZi10aGUtd2ViaG9vay0wMQ=="


def both(text: str) -> Words:
    return Words(en=text, zh=text)


HOSTILE = (
    '<!channel> <!here|here> <@all> <@U012AB3CD> @所有人 @all <at id=all></at> <at user_id="all">所有人</at>',
    "[点此领奖](http://evil.example/x) ![](https://evil.example/p.png) <http://evil.example|report> www.evil.example",
    '<script>alert(1)</script> <img src=x onerror=alert(1)> <font color="warning">x</font> &lt;b&gt; &',
    "**粗体** _斜体_ ~删除~ `代码` # 标题 > 引用 - 列表 \\ | 1. 项",
    "换行\r\nBcc: someone@example.org\r\n\r\n正文 \x1b[31m\x00\u202eexe.fdp\u202c\u200b",
)

NOTICE = Notice(
    key="2023/示例大学图书馆",
    title=Words(
        en="2 new findings in edition 2023\r\nBcc: eve@example.org", zh="2023 年度有 2 项新问题\r\nSubject: 假标题"
    ),
    groups=(
        Group(
            Words(en="Example University Library", zh="示例大学图书馆"),
            (
                Words(
                    en="Question 14, library__single_submission: two submissions differ",
                    zh="第 14 题（library__single_submission）：两份答卷不一致",
                ),
                *map(both, HOSTILE),
            ),
        ),
        Group(both("*<Other>* 图书馆 @all"), (Words(en="The count is out of range", zh="数值超出允许范围"),)),
    ),
    foot=Words(en="Answers are expected by 8 December 2026.", zh="请于 2026 年 12 月 8 日前答复。"),
)


def many(lines: int, text: str = "应答字段 {n} 的值与问卷不符 " + "长" * 40) -> Notice:
    """A notice too long for any one message of a bot."""
    words = tuple(both(text.format(n=n)) for n in range(lines))
    groups = tuple(Group(both(f"图书馆 {n}"), words[n::7]) for n in range(7))
    return Notice("2023/many", both("许多问题"), groups, both("请尽快处理"))


MAIL = {
    "type": "mail",
    "host": "smtp.example.org",
    "sender": "calm@example.org",
    "recipients": ["desk@example.org", "chief@example.org"],
}
CHANNELS: dict[str, dict[str, Any]] = {
    "mail": MAIL,
    "webhook": {"type": "webhook", "url_env": "CALM_URL", "secret_env": "CALM_WEBHOOK_SECRET"},
    "wecom": {"type": "wecom", "url_env": "CALM_URL"},
    "dingtalk": {"type": "dingtalk", "url_env": "CALM_URL", "secret_env": "CALM_SECRET"},
    "feishu": {"type": "feishu", "url_env": "CALM_URL", "secret_env": "CALM_SECRET"},
    "slack": {"type": "slack", "url_env": "CALM_URL"},
}
BOTS = ("webhook", "wecom", "dingtalk", "feishu", "slack")
LINES = {"webhook": 800, "wecom": 100, "dingtalk": 500, "feishu": 300, "slack": 5000}  # more than two messages
TAKEN = {
    "webhook": b"",
    "wecom": b'{"errcode":0,"errmsg":"ok"}',
    "dingtalk": b'{"errcode":0,"errmsg":"ok"}',
    "feishu": b'{"code":0,"data":{},"msg":"success"}',
    "slack": b"ok",
}


def desk(**changes: Any) -> Desk:
    """A desk with every channel that may speak to this machine; `mail` changes the mail channel."""
    said: dict[str, Any] = {
        "contact": {"en": "The desk", "zh": "工作组", "mail": "desk@example.org"},
        "deadline_days": 14,
        "remind_every_days": 7,
        "consequence": {"en": "Not counted", "zh": "不计入统计"},
        "allow_private": True,
        "channels": {**CHANNELS, "mail": {**MAIL, **changes.pop("mail", {})}},
    }
    return Desk.model_validate({**said, **changes})


def loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]
