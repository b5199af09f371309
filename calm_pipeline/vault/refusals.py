"""What the vault, a key or a request about a person can fail at: place, cause and remedy."""

from calm_pipeline.errors import Entry, Message

_KEY, _FILE = Message("CALM_KEY", "CALM_KEY"), Message("CALM_KEY_FILE", "CALM_KEY_FILE")
_VAULT = Message("data/vault/{edition}", "data/vault/{edition}")
_MADE = Message(
    "`calm vault key` makes one; keep it where the project's folder and its copies are not",
    "可用 `calm vault key` 生成，并保存在项目文件夹及其备份之外",
)

VAULT: dict[str, Entry] = {
    "no_key": Entry(
        _KEY,
        Message("no key is set, and this needs one", "未设置密钥，无法执行该操作"),
        Message(
            "Set CALM_KEY, or name the file that holds it in CALM_KEY_FILE; `calm vault key` makes a new one",
            "请设置 CALM_KEY，或在 CALM_KEY_FILE 中写明密钥文件；可用 `calm vault key` 生成新密钥",
        ),
    ),
    "two_keys": Entry(
        _KEY,
        Message("both CALM_KEY and CALM_KEY_FILE are set", "CALM_KEY 与 CALM_KEY_FILE 同时设置"),
        Message(
            "Unset one; several keys stand in one place, the one in use first",
            "请取消其中之一；多个密钥应写在同一处，在用的排在最前",
        ),
    ),
    "not_a_key": Entry(
        Message("{place}, key {number}", "{place}，第 {number} 个密钥"),
        Message("it is not 32 random bytes in base64", "不是 32 字节随机数的 base64 编码"),
        _MADE,
    ),
    "key_file_missing": Entry(
        _FILE, Message("the file it names is not there or cannot be read", "所指的文件不存在或无法读取"), _MADE
    ),
    "key_file_inside": Entry(
        _FILE,
        Message(
            "the file lies in the project's folder, so that whoever copies the data copies the key",
            "密钥文件位于项目文件夹内，复制数据时会连同密钥一并复制",
        ),
        Message("Move it out of the folder", "请将其移出项目文件夹"),
    ),
    "key_file_open": Entry(
        _FILE,
        Message("others than its owner may read the file ({mode})", "所有者以外的用户也可读取该文件（{mode}）"),
        Message("Close it with `chmod 600`", "请用 `chmod 600` 收回权限"),
    ),
    "unreadable_export": Entry(
        Message("{file}", "{file}"),
        Message(
            "the export cannot be read ({code}), so that nobody can say who is in it; nothing was changed",
            "该导出文件无法读取（{code}），无法确定其中涉及哪些人；未作任何改动",
        ),
        Message(
            "Mend it or take it out of data/raw, where `calm check` says what is wrong with it, then ask again",
            "请用 `calm check` 查明原因，更正该文件或将其移出 data/raw，然后重新执行",
        ),
    ),
    "xlsx_there": Entry(
        Message("{file}", "{file}"),
        Message(
            "an old xls workbook is written again as {other}, and a file of this name holds something else; "
            "neither was changed",
            "旧格式 xls 须另存为 {other}，而同名文件已存在且内容不同；两个文件均未改动",
        ),
        Message(
            "{file} still holds the person; see which of the two is the download that counts, take the other one "
            "out of data/raw or, if both count, give {other} another name, then ask again",
            "{file} 仍含有该填答人的信息；请核对哪一个是应采用的导出文件，将另一个移出 data/raw；如两个都要采用，"
            "请将 {other} 改名，然后重新执行",
        ),
    ),
    "read_otherwise": Entry(
        Message("{file}", "{file}"),
        Message(
            "written again without a person's data, it would be read otherwise; it was left as it is",
            "删除个人信息后，重新写出的文件读取结果不同；原文件未改动",
        ),
        Message(
            "Erase these cells in the file by hand, and tell whoever maintains the pipeline",
            "请手工删除文件中的相应单元格，并告知程序维护人员",
        ),
    ),
    "nobody": Entry(
        Message("calm person", "calm person"),
        Message("nobody is held under that value", "没有与该内容相符的个人信息"),
        Message(
            "Try the mobile number, the name as it was typed, or the submission",
            "请改用手机号、填写时的姓名或答卷编号再试",
        ),
    ),
    "no_sequence": Entry(
        Message("data/raw/{edition}", "data/raw/{edition}"),
        Message(
            "an export has no 序号, so that a submission is known by its place alone, where the next download may have "
            "somebody else; nothing was erased of this edition",
            "导出文件没有序号，只能按位置辨认答卷，而下次下载时同一位置可能是另一人；本年度未删除任何内容",
        ),
        Message(
            "Put a download with 序号 in its place, find the submission again and erase it by its number",
            "请换成带有序号的导出文件，重新查询答卷编号后再删除",
        ),
    ),
    "several_persons": Entry(
        Message("calm person erase", "calm person erase"),
        Message(
            "what was given fits submissions that may be of several persons: {submissions}; nothing was erased",
            "所给内容与多份答卷相符，可能不是同一人：{submissions}；未删除任何内容",
        ),
        Message(
            "Look at them with `calm person find --show`, then erase by mobile number, or one submission at a time",
            "请用 `calm person find --show` 核对，再按手机号或逐份按答卷编号删除",
        ),
    ),
    "not_confirmed": Entry(
        Message("calm person erase", "calm person erase"),
        Message("what is erased cannot be brought back, and nobody confirmed it", "删除后无法恢复，而操作未经确认"),
        Message("Answer with y, or write --yes", "请输入 y 确认，或加 --yes"),
    ),
    "vault_locked": Entry(
        Message("data/vault", "data/vault"),
        Message("another command has been writing to the vault for a minute", "另一命令占用保险库已超过一分钟"),
        Message("Try again when it has ended", "请待其结束后重试"),
    ),
    "wrong_key": Entry(
        _VAULT,
        Message(
            "none of the keys opens the vault, or it was changed; nothing was overwritten",
            "现有密钥均无法打开保险库，或保险库已被改动；未覆盖任何内容",
        ),
        Message(
            "Set the key with which it was written, after the new one if there is one",
            "请设置写入时所用的密钥；如已启用新密钥，将旧密钥列在其后",
        ),
    ),
    "unfinished_closed": Entry(
        Message("data/vault/unfinished", "data/vault/unfinished"),
        Message(
            "an erasure did not come to its end, and whom it looks for is encrypted: no key that is set opens the "
            "file, or it was changed; nothing was overwritten",
            "有一次删除尚未完成，其查找内容已加密，而现有密钥均无法打开该文件，或文件已被改动；未覆盖任何内容",
        ),
        Message(
            "Set the key with which it was written, after the new one if there is one. If that key is lost, look by "
            "hand for whom the last lines of data/vault/erasures.jsonl name, then remove the file",
            "请设置写入时所用的密钥；如已启用新密钥，将旧密钥列在其后。如旧密钥已丢失，请按 "
            "data/vault/erasures.jsonl 末尾所列答卷人工核查，然后删除该文件",
        ),
    ),
    "vintages_left": Entry(
        Message("data/warehouse/vintages", "data/warehouse/vintages"),
        Message(
            "vintages are damaged and pseudonyms may still stand in them: {names}; everything else is erased",
            "以下版本已损坏，其中可能仍有假名标识：{names}；其余各处均已删除",
        ),
        Message(
            "Bring each back from a copy, or remove its folder if it is not the current one (else remove "
            "data/warehouse/current too and run every edition again), then give the same command again",
            "请从备份恢复这些版本；如非当前版本，也可删除其文件夹（如为当前版本，须同时删除 data/warehouse/current 并"
            "重新运行各年度），然后再次执行同一命令",
        ),
    ),
    "texts_left": Entry(
        Message("calm person expire", "calm person expire"),
        Message(
            "everybody whose time is over is erased; what was erased still stands in these files, or they are damaged: "
            "{files}",
            "已超期的个人信息均已删除，但以下文件仍含有与已删除信息相同的内容，或已损坏：{files}",
        ),
        Message(
            "Look at each: it may be somebody else's name, or one that another respondent wrote into a text. Take out "
            "by hand what is the erased person's; if what is left then may stay, remove data/vault/unfinished, "
            "which holds what is looked for every night",
            "请逐一人工核对：可能是他人的姓名，也可能是其他填答人写在文本中的姓名。属于被删除者的，请手工删除；"
            "如剩下的都可保留，请删除 data/vault/unfinished（其中是每夜查找的内容）",
        ),
    ),
    "retention_left": Entry(
        Message("calm person expire", "calm person expire"),
        Message(
            "personal data may be kept past their date; what is not named here is done: {problems}",
            "可能仍有个人信息超期保存；未在此列出的均已处理：{problems}",
        ),
        Message(
            "See to each of these, then run `calm person expire` again",
            "请逐一处理，然后再次运行 `calm person expire`",
        ),
    ),
    "kept_beside": Entry(
        Message("edition {edition}", "{edition} 年度"),
        Message(
            "its personal data may be kept no longer, and these are no exports, so that nobody has looked whom they "
            "hold: {files}",
            "个人信息已超过保存期限，而下列文件或文件夹不是导出文件，其中涉及哪些人无从得知：{files}",
        ),
        Message(
            "Look at each and remove it, or move it out of data/raw if it holds nobody's data",
            "请逐一查看并删除；确实不含个人信息的，请移出 data/raw",
        ),
    ),
    "no_survey": Entry(
        Message("edition {edition}", "{edition} 年度"),
        Message(
            "{places} hold personal data, and schemas/surveys/{edition}.yaml is gone or cannot be used, so that nobody "
            "knows how long they may be kept",
            "{places} 中有个人信息，而 schemas/surveys/{edition}.yaml 已不存在或无法使用，无从得知保存期限",
        ),
        Message(
            "Put the survey file back or mend it (`calm check {edition}` says what is wrong with it), or remove what "
            "is named",
            "请恢复或更正该问卷文件（可用 `calm check {edition}` 查看问题），或删除上述内容",
        ),
    ),
}
