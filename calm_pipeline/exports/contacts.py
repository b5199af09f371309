"""The contacts that are looked for, in the forms in which people write them: one pattern a form, with its mark.

All are matched with a text as `masking` sees it: half-width, every Unicode digit an ASCII one, nothing unseen.
"""

import re
from collections.abc import Iterable

WITHHELD = "〔手机号已隐去〕"
NUMERALS = (
    "零〇洞",
    "一壹幺〡",
    "二贰貳两〢",
    "三叁參〣",
    "四肆〤",
    "五伍〥",
    "六陆陸〦",
    "七柒拐〧",
    "八捌〨",
    "九玖勾〩",
)
_ANY_NUMERAL = "".join(NUMERALS)
_ZERO, _ONE, _D = f"[0{NUMERALS[0]}]", f"[1{NUMERALS[1]}]", rf"[\d{_ANY_NUMERAL}]"
_FROM_THREE = f"[3-9{''.join(NUMERALS[3:])}]"
_DASH = r"\-‐‑–—−―"
_LOOSE, _MARKS, _NO_LETTER = rf"[\s{_DASH}]{{0,2}}", rf"[\s{_DASH}_./·•・*~|\\+()\[\]【】]{{1,3}}", r"[\W_]{1,6}"
_TIGHT, _BRACKET = rf"\s?[{_DASH}_.·*|]\s?", r"\s?[()\[\]【】]\s?"
_OPEN, _CLOSE = r"[(\[{【<]\s?", r"\s?[)\]}】>]"
_MEASURE = r"[万亿册元篇种件]|次(?![日要])|条(?!件)|人(?!事)|个(?!人)|位(?!于)|名(?!字)|字节|[kmgt]b(?![a-z])"
_NO_COUNT = rf"(?!(?:\.\d+)?\s?[余多]?(?:{_MEASURE}))(?!\d)"


def _grouped(gap: str, *lengths: int) -> str:
    return gap.join(f"{_D}{{{length}}}" for length in lengths)


_86 = rf"(?:\+?{_OPEN}(?:\+|00)?\s?86{_CLOSE}|(?:\+|00)?\s?86)[\s{_DASH}._/·]{{0,3}}"
_WRITTEN = (
    _grouped("", 11),
    _grouped(_NO_LETTER, 3, 4, 4),
    *(_grouped(_MARKS, *lengths) for lengths in ([3, 3, 5], [3, 8], [7, 4], [5, 6])),
    _grouped(_TIGHT, 3, 5, 3),
    _grouped(_BRACKET, 4, 4, 3),
)
"""How eleven digits are parted; a list of other numbers, such as 1500/2000/300 or 13,800,000,000, is not."""
_ANYHOW = (_grouped(_NO_LETTER, *[1] * 11), rf"{_D}{_grouped(_LOOSE, *[1] * 10)}")


def _mobile(forms: Iterable[str], before: str = "", after: str = "") -> re.Pattern[str]:
    first = rf"(?:{_OPEN}(?={_D}{{3}}{_CLOSE}))?"
    number = rf"((?={_ONE}[\W_]{{0,6}}{_FROM_THREE})(?:{'|'.join(forms)}))"
    return re.compile(rf"(?<!\d)(?<!0\.){before}(?:{_86})?{first}{number}(?:\.0+)?{after}{_NO_COUNT}", re.IGNORECASE)


MOBILES = (_mobile(_WRITTEN), _mobile(_ANYHOW, rf"(?<!\d[\s、,{_DASH}])", rf"(?![\s、,{_DASH}]{{1,2}}(?!1[3-9]\d)\d)"))
"""The surer form first, lest a number beside it be taken for half of it; digits one by one may be a list of numbers.
The first group is the number."""

