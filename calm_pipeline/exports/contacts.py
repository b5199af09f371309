"""The contacts that are looked for, in the forms in which people write them: one pattern a form, with its mark.

All are matched with a text as `masking` sees it: half-width, every Unicode digit an ASCII one, nothing unseen.
"""

import re

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
_OPEN, _CLOSE = r"[(\[{【<]\s?", r"\s?[)\]}】>]"


def _grouped(gap: str, *lengths: int) -> str:
    return gap.join(f"{_D}{{{length}}}" for length in lengths)


_86 = rf"(?:\+?{_OPEN}(?:\+|00)?\s?86{_CLOSE}|(?:\+|00)?\s?86)[\s{_DASH}._/·]{{0,3}}"
_WRITTEN = (
    _grouped("", 11),
    _grouped(_NO_LETTER, 3, 4, 4),
    _grouped(_NO_LETTER, *[1] * 11),
    *(_grouped(_MARKS, *lengths) for lengths in ([3, 3, 5], [3, 8], [7, 4], [5, 6])),
)
"""How eleven digits are parted; a list of other numbers, such as 1500/2000/300 or 13,800,000,000, is not."""


def _mobile(digits: str) -> re.Pattern[str]:
    first = rf"(?:{_OPEN}(?={_D}{{3}}{_CLOSE}))?"
    return re.compile(
        rf"(?<!\d)(?<!0\.)(?:{_86})?{first}((?={_ONE}[\W_]{{0,6}}{_FROM_THREE})(?:{digits}))(?:\.0+)?(?!\d)"
    )


MOBILES = (_mobile("|".join(_WRITTEN)), _mobile(_grouped(_LOOSE, *[1] * 11)))
"""The surer form first, lest a number beside it be taken for half of it. The first group is the number."""

_DOT = rf"(?:\.|\s?{_OPEN}(?:dot|\.|点){_CLOSE}\s?|\s+dot\s+|(?<=[a-z\d])点(?=[a-z\d]))"
_AT = rf"\s{{0,3}}(?:@|艾特|{_OPEN}(?:at|@|#|艾特){_CLOSE})\s{{0,3}}"
_HOST = r"[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|cn|net|org|edu)(?![a-z\d])"
_LOCAL = rf"(?<![\w.+-])[\w.+-]+(?:\s?{_OPEN}(?:dot|\.|点){_CLOSE}\s?[\w.+-]+){{0,4}}"
_IP4 = r"(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"
_HEX = r"[\da-f]{1,4}"
_MAILS = (
    rf"{_LOCAL}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}})+",
    rf"{_LOCAL}\s?#\s?{_HOST}",
    r"(?<![a-z\d._+-])[a-z\d._+-]+\s+at\s+[a-z\d-]+(?:\s+dot\s+[a-z\d-]+)+",
    rf"(?<![a-z\d._+-])(?=[a-z]*[\d._-])[a-z\d._-]+\s+at\s+{_HOST}",
)
_IP6 = (
    rf"(?<![\da-z])(?=[\da-f:]{{0,36}}[\da-f]{{3}})(?=[a-f:]{{0,9}}\d)(?=[\da-f:]{{0,36}}::|(?:{_HEX}:){{6}})"
    rf"(?:[\da-f]{{0,4}}:){{2,7}}(?:{_IP4}|{_HEX}|(?<=::))(?![\da-z])"
)
_NUMBER = rf"{_D}{{3,4}}[{_DASH}\s]?{_D}{{4}}"
_EXTENSION = rf"(?:\s?(?:转(?:分机)?|分机|ext\.?|[{_DASH}*#])\s?\d{{1,5}})?(?!\d)"
_AREA = rf"(?:{_OPEN}(?={_D}{{3,4}}{_CLOSE}))?{_ZERO}{_D}{{2,3}}"
_AREA_ABROAD = rf"(?:\+?{_OPEN}(?:\+|00)86{_CLOSE}|(?:\+|00)86|86-)[\s{_DASH}(]{{0,3}}0?(?:10|2\d|[3-9]\d\d)"
_LINES = (
    rf"(?<!\d)(?<!isbn)(?<!isbn[: -])(?<!isbn: )(?:{_AREA}|{_AREA_ABROAD})[\s{_DASH})\]】]{{0,3}}{_NUMBER}{_EXTENSION}",
    rf"(?<=电话|座机|传真|手机|固话)(?:号码?)?[:\s是为(]{{0,3}}{_NUMBER}{_EXTENSION}",
)
_LABEL = r"(?:(?<![a-z])(?:qq|wechat|weixin|vx|wx)(?![a-z])|[扣抠]扣|[微薇威]信|v信|加v)\s?(?:群|邮箱)?\s?"
_UIN, _ID = r"(?!\s?[余多万亿人次条个篇元位名])(?!\d)", r"[a-z][a-z\d_-]{5,19}(?![a-z\d_-])"


def _bracketed_or_not(form: str) -> str:
    return f"(?:{_OPEN}(?:{form}){_CLOSE}|{form})"


_ACCOUNT = (
    rf"{_LABEL}(?:(?:号码?|[账帐]号|id)\s?[:=是为]?\s?" + _bracketed_or_not(rf"\d{{5,11}}{_UIN}|{_ID}"),
    rf"[:=是为]\s?(?:\d{{7,11}}{_UIN}|{_ID}(?!\s[a-z]))",
    _bracketed_or_not(rf"\d{{7,11}}{_UIN}|(?=[a-z]+[\d_-]){_ID}") + ")",
)
"""After a label, the surer it is that an account follows, the less must be seen of one: counts of users do as well."""


def _any(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(forms), re.IGNORECASE)


CONTACTS = (
    (_any(*_MAILS), "〔邮箱已隐去〕"),
    (_any(_IP6, rf"(?<![\d.]){_IP4}"), "〔IP已隐去〕"),
    (
        _any(rf"(?<![\da-z]){_D}{{6}}{_LOOSE}{_D}{{8}}{_LOOSE}{_D}{{3}}(?:{_D}|x)(?![\da-z])"),
        "〔证件号已隐去〕",
    ),
    (_any(r"(?<![\d.])1\.[3-9]\d*e\+?10(?!\d)"), WITHHELD),
    *((form, WITHHELD) for form in MOBILES),
    (_any(*_LINES), "〔电话已隐去〕"),
    (_any(*_ACCOUNT), "〔账号已隐去〕"),
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
        "(?:[微薇威]信|[扣抠]扣)[^0-9A-Za-z]{0,8}[0-9A-Za-z]",
    )
)
"""Whatever holds a contact matches this, in RE2 and in Python; letters beyond the ordinary ones may hide anything."""
