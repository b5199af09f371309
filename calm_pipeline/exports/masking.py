"""Personal data in a text, found however they were typed, and a mark put in their place."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from calm_pipeline.exports.contacts import CONTACTS, MOBILES, NUMERALS, WITHHELD
from calm_pipeline.exports.named import LONGEST

WITHHELD_NAME = "〔姓名已隐去〕"
NOBODY = re.compile("(?!)")
_UNSEEN = ("Cc", "Cf", "Mn", "Me")
_ROUND = {"○": "〇", "◯": "〇"}
_VALUES = {mark: str(value) for value, marks in enumerate(NUMERALS) for mark in marks}
_WITHIN, _WITHIN_LATIN = r"[\s·•・‧]*", r"[\s·•・‧.,'’-]*"


def without_contacts(text: str) -> str:
    """Text without mobile and other telephone numbers, addresses of mail and network, identity cards and accounts.

    Characters that nobody sees, full-width forms, numerals in words and separators hide none of them. Nothing is
    found in the result any more.
    """
    while (plain := _without(text, CONTACTS)) != text:
        text = plain
    return text


def without_names(text: str, names: Iterable[str]) -> str:
    """Text without these names, also where they are spaced, spelt in other case or with unseen characters between.

    What has no letters, or more than `LONGEST`, is nobody's name.
    """
    return _without(text, ((_spaced(name), WITHHELD_NAME) for name in names))


def mobile(text: str) -> str | None:
    """The mobile number that is all of the text, in eleven digits however it was typed; None if it is none.

    >>> mobile(" +86 138-0000-0000 "), mobile("（138）零零零零００００"), mobile("请致电13800000000"), mobile("1.38E10")
    ('13800000000', '13800000000', None, None)
    """
    seen = _seen(text)[0].strip()
    found = next(filter(None, (form.fullmatch(seen) for form in MOBILES)), None)
    return _digits(found[1]) if found else None


def mobiles(text: str) -> set[str]:
    """Every mobile number in a text, in eleven digits."""
    (seen, _), found = _seen(text), set()
    for form in MOBILES:
        found |= {_digits(match[1]) for match in form.finditer(seen)}
        seen = form.sub(WITHHELD, seen)
    return found


def _digits(number: str) -> str:
    return "".join(mark for mark in (_VALUES.get(one, one) for one in number) if mark.isdigit())


def is_the_name(text: str, name: str) -> bool:
    """Whether the text is the name and nothing else."""
    return _spaced(name).fullmatch(_seen(text)[0].strip()) is not None


@lru_cache(1024)
def _spaced(name: str) -> re.Pattern[str]:
    seen = _seen("".join(name.split()))[0]
    within = _WITHIN_LATIN if seen.isascii() else _WITHIN
    letters = re.sub(within, "", seen)
    if not 0 < len(letters) <= LONGEST:
        return NOBODY
    before, after = ("(?<![A-Za-z])" * letters[0].isascii(), "(?![A-Za-z])" * letters[-1].isascii())
    return re.compile(before + within.join(map(re.escape, letters)) + after, re.IGNORECASE)


def _without(text: str, hidden: Iterable[tuple[re.Pattern[str], str]]) -> str:
    seen, places = _seen(text)
    for pattern, mark in hidden:
        spans = [(places[match.start()], places[match.end() - 1] + 1) for match in pattern.finditer(seen)]
        if spans:
            ends = [0, *(end for _, end in spans)]
            kept = [text[end:start] for end, (start, _) in zip(ends, spans, strict=False)]
            text = mark.join([*kept, text[ends[-1] :]])
            seen, places = _seen(text)
    return text


def _seen(text: str) -> tuple[str, Sequence[int]]:
    """What a reader sees of a text in plain characters, and the place of each in the text itself."""
    if text.isascii() and text.isprintable():
        return text, range(len(text))
    pairs = [
        (_plain(mark), place)
        for place, mark in enumerate(text)
        if mark in "\t\r\n" or unicodedata.category(mark) not in _UNSEEN
    ]
    return "".join(mark for mark, _ in pairs), [place for _, place in pairs]


@lru_cache(4096)
def _plain(mark: str) -> str:
    folded = unicodedata.normalize("NFKC", mark)
    digit = unicodedata.digit(mark, None)
    if digit is not None:
        return str(digit)
    return _ROUND.get(mark, folded if len(folded) == 1 else mark)
