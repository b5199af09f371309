"""Text as other programs can hold it: plain, and cut to their limits in bytes or in characters."""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
CUT = "…"


def plain(text: str) -> str:
    """The text in one line, without characters that do not show.

    >>> plain("a\\n b\\u202ec")
    'a b c'
    """
    return " ".join("".join(" " if unicodedata.category(mark) in _HIDDEN else mark for mark in text).split())


def in_bytes(text: str, most: int) -> str:
    """The text, or as much of it as fits with a mark of the cut into `most` bytes of UTF-8; no character is split.

    >>> in_bytes("图书馆", 9), in_bytes("图书馆", 8)
    ('图书馆', '图…')
    """
    whole = text.encode()
    if len(whole) <= most:
        return text
    return whole[: most - len(CUT.encode())].decode(errors="ignore") + CUT


def in_characters(text: str, most: int) -> str:
    """The text, or its beginning and a mark of the cut, `most` characters in all."""
    return text if len(text) <= most else text[: most - len(CUT)] + CUT
