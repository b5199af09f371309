"""Personal data in a text, found however they were typed, and a mark put in their place."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

WITHHELD, WITHHELD_NAME = "〔手机号已隐去〕", "〔姓名已隐去〕"
_DASH = r"\-‐‑–—"
_LOOSE = rf"[\s{_DASH}]"
_GAP = rf"[\s{_DASH}_./·•・]{{0,3}}"
_GROUPS = ([11], [3, 4, 4], [3, 3, 5], [3, 8], [7, 4], [5, 6])
_UNSEEN = ("Cc", "Cf", "Mn", "Me")

MOBILE = re.compile(
    r"(?<![\d.])1\.[3-9]\d*e\+?10(?!\d)"
    rf"|(?<!\d)(?<!\d\.)(?:(?:\+|00)?{_GAP}86{_GAP})?(1{_GAP}[3-9](?:{_GAP}\d){{9}})(?:\.0+)?(?!\d)",
    re.IGNORECASE,
)
_CONTACTS = (
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "〔邮箱已隐去〕"),
    (re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"), "〔IP已隐去〕"),
    (re.compile(r"(?<![\da-z])\d{6} ?\d{8} ?\d{3}[\dx](?![\da-z])", re.IGNORECASE), "〔证件号已隐去〕"),
    (MOBILE, WITHHELD),
    (re.compile(rf"(?<!\d)0\d{{2,3}}[{_DASH} ]?\d{{7,8}}(?!\d)"), "〔电话已隐去〕"),
    (re.compile(rf"(?<=电话|座机|传真|手机)[:： 是为]{{0,3}}\d{{3,4}}[{_DASH} ]?\d{{4}}(?!\d)"), "〔电话已隐去〕"),
)


def without_contacts(text: str) -> str:
    """Text without mobile and other telephone numbers, e-mail and network addresses, and identity card numbers.

    Characters that nobody sees, full-width forms and the usual separators hide none of them.
    """
    return _without(text, _CONTACTS)


def without_names(text: str, names: Iterable[str]) -> str:
    """Text without these names, also where they are spaced, spelt in other case or with unseen characters between."""
    return _without(text, ((_spaced(name), WITHHELD_NAME) for name in names))


def mobile(text: str) -> str | None:
    """The mobile number that is all of the text, in eleven digits however it was typed; None if it is none.

    >>> mobile(" +86 138-0000-0000 "), mobile("１３８００００００００"), mobile("请致电13800000000"), mobile("1.38E+10")
    ('13800000000', '13800000000', None, None)
    """
    match = MOBILE.fullmatch(_seen(text)[0].strip())
    return _digits(match[1]) if match and match[1] and _is_dialled(match) else None


def mobiles(text: str) -> set[str]:
    """Every mobile number in a text, in eleven digits."""
    seen, _ = _seen(text)
    found = (MOBILE.match(seen, start) for start, _ in _spans(seen, MOBILE))
    return {_digits(match[1]) for match in found if match and match[1]}


def _digits(number: str) -> str:
    return "".join(str(unicodedata.digit(mark)) for mark in number if mark.isdigit())


def is_the_name(text: str, name: str) -> bool:
    """Whether the text is the name and nothing else."""
    return _spaced(name).fullmatch(_seen(text)[0].strip()) is not None


@lru_cache(1024)
def _spaced(name: str) -> re.Pattern[str]:
    letters = _seen("".join(name.split()))[0]
    body = r"\s*".join(map(re.escape, letters))
    before, after = ("(?<![A-Za-z])" * letters[0].isascii(), "(?![A-Za-z])" * letters[-1].isascii())
    return re.compile(before + body + after, re.IGNORECASE)


def _without(text: str, hidden: Iterable[tuple[re.Pattern[str], str]]) -> str:
    seen, places = _seen(text)
    for pattern, mark in hidden:
        spans = [(places[start], places[end - 1] + 1) for start, end in _spans(seen, pattern)]
        if spans:
            ends = [0, *(end for _, end in spans)]
            kept = [text[end:start] for end, (start, _) in zip(ends, spans, strict=False)]
            text = mark.join([*kept, text[ends[-1] :]])
            seen, places = _seen(text)
    return text


def _spans(seen: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where the pattern matches; what only looks like a mobile number may still hold one from its second digit on."""
    at = 0
    while match := pattern.search(seen, at):
        counts = pattern is not MOBILE or _is_dialled(match)
        at = match.end() if counts else match.start() + 1
        if counts:
            yield match.span()


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


def _plain(mark: str) -> str:
    folded = unicodedata.normalize("NFKC", mark)
    return folded if len(folded) == 1 else mark


def _is_dialled(match: re.Match[str]) -> bool:
    """Eleven digits in a row, spaced or dashed anyhow, or parted in the ways in which numbers are written.

    Not a list of other numbers, such as 1500/2000/300.
    """
    number = match[1] or ""
    groups = [len(group) for group in re.split(r"\D+", number)]
    return groups in _GROUPS or re.fullmatch(rf"(?:\d{_LOOSE}{{0,2}})+|", number) is not None
