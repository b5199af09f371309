"""README.txt of an export: what is in the folder, whose words to use with care, how silence is written."""

from collections.abc import Sequence

from calm_pipeline.dissemination.citation import cited
from calm_pipeline.dissemination.edition import RECONSTRUCTED, Edition
from calm_pipeline.survey import Words

_COUNTED = Words(
    en="{received} submissions were received, {accepted} of them count.",
    zh="共收到答卷 {received} 份，其中计入 {accepted} 份。",
)
_TABLES = Words(
    en="selections.selected is 1 for ticked, 0 for shown and not ticked, and without a value where there is no answer;"
    " `state` then says whether the question was not asked (not_asked) or left blank (blank).",
    zh="selections.selected 为 1 表示选中，0 表示列出但未选，无答案时无值；此时 state 列说明该题未被询问（not_asked）"
    "还是未作答（blank）。",
)
_CSV = Words(
    en="A missing value is written NA. An apostrophe before = + - @ or NA is not part of the text: datapackage.json"
    " says when it stands there. The files are UTF-8; for Excel use the xlsx export.",
    zh="无值处写作 NA。= + - @ 或 NA 之前的单引号不属于原文，规则见 datapackage.json。"
    "文件编码为 UTF-8；使用 Excel 时请改用 xlsx 格式的导出。",
)
_SAV = Words(
    en="One row a submission. -3 is not asked, -2 is left blank; both are user-missing."
    " Run the .sps file once to define the multiple-response sets.",
    zh="每份答卷一行。-3 表示未询问，-2 表示未作答，均已设为用户缺失值。运行一次 .sps 文件即可定义多重响应集。",
)
_DTA = Words(
    en="One row a submission, for Stata 14 and later. .a is not asked, .b is left blank.",
    zh="每份答卷一行，适用于 Stata 14 及以上版本。.a 表示未询问，.b 表示未作答。",
)
_ABOUT = {"xlsx": (_TABLES,), "csv": (_TABLES, _CSV), "parquet": (_TABLES,), "sav": (_SAV,), "dta": (_DTA,)}
_FILES = Words(en="Files:", zh="文件：")
_CITED = Words(en="To cite:", zh="引用：")


def readme(edition: Edition, to: str, files: Sequence[str], language: str) -> str:
    """The README in one language."""

    def say(words: Words) -> str:
        return str(getattr(words, language))

    counts = {"received": edition.tables["submissions"].num_rows, "accepted": len(edition.accepted)}
    parts = [f"{say(edition.survey.title)}\n{say(edition.survey.theme)}\n{edition.version}"]
    parts += [say(RECONSTRUCTED)] if edition.reconstructed else []
    about = [say(words) for words in _ABOUT[to] if not (edition.public and words is _TABLES)]
    parts += [say(edition.use), say(_COUNTED).format(**counts), *about]
    parts += [
        "\n".join([say(_FILES), *(f"  {name}" for name in files)]),
        f"{say(_CITED)}\n  {cited(edition, language)}",
    ]
    return "\n\n".join(parts) + "\n"
