"""Every error a person can meet, gathered from the tables beside the code that raises them, and printed.

To add an error: write an `Entry` (place, cause, remedy, each in both languages; words in braces are filled in) into the
table beside the code that raises it, raise it with `CalmError.of(TABLE, "code", word=...)`, and run
`calm errors --write`. A new table is a `Chapter` here. Tests find codes that are raised and not listed, or the reverse.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from calm_pipeline.channels.failures import NOT_DELIVERED
from calm_pipeline.clean.register import REGISTER
from calm_pipeline.desk.corrections import CORRECTIONS
from calm_pipeline.dissemination.refusals import DISSEMINATION
from calm_pipeline.engines import ENGINE
from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.exports.refusals import REFUSALS
from calm_pipeline.failures import FAILURES
from calm_pipeline.objects.refusals import OBJECTS
from calm_pipeline.reconstruct.refusals import RECONSTRUCTION
from calm_pipeline.reporting import REPORTING
from calm_pipeline.root import PROJECT
from calm_pipeline.simulate.root import SIMULATION
from calm_pipeline.spark.refusals import SPARK
from calm_pipeline.store import STORE
from calm_pipeline.survey.problems import DECLARATIONS, PROBLEMS
from calm_pipeline.usage import USAGE
from calm_pipeline.vault.refusals import VAULT
from calm_pipeline.views import VIEWS
from calm_pipeline.vintages.refusals import VINTAGES
from calm_pipeline.warehouse import WAREHOUSE


class Chapter(NamedTuple):
    """A table of errors, and who meets it when."""

    title: Message
    met: Message
    entries: Mapping[str, Entry]


CATALOGUE: dict[str, Entry] = {
    "unknown_code": Entry(
        Message("calm errors {code}", "calm errors {code}"),
        Message("the catalogue has no such code", "目录中没有该代码"),
        Message("{nearest}`calm errors` lists them all", "{nearest}可用 `calm errors` 列出全部代码"),
    )
}

CHAPTERS = (
    Chapter(
        Message("Exports that are refused", "被拒收的导出文件"),
        Message(
            "For the survey desk: the file is refused whole; `files` and the run name it.",
            "调查工作人员：文件被整份拒收，并在 files 表和运行结果中注明。",
        ),
        REFUSALS,
    ),
    Chapter(
        Message("Declarations that cannot be used", "无法使用的声明文件"),
        Message(
            "For who adds a year: surveys, published figures, tables and assumptions in schemas/.",
            "新增年度的人员：schemas/ 下的问卷、公布数据、数据表和重建假设。",
        ),
        DECLARATIONS,
    ),
    Chapter(
        Message("Problems in a declaration", "声明文件中的问题"),
        Message(
            "For who adds a year: listed together, each with its line, under one of the errors above.",
            "新增年度的人员：上述错误会一次列出文件中的全部问题及其行号。",
        ),
        PROBLEMS,
    ),
    Chapter(
        Message("The library register", "图书馆名录"),
        Message(
            "For the survey desk: data/raw/libraries.csv cannot be used.",
            "调查工作人员：data/raw/libraries.csv 无法使用。",
        ),
        REGISTER,
    ),
    Chapter(
        Message("Project and edition", "项目与年度"),
        Message("For everybody who types a command.", "所有使用命令的人员。"),
        {**USAGE, **PROJECT, **CATALOGUE},
    ),
    Chapter(
        Message("The warehouse", "数据仓库"),
        Message(
            "For analysts: what `calm sql`, `calm reconcile` and the last step of a run say.",
            "分析人员：`calm sql`、`calm reconcile` 以及运行最后一步的提示。",
        ),
        {**WAREHOUSE, **VIEWS},
    ),
    Chapter(
        Message("Vintages and who writes", "版本与写入"),
        Message(
            "For everybody: what a publish, a reader and a second writer are refused for.",
            "所有人员：发布、读取以及重复写入被拒绝的原因。",
        ),
        {**VINTAGES, **STORE},
    ),
    Chapter(
        Message("The object store", "对象存储"),
        Message(
            "For the data engineer: what `calm fetch`, `calm push`, `calm pull` and a run say of the store.",
            "数据工程师：`calm fetch`、`calm push`、`calm pull` 以及运行时关于对象存储的提示。",
        ),
        OBJECTS,
    ),
    Chapter(
        Message("The engine", "计算引擎"),
        Message(
            "For who runs an edition on Spark: it cannot be had.",
            "在 Spark 上运行年度的人员：无法使用 Spark。",
        ),
        {**ENGINE, **SPARK},
    ),
    Chapter(
        Message("Exports for other programs", "面向其他软件的导出"),
        Message("For analysts: what `calm export` says.", "分析人员：`calm export` 的提示。"),
        DISSEMINATION,
    ),
    Chapter(
        Message("Decisions of the survey desk", "核查台的决定"),
        Message(
            "For the survey desk: data/desk/EDITION/corrections.yaml.",
            "调查工作人员：data/desk/年度/corrections.yaml。",
        ),
        CORRECTIONS,
    ),
    Chapter(
        Message("Channels of the survey desk", "核查台的通知渠道"),
        Message(
            "For the survey desk: an alert was not sent; it stays due and is sent later.",
            "调查工作人员：提醒未能发出，将保留并稍后重发。",
        ),
        NOT_DELIVERED,
    ),
    Chapter(
        Message("Personal data", "个人信息"),
        Message(
            "For the survey desk: keys, the vault, and requests to find or erase a person.",
            "调查工作人员：密钥、保险库，以及查询或删除个人信息的请求。",
        ),
        VAULT,
    ),
    Chapter(
        Message("The report", "报告"),
        Message("For analysts: what `calm report` says.", "分析人员：`calm report` 的提示。"),
        REPORTING,
    ),
    Chapter(
        Message("Reconstruction", "重建"),
        Message(
            "For developers: `calm reconstruct` or `calm simulate` cannot do its work.",
            "开发人员：`calm reconstruct` 或 `calm simulate` 无法完成。",
        ),
        RECONSTRUCTION | SIMULATION,
    ),
    Chapter(
        Message("Machine, files and surprises", "计算机、文件与意外情况"),
        Message(
            "For everybody: an error of the system or of a library, told by class and place, never in its own words.",
            "所有人员：系统或程序库的错误，只说明类别和位置，不引用原文。",
        ),
        FAILURES,
    ),
)
ENTRIES: dict[str, Entry] = {code: entry for chapter in CHAPTERS for code, entry in chapter.entries.items()}


def markdown() -> str:
    """The whole catalogue as docs/errors.md holds it."""
    parts = [
        "# Errors 错误目录",
        "Written by `calm errors --write`; do not edit. Words in braces are filled in where the error occurs.",
        "由 `calm errors --write` 生成，请勿手工修改。花括号中的内容在出错时填入。",
    ]
    for chapter in CHAPTERS:
        parts += [f"## {chapter.title.en} {chapter.title.zh}", f"{chapter.met.en}\n{chapter.met.zh}"]
        parts += [described(code) for code in chapter.entries]
    return "\n\n".join(parts) + "\n"


def described(code: str) -> str:
    """One entry in both languages, as Markdown.

    Raises:
        CalmError: there is no such code.
    """
    if code not in ENTRIES:
        near = get_close_matches(code, ENTRIES, n=1)
        nearest = Message(f"Did you mean {near[0]}? ", f"是否应为 {near[0]}？") if near else Message("", "")
        raise CalmError.of(CATALOGUE, "unknown_code", code=code, nearest=nearest)
    place, cause, remedy = ENTRIES[code]
    return "\n".join(
        [
            f"### `{code}`\n",
            f"- Place: {place.en}",
            f"- Cause: {cause.en}",
            f"- Remedy: {remedy.en}",
            f"- 位置：{place.zh}",
            f"- 原因：{cause.zh}",
            f"- 处理：{remedy.zh}",
        ]
    )


def write(file: Path) -> Path:
    """Write the catalogue to `file`."""
    file.write_text(markdown(), encoding="utf-8", newline="\n")
    return file
