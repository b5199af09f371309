"""The report of an edition of a project: opens the warehouse and writes the file."""

from importlib.metadata import version
from pathlib import Path

from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.project import Project
from calm_pipeline.release import CODE
from calm_pipeline.report import LANGUAGES
from calm_pipeline.report.source import Stamp
from calm_pipeline.report.write import asking, write_report
from calm_pipeline.rules import rule_set
from calm_pipeline.vintages import connect

_ASKED = Message("calm report {edition}", "calm report {edition}")
REPORTING: dict[str, Entry] = {
    "report_language": Entry(
        Message("--lang {given}", "--lang {given}"),
        Message("the report exists in English and Chinese only", "报告只有中文和英文两种"),
        Message("The languages are: {known}", "可用语言：{known}"),
    ),
    "report_edition": Entry(
        _ASKED,
        Message("the warehouse does not hold this edition", "数据仓库中没有该年度"),
        Message("`calm run {edition}` puts it there", "请先运行 `calm run {edition}` 入库"),
    ),
    "report_file": Entry(
        Message("{file}", "{file}"),
        Message("the report cannot be written here", "无法在此处写入报告"),
        Message(
            "Name a file in a folder that you may write to, with --out", "请用 --out 指定有写入权限的文件夹中的文件"
        ),
    ),
}


def report(project: Project, edition: str, lang: str, file: Path | None = None) -> Path:
    """Write the report of an edition in one language, to its own place if no file is given; return the file.

    Raises:
        CalmError: there is no such language, no warehouse, no such edition in it, or the file cannot be written.
    """
    if lang not in LANGUAGES:
        raise CalmError.of(REPORTING, "report_language", given=lang, known=", ".join(LANGUAGES))
    target = file or project.root.report(edition, lang)
    groupings, rules = project.groupings(), rule_set(project.rules(edition))
    stamp = Stamp(version("calm-pipeline"), CODE, rules, groupings.threshold, groupings.extremes)
    before = project.compared_with(edition)
    earlier = project.survey(before) if before else None
    with connect(project.root) as database:
        ask = asking(database)
        if not database.execute("SELECT 1 FROM editions WHERE edition = ?", [edition]).fetchall():
            raise CalmError.of(REPORTING, "report_edition", edition=edition)
        try:
            return write_report(ask, project.survey(edition), stamp, lang, target, earlier)
        except OSError:
            raise CalmError.of(REPORTING, "report_file", file=target) from None