_DOT = rf"(?:\.|\s?{_OPEN}(?:dot|\.|点){_CLOSE}\s?|\s+dot\s+|(?<=[a-z\d])点(?=[a-z\d]))"
_AT = rf"(?:@|\s{{0,3}}(?:艾特|{_OPEN}(?:at|@|#|艾特){_CLOSE})\s{{0,3}})"
_HOST = r"[a-z\d-]+(?:[.。][a-z\d-]+)*[.。](?:com|cn|net|org|edu)(?![a-z\d])"
_LOCAL = rf"[a-z\d_.+-]+(?:\s?{_OPEN}(?:dot|\.|点){_CLOSE}\s?[a-z\d_.+-]+){{0,4}}"
_MAILS = (
    rf"{_LOCAL}(?:{_AT}[a-z\d-]{{1,63}}(?:{_DOT}[a-z\d-]{{1,63}})*{_DOT}[a-z]{{2,63}}|(?:\s{{0,3}}@\s{{0,3}}|#){_HOST})",
    r"[a-z\d_.+-]+\s+at\s+[a-z\d-]+(?:\s+dot\s+[a-z\d-]+)+",
    rf"[a-z][a-z\d-]*[._][a-z\d._-]+\s+at\s+{_HOST}",
)
_BYTE, _HEX = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)", r"[\da-f]{1,4}"
_IP4 = rf"(?=[\d.。]{{0,13}}\d\d)(?:{_BYTE}[.。]){{3}}{_BYTE}(?![.。]?\d)"
_NO_VERSION = "".join(f"(?<!{word}{gap})" for word in ("[a-z]", "版", "版本", "版本号") for gap in ("", r"\s"))
_OF_IP = r"(?<=(?<![a-z])ip)|(?<=(?<![a-z])ip\s)|(?<!版本:)(?<!版本号:)" + _NO_VERSION
_IP6 = (
    rf"(?<!:)(?=[\da-f:]{{0,36}}[\da-f]{{3}})(?=[a-f:]{{0,9}}\d)(?=[\da-f:]{{0,36}}::|(?:{_HEX}:){{6}})"
    rf"(?:[\da-f]{{0,4}}:){{2,7}}(?:{_IP4}|{_HEX}|(?<=::))(?![\da-z])"
)
_YEAR = r"(?:19|20)\d\d"
_LOCAL_NUMBER = rf"(?![{_ZERO[1:-1]}{_ONE[1:-1]}])(?!{_YEAR}[{_DASH}\s]{_YEAR}){_D}{{3,4}}[{_DASH}\s]?{_D}{{4}}"
_EXTENSION = rf"(?:\s?(?:转(?:分机)?|分机|ext\.?|[{_DASH}*#])\s?\d{{1,5}})?{_NO_COUNT}"
_NUMBER = rf"{_LOCAL_NUMBER}{_EXTENSION}(?:\s?[、/]\s?{_LOCAL_NUMBER}{_EXTENSION}){{0,4}}"
_AREA = (
    rf"(?:{_OPEN}(?={_D}{{3,4}}{_CLOSE}))?"
    rf"{_ZERO}(?:{_ONE}{_ZERO}|[2{NUMERALS[2]}]{_D}|{_FROM_THREE}{_D}{{2}})[\s{_DASH})\]】/]{{0,3}}"
)
_AREA_ABROAD = (
    rf"(?:\+?{_OPEN}(?:\+|00)86{_CLOSE}|(?:\+|00)86|86-)[\s{_DASH}(]{{0,3}}"
    rf"0?(?:10|2\d|[3-9]\d\d)[\s{_DASH})\]】]{{0,3}}"
)
_ISBN = "(?<!isbn)(?<!isbn[: -])(?<!isbn: )"
_LABELLED = r"(?:(?<=电话|座机|传真|手机|固话)(?:号码?)?|(?<=联系方式)|(?<=(?<![a-z])tel)\.?)[:\s是为(]{0,3}"
_LINES = (rf"(?<!\d[{_DASH}]){_ISBN}(?:{_AREA}|{_AREA_ABROAD}){_NUMBER}", rf"{_LABELLED}{_NUMBER}")
_IDENTITY = (
    rf"(?<![a-z]){_D}{{6}}{_LOOSE}{_D}{{8}}{_LOOSE}{_D}{{3}}(?:{_D}|x)(?![\da-z])",
    r"(?<=身份证)(?:号码?)?[:\s是为(]{0,3}\d{15}(?![\da-z])",
)
_LABEL = r"(?:(?<![a-z])(?:qq|wechat|weixin|vx|wx)(?![a-z])|[扣抠]扣|[微薇威]信|v信|加v|钉钉(?=号))\s?(?:群|邮箱)?\s?"
_ID = r"[a-z][a-z\d_-]{5,19}(?![a-z\d_-])"


def _bracketed_or_not(form: str) -> str:
    return f"(?:{_OPEN}(?:{form}){_CLOSE}|{form})"


_ACCOUNT = (
    r"(?:(?:号码?|[账帐]号|id)\s?[:=是为]?\s?" + _bracketed_or_not(rf"\d{{5,11}}{_NO_COUNT}|{_ID}"),
    r"[:=是为]?\s?" + _bracketed_or_not(rf"\d{{7,11}}{_NO_COUNT}|(?=[a-z_-]+\d){_ID}") + ")",
)
"""After a label alone an account has seven digits, or a letter and a digit: counts of users and words do as well."""


def _any(before: str, *forms: str) -> re.Pattern[str]:
    """What may not stand before comes first, lest a long run be gone through again from each place in it."""
    return re.compile(f"{before}(?:{'|'.join(forms)})", re.IGNORECASE)


CONTACTS = (
    (_any(r"(?<![a-z\d_.+-])", *_MAILS), "〔邮箱已隐去〕"),
    (_any(r"(?<![\d.。])", rf"(?<![a-z]){_IP6}", f"(?:{_OF_IP}){_IP4}"), "〔IP已隐去〕"),
    (_any(r"(?<!\d)", *_IDENTITY), "〔证件号已隐去〕"),
    (_any(r"(?<![\d.])", r"1\.[3-9]\d*e\+?10(?!\d)"), WITHHELD),
    *((form, WITHHELD) for form in MOBILES),
    (_any(r"(?<!\d)", *_LINES), "〔电话已隐去〕"),
    (_any("", _LABEL + "|".join(_ACCOUNT)), "〔账号已隐去〕"),
)

_ORDINARY = "\\x00-\\x7f、。〈-】〔-〗…—–‘’“”·→┋㐀-鿿！-／：-？"
PERHAPS = "|".join(
    (
        f"[^{_ORDINARY}]",
        "[@＠#＃]",
        "[0-9](?:[^0-9]*[0-9]){3}",
        f"[0-9{_ANY_NUMERAL}](?:[^0-9{_ANY_NUMERAL}]*[0-9{_ANY_NUMERAL}]){{6}}",
        "[:：][0-9A-Fa-f]{0,4}[:：]",
        r"艾特|(?i:[^a-z]at[^a-z]|vx|wx|qq|wechat|weixin|v信|加v)",
        "(?:[微薇威]信|[扣抠]扣|钉钉)[^0-9A-Za-z]{0,8}[0-9A-Za-z]",
    )
)
"""Whatever holds a contact matches this, in RE2 and in Python; letters beyond the ordinary ones may hide anything."""
