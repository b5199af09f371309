"""What a publish, a reader or a second writer is refused for."""

from collections.abc import Sequence

from calm_pipeline.errors import Entry, Message

NAMED = 3
_EDITION = Message("edition {edition}", "{edition} 年度")
_RUN = Message("Run `calm run {edition}`", "请运行 `calm run {edition}`")

VINTAGES: dict[str, Entry] = {
    "no_such_table": Entry(
        Message("--table {asked}", "--table {asked}"),
        Message("neither vintage has this table", "两个版本中均无此数据表"),
        Message("The tables are: {known}", "可用的数据表：{known}"),
    ),
    "edition_locked": Entry(
        _EDITION,
        Message(
            "another run is writing it: {by}, process {pid} on {host}, since {since}",
            "另一运行正在写入：{by}，进程 {pid}，主机 {host}，始于 {since}",
        ),
        Message(
            "Wait until it ends or stop it; the lock goes with the process that holds it",
            "请等待其结束或将其停止；进程终止后锁自动解除",
        ),
    ),
    "publishing_locked": Entry(
        Message("data/warehouse/vintages", "data/warehouse/vintages"),
        Message(
            "another run has been publishing for too long: {by}, process {pid} on {host}, since {since}",
            "另一运行发布数据的时间过长：{by}，进程 {pid}，主机 {host}，始于 {since}",
        ),
        Message(
            "Look whether that process is stuck and stop it, then run the edition again",
            "请检查该进程是否停滞并将其停止，然后重新运行该年度",
        ),
    ),
    "pushing_locked": Entry(
        Message("CALM_STORE", "CALM_STORE"),
        Message(
            "another run has been putting vintages into the store for too long: {by}, process {pid} on {host}, "
            "since {since}",
            "另一运行向对象存储上传版本的时间过长：{by}，进程 {pid}，主机 {host}，始于 {since}",
        ),
        Message(
            "Look whether that process is stuck and stop it, then run `calm push`",
            "请检查该进程是否停滞并将其停止，然后运行 `calm push`",
        ),
    ),
    "gate_not_proved": Entry(
        Message("table {table}, edition {edition}", "数据表 {table}（{edition} 年度）"),
        Message(
            "the check {check} was never made of it, so it is not published",
            "该表未经检查 {check}，不予发布",
        ),
        _RUN,
    ),
    "gate_failed": Entry(
        Message("table {table}, edition {edition}", "数据表 {table}（{edition} 年度）"),
        Message("the check {check} failed, so it is not published", "检查 {check} 未通过，不予发布"),
        Message(
            "See to what the check names, then run `calm run {edition}`",
            "请先处理该检查指出的问题，再运行 `calm run {edition}`",
        ),
    ),
    "gate_outdated": Entry(
        Message("table {table}, edition {edition}", "数据表 {table}（{edition} 年度）"),
        Message(
            "the check {check} passed, but {changed} changed since, so it is not published",
            "检查 {check} 通过之后，{changed} 又有变动，不予发布",
        ),
        Message(
            "Run `calm run {edition}`, or make {table} and its checks again",
            "请运行 `calm run {edition}`，或重新生成 {table} 并重做检查",
        ),
    ),
    "incomplete_edition": Entry(
        _EDITION,
        Message(
            "it lacks {missing} under data/warehouse/tables, so nothing is published",
            "data/warehouse/tables 中缺少 {missing}，不予发布",
        ),
        Message(
            "Run `calm run {edition}`; an edition that shall go is named under `retired` in schemas/retention.yaml",
            "请运行 `calm run {edition}`；如确需撤下该年度，请将其列入 schemas/retention.yaml 的 retired",
        ),
    ),
    "retired_edition": Entry(
        _EDITION,
        Message("it is retired, so it is not published", "该年度已撤下，不予发布"),
        Message(
            "Take it out of `retired` in schemas/retention.yaml to publish it again",
            "如需重新发布，请将其从 schemas/retention.yaml 的 retired 中删去",
        ),
    ),
    "removed_edition": Entry(
        _EDITION,
        Message(
            "it is published, but schemas/surveys/{edition}.yaml is gone, so nothing new is published",
            "该年度已发布，但 schemas/surveys/{edition}.yaml 已不存在，不再发布新内容",
        ),
        Message(
            "Put the file back; an edition that shall go is named under `retired` in schemas/retention.yaml",
            "请恢复该文件；如确需撤下该年度，请将其列入 schemas/retention.yaml 的 retired",
        ),
    ),
    "lost_pointer": Entry(
        Message("data/warehouse/current", "data/warehouse/current"),
        Message(
            "it is gone, though vintages were published; the newest that is whole is {newest}",
            "该指针已丢失，而此前已发布过版本；最新的完好版本为 {newest}",
        ),
        Message(
            "Put it back: ln -s vintages/{newest} data/warehouse/next && mv -T data/warehouse/next "
            "data/warehouse/current",
            "请恢复指针：ln -s vintages/{newest} data/warehouse/next && mv -T data/warehouse/next "
            "data/warehouse/current",
        ),
    ),
    "lost_vintages": Entry(
        Message("data/warehouse/current", "data/warehouse/current"),
        Message(
            "it is gone, though vintages were published, and none of them is whole",
            "该指针已丢失，此前发布的版本也均已损坏",
        ),
        Message(
            "Bring data/warehouse back from a copy, or move data/warehouse/vintages away and run every edition again",
            "请从备份恢复 data/warehouse，或移走 data/warehouse/vintages 后重新运行各年度",
        ),
    ),
    "damaged_vintage": Entry(
        Message("{file}", "{file}"),
        Message(
            "it is not what was published: its bytes are changed, cut off or gone",
            "该文件与发布时不符：内容有变动、被截断或已缺失",
        ),
        Message(
            "`calm vintages --verify` tells which vintages are whole; bring the file back from a copy, or point "
            "data/warehouse/current to a whole one (docs/vintages.md); if none is, move both it and "
            "data/warehouse/vintages away and run every edition again",
            "可用 `calm vintages --verify` 查看哪些版本完好；请从备份恢复该文件，或将 data/warehouse/current "
            "指向完好的版本（见 docs/vintages.md）；如无完好版本，请将其与 "
            "data/warehouse/vintages 一并移走后重新运行各年度",
        ),
    ),
    "foreign_vintage": Entry(
        Message("{file}", "{file}"),
        Message(
            "it is whole, but another version of this code wrote it in another form",
            "该文件完好，但由本程序的其他版本写成，格式不同",
        ),
        Message(
            "Read it with that version; if it is the current one, move data/warehouse/current and "
            "data/warehouse/vintages away and run every edition again",
            "请用该版本的程序读取；如为当前版本，请移走 data/warehouse/current 与 "
            "data/warehouse/vintages 后重新运行各年度",
        ),
    ),
    "no_vintage": Entry(
        Message("vintage {asked}", "版本 {asked}"),
        Message("there is no such vintage", "没有这个版本"),
        Message(
            "`calm vintages` lists them; give a number, an id or `current`",
            "可用 `calm vintages` 列出各版本；请给出序号、编号或 `current`",
        ),
    ),
}


def listed(tables: Sequence[str]) -> Message:
    """The first tables of a list by name, and whether there are more."""
    more = len(tables) > NAMED
    en, zh = ", ".join(tables[:NAMED]), "、".join(tables[:NAMED])
    return Message(f"{en} and others", f"{zh}等") if more else Message(en, zh)
