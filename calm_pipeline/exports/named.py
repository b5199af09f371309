"""Whom a cell names that holds more than a name: titles, several people, a unit, or a Latin name in either order."""

import re
import unicodedata
from collections.abc import Iterator

_TITLES_TEXT = (
    "研究馆员 研究员 馆长 馆员 馆领导 主任 处长 科长 部长 院长 校长 所长 室主任 组长 书记 教授 讲师 "
    "老师 先生 女士 小姐 同志 博士 硕士 秘书 助理 干事 主管 经理 工程师 高工 负责人 联系人 填表人 "
    "填写人 填报人 填答人 经办人 姓名 名字 本人"
)
TITLES = tuple(_TITLES_TEXT.split())
"""What stands beside a name in its cell and is none; 副, 常务 and the like may stand before it."""
_TITLE = re.compile(f"(?:常务|执行|代理)?[副正]?(?:{'|'.join(TITLES)})")
_LATIN_TITLES = "dr|prof|professor|mr|mrs|ms|miss|mx|phd|md|name|director|deputy|head|librarian|manager|dean|and"
_LATIN_TITLE = re.compile(rf"(?<![^\W\d_])(?:{_LATIN_TITLES})(?![^\W\d_])\.?", re.IGNORECASE)
_UNIT = re.compile(
    "[馆室部处科组院系校办]$|中心$|大学$|librar|universit|college|institut|department|office", re.IGNORECASE
)
HAN = "[㐀-䶿一-鿿]"
_HAN_WORD = re.compile(rf"{HAN}+(?:[·•・‧]{HAN}+)*")
_SPACED = re.compile(rf"(?<!{HAN}){HAN}(?:\s+{HAN})+(?!{HAN})")
_LETTERS = r"[^\W\d_㐀-䶿一-鿿]{1,40}"
_WORD = rf"{_LETTERS}(?:['’-]{_LETTERS}){{0,4}}\.?"
_LATIN = re.compile(rf"(?<![^\W\d_㐀-䶿一-鿿])(?<!['’-]){_WORD}(?:\s+{_WORD}){{1,3}}")
_LAST_FIRST = re.compile(rf"\s*({_WORD})\s*,\s*({_WORD})\s*")
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎雷龙段黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文"
    "施洪辛温庄柯阮纪欧甄项祝左涂谷祁时舒耿牟卜詹关苗凌费靳盛童游裴席卫查屈鲍位霍翁隋植甘景薄单包司柏宁桂闵解强柴"
    "华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇"
    "敖糜鄢冷卓花仇艾蓝都巩井练仲乐虞卞封竺冼原官楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙伏岑习保蔺倪俞章鲁葛伍申尤毕聂"
    "丛焦柳邢路岳齐梅管殷翟安颜牛季樊庞兰"
)
_COMPOUND_TEXT = "欧阳 司马 上官 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 夏侯 端木 南宫 独孤 轩辕 西门"
COMPOUND = tuple(_COMPOUND_TEXT.split())
_APART = re.compile(rf"(?<!{HAN})({HAN}|{'|'.join(COMPOUND)})\s+({HAN}{{1,2}})(?!{HAN})")
_LONG_WORD = r"[^\W\d_㐀-䶿一-鿿]{2,}"
SURE = re.compile(
    rf"(?:{'|'.join(COMPOUND)}|[{''.join(SURNAMES)}])(?:\s*{HAN}){{1,2}}|{_LONG_WORD}(?:\s+{_LONG_WORD})+"
)
"""A whole answer that is surely a person's name: a usual surname and one or two letters more, or Latin words."""
LONGEST, MOST = 60, 12
"""The letters of a cell that may name anybody, and the names in one; whoever writes more is not answering."""
PLAIN = r"^\p{Han}*$"
"""A cell without anything but such letters, and without a title, is one name or none; RE2."""


def is_only_a_title(cell: str) -> bool:
    """Whether nothing but titles is in the cell, which names nobody then."""
    bare = _LATIN_TITLE.sub("", _TITLE.sub("", cell))
    return bare != cell and not re.search(r"[^\W\d_]", bare)


def names_in(cell: str) -> list[str]:
    """The names in a cell beside the cell itself, without titles, each alone, and a Latin one in both orders.

    There are none in a cell of more than `LONGEST` letters.

    >>> names_in("王小明馆长"), names_in("王小明/李雷（办公室）"), names_in("王馆长"), names_in("Dr. Wang Xiaoming")
    (['王小明'], ['王小明', '李雷'], [], ['Wang Xiaoming', 'Xiaoming Wang'])
    """
    plain = unicodedata.normalize("NFKC", cell) if len(cell) <= LONGEST else ""
    found = dict.fromkeys([*_han(plain), *_latin(plain)])
    return [name for name in found if name != cell.strip()][:MOST]


def _han(text: str) -> Iterator[str]:
    joined = _SPACED.sub(lambda spaced: "".join(spaced[0].split()), text)
    bare = _APART.sub(_together, _TITLE.sub(" ", joined))
    words = [word for word in _HAN_WORD.findall(bare) if not _UNIT.search(word)]
    yield from (word for word in words if word not in COMPOUND and _is_named(word, alone=len(words) == 1))


def _together(apart: re.Match[str]) -> str:
    return apart[1] + apart[2] if apart[1] in COMPOUND or apart[1] in SURNAMES else apart[0]


def _is_named(word: str, *, alone: bool) -> bool:
    """A word that is all there is beside titles is a name; one of several is if it begins with a surname."""
    if any(mark in word for mark in "·•・‧"):
        return True
    compound = word.startswith(COMPOUND)
    return 2 <= len(word) <= 4 if alone or compound else 2 <= len(word) <= 3 and word[0] in SURNAMES


def _latin(text: str) -> Iterator[str]:
    bare = _LATIN_TITLE.sub(" ", text)
    bare = _LAST_FIRST.sub(r"\1 \2", bare) if _LAST_FIRST.fullmatch(bare) else bare
    for name in _LATIN.findall(bare):
        first, *others = name.split()
        if not _UNIT.search(name):
            yield from (
                " ".join([first, *others]),
                " ".join([*others, first]),
                " ".join([others[-1], first, *others[:-1]]),
            )
