"""Why a file is refused: every cause and remedy in both languages, under the code that tests and logs name."""

from calm_pipeline.errors import Entry, ExportRefused, Message, Place

_WHERE = Message("{file}, row {row}, column {column}", "{file}，第 {row} 行，{column} 列")
_AGAIN = Message(
    "Download the file from the platform again and hand it over unopened",
    "请从平台重新下载，不要打开另存，直接提交原文件",
)
_DATA_ONLY = Message(
    "Copy the answers as values into a new workbook with one sheet and save it as .xlsx",
    "请将答卷数据以“值”的形式粘贴到只有一张工作表的新工作簿，并另存为 .xlsx",
)

_UNFILTERED = Message(
    "Download all answers of the same survey without a filter; if submissions were withdrawn on the platform, record "
    "the withdrawal in the desk's corrections file",
    "请从同一问卷不加筛选地下载全部答卷；若确有答卷已在平台撤回，请在更正文件中登记",
)


def _entry(en: str, zh: str, remedy: Message = _AGAIN) -> Entry:
    return Entry(_WHERE, Message(en, zh), remedy)


REFUSALS: dict[str, Entry] = {
    "not_rewritten": _entry(
        "written again without a person's data, it would not say the same of everybody else; it was left as it is",
        "删除个人信息后重新写出的文件与原文件的其余内容不一致，原文件未改动",
        Message(
            "Erase these cells in the file by hand, and tell whoever maintains the pipeline",
            "请手工删除文件中的相应单元格，并告知程序维护人员",
        ),
    ),
    "not_a_file": _entry(
        "this is not a regular file (a link, a folder or a device)",
        "这不是普通文件（可能是链接、文件夹或设备）",
        Message("Put the file itself into the folder", "请将文件本身放入文件夹"),
    ),
    "missing_file": _entry(
        "there is no such file",
        "文件不存在",
        Message("Check the name and the folder", "请检查文件名和所在文件夹"),
    ),
    "too_large": _entry(
        "the file, or what is packed into it, is larger than {limit}",
        "文件或其解压后的内容超过 {limit}",
        Message("Download the answers in several parts", "请分批下载答卷"),
    ),
    "out_of_memory": _entry(
        "reading the file needs more memory than the {limit} it may have",
        "读取该文件所需内存超过上限 {limit}",
        Message("Download the answers in several parts", "请分批下载答卷"),
    ),
    "out_of_time": _entry(
        "reading the file takes longer than {limit} seconds",
        "读取该文件超过 {limit} 秒",
        Message("Download the answers in several parts", "请分批下载答卷"),
    ),
    "kind_differs": _entry(
        "the name promises an export by {promised}, the content is one by {found}",
        "文件名所示导出方式（{promised}）与内容（{found}）不符",
        Message("Give the file the name under which the platform offered it", "请恢复平台下载时的文件名"),
    ),
    "unreadable": _entry("the file is damaged and cannot be read", "文件已损坏，无法读取"),
    "empty": _entry("the file is empty", "文件为空"),
    "no_rows": _entry("there is a header but no answer below it", "只有表头，没有答卷数据"),
    "not_a_table": _entry(
        "the content is {what}, not a workbook or a csv file, whatever its name says",
        "文件内容是{what}，不是工作簿或 csv 文件（与文件名无关）",
    ),
    "text_in_disguise": _entry(
        "the name says workbook and the content is plain text",
        "文件名为工作簿，内容却是纯文本",
        Message(
            "Give the file the ending .csv if that is what it is, or download it again as .xlsx",
            "若确为 csv，请将扩展名改为 .csv；否则请重新下载 .xlsx 文件",
        ),
    ),
    "no_workbook": _entry("the archive holds no Excel workbook", "压缩包中没有 Excel 工作簿"),
    "encrypted": _entry(
        "the file is protected by a password",
        "文件设有密码",
        Message("Remove the password and hand it over again", "请取消密码后重新提交"),
    ),
    "active_content": _entry("the workbook carries {what}", "工作簿含有{what}", _DATA_ONLY),
    "declarations": _entry(
        "the workbook declares document types or entities, or a part is not in UTF-8; no spreadsheet program does so",
        "工作簿含有表格软件不会写入的 DOCTYPE 或 ENTITY 声明，或其中有部件不是 UTF-8 编码",
    ),
    "several_sheets": _entry("more than one sheet holds data", "不止一张工作表含有数据", _DATA_ONLY),
    "hidden_sheet": _entry("a hidden sheet holds data", "隐藏的工作表含有数据", _DATA_ONLY),
    "hidden_cells": _entry(
        "hidden or filtered rows or columns hold data",
        "隐藏或被筛选掉的行、列含有数据",
        Message("Show all rows and columns, or download the file again", "请取消隐藏和筛选，或重新下载该文件"),
    ),
    "merged": _entry("cells are merged", "存在合并单元格", _DATA_ONLY),
    "formula": _entry("a cell holds a formula", "单元格中含有公式", _DATA_ONLY),
    "nul": _entry("the text holds NUL characters", "文本中含有空字符（NUL）"),
    "encoding": _entry(
        "the text is neither Unicode nor GB18030, a mixture of both, or cut off within a character",
        "文本编码既不是 Unicode 也不是 GB18030，或两者混用，或文件不完整、在字符中间截断",
        Message(
            "Download the file again, best as .xlsx, or save it as UTF-8",
            "请重新下载（最好选 .xlsx），或另存为 UTF-8 编码",
        ),
    ),
    "quoting": _entry("a quotation mark is opened and not closed, or stands alone", "引号未成对或位置不当"),
    "long_cell": _entry("a cell is longer than {limit} characters", "单元格超过 {limit} 个字符"),
    "too_wide": _entry(
        "the table is wider than {limit} columns",
        "表格超过 {limit} 列",
        Message(
            "Look for a stray cell far to the right, or separators at the end of a row, and delete them",
            "请检查表格右侧远处是否有误填的单元格，或行末是否有多余的分隔符，并将其删除",
        ),
    ),
    "ragged": _entry(
        "the row has {found} cells and the header {expected}", "该行有 {found} 个单元格，表头有 {expected} 个"
    ),
    "blank_row": _entry(
        "the row is empty although others follow",
        "该行为空，但其后仍有数据",
        Message("Delete the empty row", "请删除空行"),
    ),
    "untitled": _entry(
        "the column holds data but has no header",
        "该列有数据但没有表头",
        Message(
            "Restore the header from the original download, or delete the column",
            "请从原始下载文件恢复表头，或删除该列",
        ),
    ),
    "summary": _entry(
        "this looks like the platform's summary workbook, which holds counts and no answers",
        "这似乎是平台的统计汇总表，只有统计数，没有答卷",
        Message("Download the answers by text or by number", "请下载“按选项文本”或“按选项序号”的答卷数据"),
    ),
    "named_after": _entry(
        "the file's name holds the name of somebody who answers in it, and file names are published",
        "文件名中含有填答人的姓名，而文件名会随数据一并发布",
        Message("Rename the file", "请重命名该文件"),
    ),
    "by_score": _entry(
        "these are answers by score, from which the chosen options cannot be told",
        "这是按分数下载的数据，无法得知所选选项",
        Message("Download the answers by text or by number", "请下载“按选项文本”或“按选项序号”的答卷数据"),
    ),
    "other_survey": _entry(
        "no column belongs to a question of edition {edition}",
        "没有任何一列属于 {edition} 年度的题目",
        Message(
            "Check that the file is an export of this edition; its header must be in row 1",
            "请确认文件是该年度问卷的导出数据，且表头在第 1 行",
        ),
    ),
    "other_edition": _entry(
        "the columns are those of edition {fits}, not of {edition}",
        "列与 {fits} 年度的问卷相符，而不是 {edition} 年度",
        Message("Put the file into the folder of edition {fits}", "请将文件放入 {fits} 年度的文件夹"),
    ),
    "missing_column": _entry(
        "the column for question {number}, '{title}', is missing",
        "缺少第 {number} 题“{title}”所在的列",
        Message(
            "{nearest} If the wording was changed, add it to the aliases in schemas/surveys/{edition}.yaml; "
            "otherwise download the file again with all columns",
            "{nearest}若题目文字有改动，请在 schemas/surveys/{edition}.yaml 的 aliases 中补充；"
            "否则请重新下载包含全部列的文件",
        ),
    ),
    "repeated_column": _entry(
        "the header names a question or option that an earlier column already holds",
        "该表头所指的题目或选项已在前面的列中出现",
        Message("Delete the copy that does not belong to the download", "请删除并非下载所得的重复列"),
    ),
    "mixed_kinds": _entry(
        "some columns are by text and others by number",
        "部分列按文本、部分列按序号",
        Message("Hand over two files, one by text and one by number", "请分别提交按文本和按序号的两个文件"),
    ),
    "row_count": _entry(
        "the name promises {expected} rows and there are {found}",
        "文件名显示有 {expected} 行，实际有 {found} 行",
        Message(
            "Download the file again; if rows were removed on purpose, say so by giving the file another name",
            "请重新下载；若有意删除了部分行，请改用其他文件名",
        ),
    ),
    "sequence_missing": _entry(
        "序号 is empty here although other rows or files have it",
        "此处序号为空，而其他行或文件有序号",
        Message("Restore 序号 from the original download", "请从原始下载文件恢复序号"),
    ),
    "sequence_of_erased": _entry(
        "the file has no 序号, and persons of this edition were erased: nobody can tell which of its rows are theirs",
        "该文件没有序号，而本年度有填答人的信息已应要求删除，无法得知其中哪些行属于这些人",
        Message("Download it again with 序号", "请重新下载带有序号的文件"),
    ),
    "sequence_malformed": _entry(
        "序号 is not a whole number",
        "序号不是整数",
        Message("Restore 序号 from the original download", "请从原始下载文件恢复序号"),
    ),
    "sequence_repeated": _entry(
        "序号 {sequence} stands twice in this file",
        "序号 {sequence} 在该文件中重复出现",
        Message("Restore the rows from the original download", "请从原始下载文件恢复各行"),
    ),
    "sequence_conflict": _entry(
        "序号 {sequence} was already read from {other} with other answers",
        "序号 {sequence} 已从 {other} 读取，但答案不同",
        Message("Keep only the newer of the two files", "请只保留两个文件中较新的一个"),
    ),
    "pair_rows": _entry(
        "by text and by number do not hold the same submissions; only one of them has 序号 {sequences}",
        "按文本与按序号的文件所含答卷不一致；仅一方有的序号：{sequences}",
        Message(
            "Download both at the same moment and with the same filter", "请在同一时间、以相同筛选条件下载两个文件"
        ),
    ),
    "earlier_missing": _entry(
        "submissions received earlier are missing now: 序号 {sequences}",
        "此前收到的答卷这次缺失，序号：{sequences}",
        _UNFILTERED,
    ),
    "earlier_times": _entry(
        "submissions received earlier now have another 提交答卷时间: 序号 {sequences}",
        "此前收到的答卷这次的提交答卷时间不同，序号：{sequences}",
        _UNFILTERED,
    ),
    "pair_times": _entry(
        "by text and by number give another 提交答卷时间 for 序号 {sequences}",
        "按文本与按序号的文件中，下列序号的提交答卷时间不同：{sequences}",
        Message("Download both files again from the same survey", "请从同一问卷重新下载两个文件"),
    ),
}


def refusal(code: str, where: Place, **words: object) -> ExportRefused:
    """The error for `code` at a place. `words` fill the braces and never hold the value of a cell."""
    entry = REFUSALS[code]
    return ExportRefused(code, where, entry.cause.filled(words), entry.remedy.filled(words))
