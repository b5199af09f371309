"""The README beside a reconstructed export: what it is, what it may not be used for, and what must not be counted."""

from collections.abc import Iterator
from typing import get_args

from calm_pipeline.reconstruct.assumptions import KindName
from calm_pipeline.reconstruct.kinds import KINDS
from calm_pipeline.reconstruct.reconstruction import Reconstruction
from calm_pipeline.survey import Survey

TEXT = """\
# {edition}: a reconstructed export / 重建的导出文件

**These answers are invented.** They were reconstructed from the figures printed in the report, because the answers
themselves are not public. Libraries, names, mobile numbers and addresses are invented too, and so is
`../libraries.csv`: any likeness to a real institution is chance.

They serve to show that the pipeline reproduces the report: every printed count and share, the shares in the text and
the correlations. They are **no evidence about libraries**. Printed figures constrain little, so other answers fit them
as well and say something else wherever the report says nothing. Do not use them

- to learn anything about libraries or users, or to publish a finding that the report does not print;
- for cross-tabulations, comparisons of groups, or as training or teaching data without this notice;
- as answers of any real institution or person.

What had to be assumed stands in `schemas/reconstruction/{edition}.yaml`; `calm reconstruct {edition}` writes these
files again, byte for byte, and `origin.yaml` lets it know its own files from yours. Every row carries a mark in
来源详情, by which the warehouse calls the edition reconstructed whatever happens to the file.

**本目录中的答卷均为虚构。** 原始答卷未公开，此处数据由报告公布的数字重建而成；馆名、姓名、手机号、IP 地址以及
`../libraries.csv` 同为虚构，如与真实机构雷同，纯属巧合。

数据仅用于证明流水线能够复现报告：公布的全部频数、比例与相关系数。它们**不反映任何图书馆的真实情况**：公布的数字约束
有限，其他答案同样可以满足。不得用于

- 了解图书馆或用户的情况，或发表报告中没有的结论；
- 交叉分析、群体比较，或在不附本说明的情况下用作训练或教学数据；
- 充当任何真实机构或个人的答卷。

所作假设见 `schemas/reconstruction/{edition}.yaml`；运行 `calm reconstruct {edition}` 可逐字节重新生成。
每行的“来源详情”均带有重建标记，文件改名或另存后，数据仓库仍会标明本年度数据为重建数据。

## What must not be counted / 不应计入的答卷

{valid} of {all} submissions count. The other {wrong}, each with the one thing that is wrong and what becomes of it:
{all} 份答卷中 {valid} 份有效，其余 {wrong} 份各有一处问题：

| 序号 | what is wrong | 问题 | status | broken rule |
|---:|---|---|---|---|
{rows}
"""


def readme(survey: Survey, made: Reconstruction) -> str:
    """The text, with a row for each submission that must not be counted."""
    numbers = {"all": len(made.submissions), "valid": len(made.valid)}
    wrong = numbers["all"] - numbers["valid"]
    return TEXT.format(edition=survey.edition, wrong=wrong, rows="\n".join(_rows(made)), **numbers)


def _rows(made: Reconstruction) -> Iterator[str]:
    for name in get_args(KindName):
        kind = KINDS[name]
        for sequence in (number for number, found in made.kinds.items() if found == name):
            rule = f"`{made.rules[sequence]}`" if made.rules[sequence] else ""
            yield f"| {sequence} | {kind.says.en} | {kind.says.zh} | {kind.status} | {rule} |"
