"""The names that anybody gave in a file, taken out of everybody's texts: colleagues write of each other."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import pyarrow as pa
from ahocorasick_rs import AhoCorasick, MatchKind

from calm_pipeline.exports.headers import wordings
from calm_pipeline.exports.masking import WITHHELD_NAME
from calm_pipeline.exports.names import names_of
from calm_pipeline.survey import Survey

Cells: TypeAlias = "pa.Array[Any]"
SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常于傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓"
    "单杭洪包左石崔吉龚程邢裴陆荣翁荀惠曲封储靳段富巫乌焦巴牧车侯全班秋仲伊宫宁仇栾甘厉祖武符刘景詹龙叶幸司黎薄白怀蒲"
    "丛索赖卓蔺屠蒙池乔阴胥能苍闻党翟谭贡姬申冉桑桂牛寿通边燕浦尚温庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖居衡步耿满弘匡"
    "文寇广东欧殳沃利蔚越隆师巩聂晁勾敖融冷訾辛阚那简饶曾沙乜养鞠须丰巢关相查后荆红游竺权盖桓公肖付闫代涂岳帅亢缑佘佟牟"
    "覃仝苟库麦岩仉楚亓揭逄操刑禤撒漆伦战粟兰苑由栗冀鄢矫"
)
DOUBLE = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|司徒|夏侯|轩辕|端木|南宫|西门|独孤|呼延|百里|完颜|闻人|澹台"
    "|公冶|宗政|濮阳|淳于|单于|太叔|申屠|仲孙|钟离|鲜于|闾丘|司空|赫连|拓跋|万俟|东郭|第五|梁丘|左丘"
)
_HAN = "\u3400-\u9fff\U00020000-\U000323af"
PERSON = re.compile(rf"(?:(?:{DOUBLE})[{_HAN}]{{1,2}}|[{SINGLE}][{_HAN}]{{2}})(?<![部室处组科馆员长办])")
"""A surname and a given name, of three characters at least: a shorter one is too often a word, or a part of one. Not an
office, such as 文献部, which is what those write who do not want to be known."""


@dataclass(frozen=True)
class Everybody:
    """Names that mean a person wherever they stand."""

    names: frozenset[str] = frozenset()

    @cached_property
    def _sought(self) -> AhoCorasick:
        return AhoCorasick(self.names, matchkind=MatchKind.LeftmostLongest)

    def named_in(self, text: str) -> bool:
        """Whether a text names one of them."""
        return bool(self.names and self._sought.find_matches_as_indexes(text))

    def unnamed(self, column: Cells) -> Cells:
        """The cells without these names; equal cells are looked at once."""
        if not self.names or column.null_count == len(column):
            return column
        cells = column.dictionary_encode()
        texts: list[Any] = cells.dictionary.to_pylist()
        hidden = [self.hidden(text) for text in texts]
        return column if hidden == texts else pa.array(hidden, pa.string()).take(cells.indices)

    def hidden(self, text: str) -> str:
        """A text without these names."""
        kept: list[str] = []
        at = 0
        for _, start, end in self._sought.find_matches_as_indexes(text) if self.names else ():
            kept, at = [*kept, text[at:start]], end
        return WITHHELD_NAME.join([*kept, text[at:]])


NOBODY = Everybody()


def given_in(cells: Mapping[str, Cells], survey: Survey) -> set[str]:
    """The names that the respondents of some rows gave, each once."""
    columns = (column.unique().drop_null() for column in names_of(cells, survey).columns)
    return {str(name) for column in columns for name in column.to_pylist()}


def everybody(given: Iterable[str], survey: Survey) -> Everybody:
    """Those of the names given that are a person's for sure: by their form, and since no option is worded with them."""
    words = _wordings(survey)
    names = {name for name in given if PERSON.fullmatch(name)}
    return Everybody(frozenset(name for name in names if not any(name in word for word in words)))


def _wordings(survey: Survey) -> Collection[str]:
    return {word for field in survey.fields() for option in field.options.values() for word in wordings(option)}
