"""What can be wrong with an export that was asked for."""

from calm_pipeline.errors import Entry, Message

FORMATS = ("xlsx", "sav", "dta", "csv", "parquet")
OF_TABLES = ("xlsx", "csv", "parquet")
"""The formats that hold the published tables; the others hold one row a submission."""
LANGUAGES = ("en", "zh")
_ASKED = Message("calm export {edition}", "calm export {edition}")
_AGAIN = Message("Run `calm run {edition}` and export again", "请运行 `calm run {edition}` 后重新导出")

DISSEMINATION: dict[str, Entry] = {
    "unknown_format": Entry(
        Message("--to {given}", "--to {given}"),
        Message("there is no such format", "没有这种格式"),
        Message("The formats are: {known}", "可用格式：{known}"),
    ),
    "public_rows": Entry(
        Message("--to {given} --public", "--to {given} --public"),
        Message(
            "a file of this format holds one row a submission, and a public export holds none",
            "该格式的文件每份答卷一行，而公开版不含各馆答卷",
        ),
        Message(
            "Give another format ({known}), or leave out --public if the answers of each library may be seen",
            "请改用其他格式（{known}）；如对方有权查看各馆答卷，可去掉 --public",
        ),
    ),
    "unknown_language": Entry(
        Message("--lang {given}", "--lang {given}"),
        Message("labels exist in English and Chinese only", "标签只有中文和英文两种"),
        Message("Give en or zh", "请填写 en 或 zh"),
    ),
    "not_in_warehouse": Entry(
        _ASKED,
        Message("the warehouse does not hold this edition", "数据仓库中没有该年度"),
        Message("`calm run {edition}` puts it there", "请先运行 `calm run {edition}` 入库"),
    ),
    "older_warehouse": Entry(
        _ASKED,
        Message(
            "the warehouse was built before table {table} got its present form",
            "数据仓库建立之后，数据表 {table} 的定义已有变动",
        ),
        _AGAIN,
    ),
    "survey_changed": Entry(
        _ASKED,
        Message(
            "its survey file was changed after the answers had been ingested",
            "答卷入库之后，该年度的调查文件又有改动",
        ),
        _AGAIN,
    ),
    "export_folder": Entry(
        Message("{folder}", "{folder}"),
        Message("no export can be written here", "无法在此处写入导出文件"),
        Message(
            "Choose a folder that you may write with --out, and check that no file bears its name",
            "请用 --out 另选有写入权限的文件夹，并确认没有同名文件",
        ),
    ),
    "not_replaced": Entry(
        Message("{folder}: {names}", "{folder}：{names}"),
        Message(
            "these files are of no export, or were changed since, and would be replaced",
            "这些文件不是导出的文件，或导出后已被改动，导出会将其覆盖",
        ),
        Message("Move them away, or choose another folder with --out", "请移走这些文件，或用 --out 另选文件夹"),
    ),
    "public_folder": Entry(
        Message("{folder}: {names}", "{folder}：{names}"),
        Message(
            "beside a public export only its own files may lie, since its README says of the folder that everybody may "
            "have it",
            "公开版文件夹的说明文件写明可向任何人提供，因此其中不得有其他文件",
        ),
        Message("Move them away, or choose an empty folder with --out", "请移走这些文件，或用 --out 另选空文件夹"),
    ),
    "sheet_rows": Entry(
        _ASKED,
        Message(
            "table {table} has {rows} rows, more than a worksheet holds",
            "数据表 {table} 有 {rows} 行，超过一张工作表的上限",
        ),
        Message("Export it with --to csv or --to parquet", "请改用 --to csv 或 --to parquet 导出"),
    ),
}
