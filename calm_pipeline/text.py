"""Text from outside as it may be shown: nothing in it hides, turns its surroundings round or fills pages."""

import unicodedata

SHOWN = 1000
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """The text with every character that does not show, other than line breaks and tabs, replaced by its number.

    >>> visible("abc\\u202e\\x1b[31m")
    'abc〔U+202E〕〔U+001B〕[31m'
    """
    return "".join(mark if shows(mark) else f"〔U+{ord(mark):04X}〕" for mark in text.replace("\r\n", "\n"))


def shows(mark: str) -> bool:
    """Whether a character leaves a mark or a gap on the page and does nothing else."""
    return mark in "\n\t" or (unicodedata.category(mark) not in _HIDDEN and mark not in "\ufffe\uffff")


def shortened(text: str, most: int = SHOWN) -> str:
    """The text, or its beginning and how many characters it has, `most` in all."""
    if len(text) <= most:
        return text
    note = f"……〔共 {len(text)} 字，其余从略 / {len(text)} characters, the rest left out〕"
    return text[: most - len(note)] + note
