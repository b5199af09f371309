"""`calm desk` and `calm alerts`: what waits for an answer, and telling the channels about it."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
from rich.console import Console

from calm_pipeline import outbox
from calm_pipeline.commands.query import say
from calm_pipeline.desk.cases import TABLES, cases
from calm_pipeline.desk.record import alert_tables
from calm_pipeline.desk.telling import Told, rehearse
from calm_pipeline.letters.case import Answer, Case, Finding
from calm_pipeline.project import Project
from calm_pipeline.survey import Words
from calm_pipeline.text import visible


def desk(edition: str, project: Project, out: Console) -> int:
    """Print every submission with open findings, oldest first, and what to ask; 1 if there is one."""
    tables = {name: pq.read_table(project.file(name, edition)) for name in TABLES if name != "alerts"}
    alerts, _ = alert_tables(project.root.journal(edition), edition)
    found = cases(project.declared(edition), {**tables, "alerts": alerts})
    others = [row for row in alerts.to_pylist() if row["status"] == "open" and row["kind"] != "submission"]
    for row in others:
        say(out, f"{row['kind']} {row['subject']} ({row['severity']})", Words(en=row["says_en"], zh=row["says_zh"]))
    for case in found:
        _print(case, out)
    _line(out, f"{edition}: {len(found)} submissions and {len(others)} checks or runs wait for an answer.")
    _line(out, f"{edition}：{len(found)} 份答卷、{len(others)} 项检查或运行待处理。")
    return 1 if found or others else 0


def _print(case: Case, out: Console) -> None:
    name = case.library.zh if case.library else f"{case.library_written}（未匹配 / not matched）"
    _line(out, f"\n{name}  {case.submission_id}  {case.opened} → {case.deadline}")
    for finding in case.findings:
        _line(out, f"  {finding.rule} ({finding.severity}): {_received(finding)}")
        _words(out, finding.sentence)
        if finding.hint:
            _words(out, finding.hint)
    for answer in case.review:
        _words(out, _ask(answer))
    for step in case.steps:
        _words(out, step)


def _received(finding: Finding) -> str:
    return "; ".join(f"Q{answer.number} = {answer.value}" for answer in finding.answers + finding.conflicts)


def _ask(answer: Answer) -> Words:
    return Words(
        en=f"→ Ask to review Q{answer.number}: {answer.question.en}",
        zh=f"→ 请其复核第{answer.number}题：{answer.question.zh}",
    )


def _words(out: Console, words: Words) -> None:
    _line(out, f"    {words.zh}")
    _line(out, f"    {words.en}")


def _line(out: Console, text: str) -> None:
    out.print(visible(text), markup=False, highlight=False, soft_wrap=True)


def alerts(edition: str, project: Project, out: Console, err: Console, dry_run: Path | None) -> int:
    """Send what is due, or write it to `dry_run`; 1 if a channel did not take it."""
    if dry_run is not None:
        now, names = datetime.now(UTC), project.library_names()
        for file in rehearse(project.root.journal(edition), edition, project.desk(), names, now, dry_run):
            _line(out, str(file))
        return 0
    told = send(edition, project, err)
    _line(out, f"{edition}: {told.sent} messages sent, {len(told.failures)} channels failed")
    _line(out, f"{edition}：已发送 {told.sent} 条消息，{len(told.failures)} 个渠道失败")
    return 1 if told.failures else 0


def send(edition: str, project: Project, err: Console) -> Told:
    """Tell every channel what is due; a channel's failure is said and stays due."""
    told = outbox.empty(project, edition, datetime.now(UTC), time.sleep)
    for failed in told.failures:
        err.print(failed.told, style="red", markup=False, highlight=False, soft_wrap=True)
    return told
