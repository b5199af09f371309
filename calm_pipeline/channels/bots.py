"""What each bot and the webhook are sent: pure functions from a page to the JSON of one message."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from calm_pipeline.channels import plain
from calm_pipeline.channels.notice import Notice, Page, as_data
from calm_pipeline.channels.pages import pages
from calm_pipeline.survey import Words

Body = dict[str, Any]
Kind = Literal["webhook", "wecom", "dingtalk", "feishu", "slack"]

SECTION, BLOCKS = 3000, 50
_BREAK = "  \n  "


@dataclass(frozen=True)
class Form:
    """How a kind of channel is written: its characters, its layout, and whether a message is within its limits."""

    body: Callable[[Page], Body]
    fits: Callable[[Body], bool]
    clean: plain.Clean | None = None


def messages(notice: Notice, kind: Kind) -> list[tuple[Page, Body]]:
    """The messages that say `notice`, in the order of sending, unsigned, each with its part of the notice."""
    form = FORMS[kind]
    shown = plain.cleaned(notice, form.clean) if form.clean else notice
    return [(page, form.body(page)) for page in pages(shown, lambda page: form.fits(form.body(page)))]


def encoded(body: Body) -> bytes:
    """The bytes of a message; Chinese as it is, since escapes would double it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def wecom(page: Page) -> Body:
    """WeCom: its own small Markdown, at most 4096 bytes."""
    lines = [f"**{_joined(page.notice.title)}{page.mark}**"]
    for group in page.notice.groups:
        lines += ["", f"**{_joined(group.head)}**", *(f"> {side}" for line in group.lines for side in _bulleted(line))]
    return {"msgtype": "markdown", "markdown": {"content": "\n".join([*lines, "", *_sides(page.notice.foot)])}}


def dingtalk(page: Page) -> Body:
    """DingTalk: Markdown in which only an empty line ends a paragraph, at most 20000 bytes; nobody is called."""
    title = f"{_joined(page.notice.title)}{page.mark}"
    parts = [f"### {title}"]
    for group in page.notice.groups:
        parts += [f"**{_joined(group.head)}**", *(f"- {_BREAK.join(_sides(line))}" for line in group.lines)]
    text = "\n\n".join([*parts, *_sides(page.notice.foot)])
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}, "at": {"isAtAll": False}}


def feishu(page: Page) -> Body:
    """Feishu: a post without markup in the reader's own language; a custom bot takes at most 20 KB."""
    return {
        "msg_type": "post",
        "content": {"post": {"zh_cn": _post(page, _zh), "en_us": _post(page, _en)}},
    }


def slack(page: Page) -> Body:
    """Slack: at most 50 blocks with sections of at most 3000 characters; nothing is turned into a link or unfurled."""
    title = f"{_joined(page.notice.title)}{page.mark}"
    texts = [f"*{title}*", *(text for group in page.notice.groups for text in _sections(group.head, group.lines))]
    blocks = [_section(text) for text in (*texts, "\n".join(_sides(page.notice.foot)))]
    return {"text": title, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def webhook(page: Page) -> Body:
    """Webhook: the notice as data. Its words are as they came; whoever shows them escapes them."""
    return {"version": 1, "part": page.number, "parts": page.total, **as_data(page.notice)}


def _sides(words: Words) -> list[str]:
    return [words.zh] if words.zh == words.en else [words.zh, words.en]


def _bulleted(words: Words) -> list[str]:
    return [f"{'•' if n == 0 else ' '} {side}" for n, side in enumerate(_sides(words))]


def _joined(words: Words) -> str:
    return " ".join(_sides(words))


def _zh(words: Words) -> str:
    return words.zh


def _en(words: Words) -> str:
    return words.en


def _post(page: Page, side: Callable[[Words], str]) -> Body:
    content = []
    for group in page.notice.groups:
        content.append([{"tag": "text", "text": side(group.head), "style": ["bold"]}])
        content += [[{"tag": "text", "text": f"• {side(line)}"}] for line in group.lines]
    return {
        "title": f"{side(page.notice.title)}{page.mark}",
        "content": [*content, [{"tag": "text", "text": side(page.notice.foot)}]],
    }


def _sections(head: Words, lines: tuple[Words, ...]) -> Iterator[str]:
    text = f"*{_joined(head)}*"
    for line in lines:
        more = "\n".join(_bulleted(line))
        if len(text) + 1 + len(more) > SECTION:
            yield text
            text = more
        else:
            text = f"{text}\n{more}"
    yield text


def _section(text: str) -> Body:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _within(limit: int) -> Callable[[Body], bool]:
    return lambda body: len(encoded(body)) <= limit


FORMS: dict[Kind, Form] = {
    "webhook": Form(webhook, _within(64 * 1024)),
    "wecom": Form(wecom, lambda body: len(body["markdown"]["content"].encode()) <= 4096, plain.markdown),
    "dingtalk": Form(dingtalk, _within(20_000), plain.markdown),
    "feishu": Form(feishu, _within(19_500), plain.tagless),
    "slack": Form(slack, lambda body: len(body["blocks"]) <= BLOCKS, plain.slack),
}
