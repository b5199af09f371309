"""`calm desk` and `calm alerts`: what waits for an answer, and telling the channels about it."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from calm_pipeline import outbox
from calm_pipeline.channels import Wait
from calm_pipeline.commands.query import say
from calm_pipeline.desk.cases import TABLES, Declared, cases, unmatched
from calm_pipeline.desk.concerned import concerned
from calm_pipeline.desk.corrections import CORRECTIONS, decisions
from calm_pipeline.desk.record import alert_tables
from calm_pipeline.desk.steps import desk_step
from calm_pipeline.desk.telling import Told, rehearse
from calm_pipeline.engine import connect
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.privacy import shown
from calm_pipeline.letters.case import Answer, Case, Finding, Other
from calm_pipeline.letters.wording import BLANK, UNREADABLE, both, both_said, oldest_first, said
from calm_pipeline.project import Project
from calm_pipeline.store import read
from calm_pipeline.survey import Words
from calm_pipeline.text import visible
from calm_pipeline.usage import check_out


def desk(edition: str, project: Project, out: Console, submission: str | None = None) -> int:
    """Print every submission with open findings, by library, oldest first, and what to do; 1 if there is one.

    Given a submission, print that one alone and the entries of corrections.yaml by which the desk decides about it.

    Raises:
        CalmError: the submission has no open finding.
    """
    alerts, _ = alert_tables(project.root.journal(edition), edition)
    engine, declared = connect(), project.declared(edition)
    tables = concerned({name: read(engine, project.file(name, edition)) for name in TABLES}, alerts)
    found = oldest_first(cases(declared, tables))
    if submission is not None:
        return _one(found, submission, declared, tables, out)
    others = [row for row in alerts.to_pylist() if row["status"] == "open" and row["kind"] != "submission"]
    for row in others:
        say(out, f"{row['kind']} {row['subject']} ({row['severity']})", Words(en=row["says_en"], zh=row["says_zh"]))
    for library, some in _by_library(found).items():
        _line(out, f"\n{library}")
        for case in some:
            _print(case, declared, out)
    _line(out, f"{edition}: {len(found)} submissions and {len(others)} checks or runs wait for an answer.")
    _line(out, f"{edition}：{len(found)} 份答卷、{len(others)} 项检查或运行待处理。")
    return 1 if found or others else 0


def _one(
    found: Sequence[Case], submission: str, declared: Declared, tables: Mapping[str, pa.Table], out: Console
) -> int:
    case = next((case for case in found if case.submission_id == submission), None)
    if case is None:
        raise CalmError.of(
            CORRECTIONS, "no_open_finding", submission=shown(submission), edition=declared.survey.edition
        )
    _print(case, declared, out)
    _line(out, f"\ndata/desk/{case.edition}/corrections.yaml（择一填入 whichever applies）:")
    for line in decisions(submission, tables, datetime.now(UTC).date()):
        _line(out, line)
    return 1


def _by_library(found: Sequence[Case]) -> dict[str, list[Case]]:
    """The cases of each library together, libraries in the order of their oldest; one not matched stands alone."""
    groups: dict[str, list[Case]] = {}
    for case in found:
        written = case.library_written or both(BLANK)
        alone = f"{written}（未匹配 not matched）{case.submission_id}"
        groups.setdefault(case.library.zh if case.library else alone, []).append(case)
    return groups


def _print(case: Case, declared: Declared, out: Console) -> None:
    _line(out, f"  {case.submission_id}  提出 opened {case.opened}，截止 due {case.deadline}")
    for finding in case.findings:
        _line(out, f"  {finding.rule} ({finding.severity})")
        _words(out, finding.fault)
        for answer in (*finding.answers, *finding.conflicts):
            _line(out, f"    Q{answer.number}: {said(answer)}")
        if finding.hint:
            _words(out, finding.hint)
    for other in case.others:
        _words(out, _differs(other))
        for one in other.differences:
            _line(out, f"      {both_said(one)}")
    for answer in case.review:
        _words(out, _ask(answer))
    steps = (desk_step(finding.rule, case.edition) for finding in case.findings if _is_for_desk(finding, declared))
    for step in dict.fromkeys(steps):
        _words(out, step)


def _is_for_desk(finding: Finding, declared: Declared) -> bool:
    return declared.known[finding.rule].beyond_answers or finding.rule in unmatched(declared.survey)


def _differs(other: Other) -> Words:
    when, n = other.submitted_at or both(UNREADABLE), len(other.differences)
    return Words(
        en=f"{other.submission_id}, submitted {when}, differs in {n} question(s) (this one / the other):",
        zh=f"与 {other.submission_id}（{when} 提交）有 {n} 题不同（本份 / 另一份）：",
    )


def _ask(answer: Answer) -> Words:
    return Words(
        en=f"→ Ask to review Q{answer.number}: {answer.question.en}",
        zh=f"→ 请其复核第{answer.number}题：{answer.question.zh}",
    )


def _words(out: Console, words: Words) -> None:
    _line(out, f"    {words.zh}")
    _line(out, f"    {words.en}")


def _line(out: Console, text: str) -> None:
    """One line; in a terminal it is wrapped under its own indent."""
    text = visible(text)
    if not out.is_terminal:
        out.print(text, markup=False, highlight=False, soft_wrap=True)
        return
    indent = len(text) - len(text.lstrip(" "))
    out.print(Padding(Text(text[indent:]), (0, 0, 0, indent)))


def alerts(edition: str, project: Project, out: Console, err: Console, dry_run: Path | None) -> int:
    """Send what is due, or write it to `dry_run`; 1 if a channel did not take it.

    Raises:
        CalmError: the folder of `dry_run` cannot lie where it is said to.
    """
    check_out(dry_run, "--dry-run")
    if not project.desk().channels:
        _quiet(edition, project, out)
        return 0
    if dry_run is not None:
        now, names = datetime.now(UTC), project.library_names()
        for file in rehearse(project.root.journal(edition), edition, project.desk(), names, now, dry_run):
            _line(out, str(file))
        return 0
    told = send(edition, project, err, time.sleep)
    _line(out, f"{edition}: {told.sent} messages sent, {len(told.failures)} channels failed")
    _line(out, f"{edition}：已发送 {told.sent} 条消息，{len(told.failures)} 个渠道失败")
    return 1 if told.failures else 0


def _quiet(edition: str, project: Project, out: Console) -> None:
    rows = alert_tables(project.root.journal(edition), edition)[0].to_pylist()
    waiting = sum(row["status"] == "open" for row in rows)
    _line(out, f"{edition}: {waiting} alerts are open and nobody is told: schemas/desk.yaml names no channel.")
    _line(
        out,
        f"{edition}：有 {waiting} 条未关闭的提醒，但 schemas/desk.yaml 未设通道，不会发送。设置方法见 docs/alerts.md。",
    )


def send(edition: str, project: Project, err: Console, wait: Wait | None) -> Told:
    """Tell every channel what is due; a channel's failure is said and stays due. Without `wait` each is tried once."""
    told = outbox.empty(project, edition, datetime.now(UTC), wait)
    for failed in told.failures:
        err.print(failed.told, style="red", markup=False, highlight=False, soft_wrap=True)
    return told
