"""Hostile text made harmless: one line, nothing invisible, no markup, no mention, no link, and not too long."""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from html import escape

from calm_pipeline.canonical import CONTROL
from calm_pipeline.channels.notice import Group, Notice
from calm_pipeline.survey import Words

Clean = Callable[[str], str]

_TITLE, _HEAD, _LINE, _FOOT = 200, 200, 800, 300
_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile(f"{CONTROL}|\x00+")
_LINK = re.compile(r"(?i)(?<=[a-z0-9+.-]):(?=//)|(?<=\bwww)\.|(?<=\bmailto):|(?<=\btel):")
_EDGE = re.compile(r"(?<!\w)_++|_++(?!\w)")


def _wide(marks: str) -> dict[int, int]:
    """The same characters in full width: they look alike and mean nothing to any markup."""
    return {ord(mark): ord(mark) + 0xFEE0 for mark in marks}


_MARKDOWN, _SLACK, _TAGS = _wide(r"\`*~[]<>&#@"), _wide(r"\`*~#@"), _wide("<>&@")


def flat(text: str) -> str:
    """One line of characters that show.

    >>> flat("a\\r\\nBcc: b\\u202e")
    'a Bcc: b'
    """
    return _UNSEEN.sub("", _SPACE.sub(" ", text)).strip()


def unlinked(text: str) -> str:
    """One line in which nothing becomes a link by itself.

    >>> unlinked("see HTTPS://example.org and www.example.org")
    'see HTTPS：//example.org and www．example.org'
    """
    return _LINK.sub(lambda mark: chr(ord(mark[0]) + 0xFEE0), flat(text))


def markdown(text: str) -> str:
    """Text for a bot that reads some dialect of Markdown; no dialect agrees on how to escape.

    >>> markdown("<@all> [here](http://x) a_b _c_")
    '＜＠all＞ ［here］(http：//x) a_b ＿c＿'
    """
    return _without_edges(unlinked(text).translate(_MARKDOWN))


def slack(text: str) -> str:
    """Text for Slack, whose mentions and links stand in angle brackets.

    >>> slack("<!channel> *now* & then")
    '&lt;!channel&gt; ＊now＊ &amp; then'
    """
    return escape(_without_edges(unlinked(text).translate(_SLACK)), quote=False)


def tagless(text: str) -> str:
    """Text for a message without markup in which tags may still mean something."""
    return unlinked(text).translate(_TAGS)


def _without_edges(text: str) -> str:
    return _EDGE.sub(lambda run: "＿" * len(run[0]), text)


def cleaned(notice: Notice, clean: Clean) -> Notice:
    """The notice with every wording clean and of a length that any channel holds; what is cut ends in an ellipsis."""
    groups = tuple(
        Group(_words(group.head, clean, _HEAD), tuple(_words(line, clean, _LINE) for line in group.lines))
        for group in notice.groups
    )
    title, foot = _words(notice.title, clean, _TITLE), _words(notice.foot, clean, _FOOT)
    return replace(notice, title=title, groups=groups, foot=foot)


def _words(words: Words, clean: Clean, limit: int) -> Words:
    return Words(en=cut(words.en, clean, limit), zh=cut(words.zh, clean, limit))


def cut(text: str, clean: Clean, limit: int) -> str:
    """`clean(text)` in at most `limit` bytes of UTF-8; never in the middle of what `clean` wrote for one character."""
    whole = clean(text)
    if _bytes(whole) <= limit:
        return whole or "-"
    room = limit - _bytes("…")
    length = bisect_right(range(len(text) + 1), room, key=lambda n: _bytes(clean(text[:n]))) - 1
    return clean(text[:length]) + "…"


def _bytes(text: str) -> int:
    return len(text.encode())
