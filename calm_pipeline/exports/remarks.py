"""What was mended in a file that is read, or is worth a word about it: one sentence a remark, in both languages."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from calm_pipeline.errors import Message

Severity = Literal["repair", "warn"]


class Entry(NamedTuple):
    """What is said under a code; words in braces are filled in where it is said."""

    severity: Severity
    sentence: Message


REMARKS: dict[str, Entry] = {
    "gb18030": Entry(
        "repair",
        Message(
            "The text is in GB18030; every byte was decoded strictly.", "文本为 GB18030（GBK）编码，已逐字节严格解码。"
        ),
    ),
    "utf_16": Entry("repair", Message("The text is in UTF-16; it was decoded.", "文本为 UTF-16 编码，已解码。")),
    "byte_order_mark": Entry(
        "repair",
        Message(
            "The text begins with {count} byte order mark(s); they were removed.",
            "文本开头有 {count} 个字节顺序标记（BOM），已去除。",
        ),
    ),
    "delimiter": Entry(
        "repair",
        Message(
            "The cells are separated by {delimiter} instead of a comma; they were told apart by it.",
            "单元格以{delimiter}而非逗号分隔，已按该符号拆分。",
        ),
    ),
    "line_ends": Entry(
        "repair",
        Message(
            "The rows end in different ways (CRLF, LF or CR); each was taken for an end of row.",
            "各行的换行符不一致（CRLF、LF 或 CR），均已按换行处理。",
        ),
    ),
    "title_rows": Entry(
        "repair",
        Message(
            "{count} row(s) stand above the header; they were left out, as the survey file declares.",
            "表头之上有 {count} 行，已按调查文件的声明略去。",
        ),
    ),
    "total_row": Entry(
        "repair",
        Message(
            "A total row stands below the answers; it was left out, as the survey file declares.",
            "答卷之下有一行合计，已按调查文件的声明略去。",
        ),
    ),
    "no_sequence": Entry(
        "warn",
        Message(
            "There is no column 序号; the submissions are numbered by their position in the file.",
            "文件中没有“序号”列，答卷按其在文件中的位置编号。",
        ),
    ),
    "column_order": Entry(
        "repair",
        Message(
            "The columns do not stand in the order of the questionnaire, from here on; each was found by its header.",
            "自该列起，各列顺序与问卷不同，已按表头逐列识别。",
        ),
    ),
    "column_alias": Entry(
        "repair",
        Message(
            "The header was recognised as question {number} by an alias in the survey file.",
            "该表头已按调查文件中的别名识别为第 {number} 题。",
        ),
    ),
    "extra_column": Entry(
        "warn",
        Message(
            "This column belongs to no question of the survey; its title and cells stay in the file and go no further.",
            "该列不属于问卷中的任何题目，其表头和内容仅留在原文件中，不作处理。",
        ),
    ),
    "other_ending": Entry(
        "warn",
        Message(
            "The file is an {found} workbook under another ending; it was read as what it is.",
            "该文件实为 {found} 工作簿，但扩展名不符，已按实际格式读取。",
        ),
    ),
    "holds_erased": Entry(
        "warn",
        Message(
            "The file holds data of persons who were erased ({submissions}); none of it was taken. "
            "`calm person erase` with the submission erases it from the file again.",
            "文件中含有已应要求删除的个人信息（{submissions}），均未采用。"
            "请用 `calm person erase 答卷编号` 再次从文件中删除。",
        ),
    ),
    "same_bytes": Entry(
        "warn",
        Message(
            "The file is the same, byte for byte, as {other}; its submissions count once.",
            "该文件与 {other} 逐字节相同，其中的答卷只计一次。",
        ),
    ),
}


@dataclass(frozen=True)
class Remark:
    """One remark on a file. `place` is a column's letter or a row's number; empty for the file as a whole."""

    code: str
    severity: Severity
    place: str
    en: str
    zh: str


def remark(code: str, place: str = "", **words: object) -> Remark:
    """The remark for `code` at a place. `words` fill the braces and never hold the value of a cell."""
    severity, sentence = REMARKS[code]
    said = sentence.filled(words)
    return Remark(code, severity, place, said.en, said.zh)
