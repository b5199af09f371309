"""Text as other programs can hold it: plain, and cut to their limits in bytes or in characters."""

import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
CUT = "…"
_LETTER, _LETTERS = re.compile(r"[A-Za-z0-9]"), re.compile(r"[\s,;:(\[]+[A-Za-z0-9'-]{0,30}\Z")


def plain(text: str) -> str:
    """The text in one line, without characters that do not show.

    >>> plain("a\\n b\\u202ec")
    'a b c'
    """
    return " ".join("".join(" " if unicodedata.category(mark) in _HIDDEN else mark for mark in text).split())


def in_bytes(text: str, most: int) -> str:
    """The text, or as much of it as fits with a mark of the cut into `most` bytes of UTF-8; no character is split.

    >>> in_bytes("图书馆", 9), in_bytes("图书馆", 8), in_bytes("one library", 9)
    ('图书馆', '图…', 'one…')
    """
    whole = text.encode()
    return text if len(whole) <= most else _cut(text, whole[: most - len(CUT.encode())].decode(errors="ignore"))


def in_characters(text: str, most: int) -> str:
    """The text, or its beginning and a mark of the cut, `most` characters in all."""
    return text if len(text) <= most else _cut(text, text[: most - len(CUT)])


def _cut(text: str, head: str) -> str:
    """The head of a text and the mark of the cut, after a word and not within one; Chinese is cut anywhere."""
    within = _LETTER.match(text, len(head)) and _LETTERS.search(head)
    return (head[: within.start()] if within and within.start() else head) + CUT
