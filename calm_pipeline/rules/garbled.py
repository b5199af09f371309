"""What text looks like that was decoded wrongly before it was stored, as one regular expression (RE2 and Python)."""

import re

_LEADS, _TRAILS, _BETWEEN = range(0xE3, 0xEA), range(0x80, 0xC0), range(0x81, 0xC0)
"""Bytes of Chinese in UTF-8: first bytes, later bytes, and later bytes that may begin a pair in GBK."""

_COMMON = {"gb2312": range(0xB0, 0xD8), "big5": range(0xA4, 0xC7), "euc_jp": range(0xB0, 0xD0)}
"""First bytes of the characters that standards of simplified, traditional and Japanese text call common."""


def _pairs(leads: range, trails: range) -> set[str]:
    characters = (bytes((lead, trail)).decode("gbk", "ignore") for lead in leads for trail in trails)
    return {character for character in characters if len(character) == 1}


def _common(character: str) -> bool:
    codes = ((character.encode(encoding, "ignore"), leads) for encoding, leads in _COMMON.items())
    return any(len(code) == 2 and code[0] in leads for code, leads in codes)


def _class(characters: set[str], more: str = "") -> str:
    return f"[{re.escape(''.join(sorted(characters)))}{more}]"


_HEADS = {one for one in _pairs(_LEADS, _TRAILS) if "一" <= one <= "鿿"}
_MIDDLES = _pairs(_BETWEEN, _LEADS)
_ANY_PAIR = _HEADS | _MIDDLES | _pairs(_BETWEEN, _TRAILS)
_RARE = {one for one in _ANY_PAIR if "一" <= one <= "鿿" and not _common(one)}
_UTF_8_AS_GBK = (
    f"(?:{_class(_HEADS)}{_class(_MIDDLES, '?')}[^\\x00-\\x3e\\x40-\\x7f]?){{2}}"
    f"|(?:{_class(_RARE)}[?一-鿿]?){{2}}{_class(_RARE)}"
)

_MARKS = "\x80-¿Œ-ž€™ˆ˜–-„†-…‰‹›"
_LETTER, _SIGN, _ANY = "[À-ÖØ-öø-ÿ]", "[¢-ª¬-¶¸-º¼-¾]", "[¡-ÿ]"
_UTF_8_AS_LATIN = f"(?:[ä-éÃâï][{_MARKS}]{{1,2}}){{2}}|â€|ï¼|ã€|ï»¿"
_STRICT = f"{_LETTER}{_SIGN}{{1,3}}{_LETTER}"
_LOOSE = f"{_LETTER}[¡-¶¸-¿×÷]{{1,4}}{_LETTER}"
_BYTES_AS_LATIN = "|".join(
    [f"{_ANY}{_STRICT}", f"{_STRICT}{_ANY}", *(f"{_ANY}{{{n}}}{_LOOSE}{_ANY}{{{3 - n}}}" for n in range(4))]
)

GARBLED = f"\ufffd|锟斤拷|烫烫烫|屯屯屯|{_UTF_8_AS_LATIN}|{_BYTES_AS_LATIN}|{_UTF_8_AS_GBK}"
"""UTF-8 read as GBK leaves characters that are rare in Chinese and Japanese, three close together, or pairs of a kind;
Chinese in any encoding read as Latin-1 leaves accented letters with signs between them and no ordinary letter."""
