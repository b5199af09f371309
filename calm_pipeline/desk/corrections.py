"""What the desk decided about single submissions, as data: confirmed or withdrawn, with a reason and a guard.

`data/desk/<edition>/corrections.yaml` is written by people and read by every run. `expect` repeats what was received
when the decision was taken; once the source says something else, the decision no longer fits and is not applied.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.root import own
from calm_pipeline.survey.model import Frozen, Label

CORRECTIONS = {
    "no_open_finding": Entry(
        Message("edition {edition}, submission {submission}", "{edition} 年度，答卷 {submission}"),
        Message("no finding about it is open", "没有未关闭的问题"),
        Message("`calm desk {edition}` lists those that wait", "请用 `calm desk {edition}` 查看待处理的答卷"),
    ),
    "decided_elsewhere": Entry(
        Message("{file}", "{file}"),
        Message("the file is a link to somewhere else, or no file", "该文件是指向别处的链接，或不是文件"),
        Message("Put the decisions themselves there", "请将决定文件本身放在该处"),
    ),
    "decided_twice": Entry(
        Message("{file}, {submission} {rule}", "{file}，{submission} {rule}"),
        Message("the same thing is decided twice", "同一事项有两项决定"),
        Message("Leave the decision that holds", "请只保留有效的一项"),
    ),
    "decision_of_what": Entry(
        Message("{file}, {submission}", "{file}，{submission}"),
        Message(
            "a confirmation names no rule, or a withdrawal names one",
            "确认（confirmed）未写明规则，或撤回（withdrawn）写了规则",
        ),
        Message(
            "Name the rule that is confirmed; a withdrawal needs none", "请写明所确认的规则；撤回整份答卷时不写规则"
        ),
    ),
}
CORRECTION: dict[str, pa.DataType] = {
    **dict.fromkeys(("edition", "submission_id", "rule", "decision", "reason", "expect", "fingerprint"), pa.string()),
    "decided_on": pa.date32(),
    "fits": pa.bool_(),
}


class Correction(Frozen):
    """One decision. confirmed: the finding stands as it is and nobody is asked again; an error stays quarantined.

    withdrawn: the submission is not counted, and may be missing from later exports.
    """

    submission: Label
    decision: Literal["confirmed", "withdrawn"]
    rule: str = Described("", description="The rule that is confirmed; empty for a submission that is withdrawn.")
    expect: str = Described(description="What was received: the answer, or the time of a submission withdrawn.")
    reason: Label
    decided_on: date


def load_corrections(file: Path) -> list[Correction]:
    """Read the desk's decisions; none if there is no file.

    Raises:
        CalmError: the file is a link, breaks the model, or decides something twice; it names the place.
    """
    if os.path.lexists(file) and not own(file):
        raise CalmError.of(CORRECTIONS, "decided_elsewhere", file=file.name)
    found = load(file, list[Correction]) if file.exists() else []
    seen: set[tuple[str, str]] = set()
    for one in found:
        if (one.submission, one.rule) in seen:
            raise CalmError.of(CORRECTIONS, "decided_twice", file=file.name, submission=one.submission, rule=one.rule)
        if (one.decision == "withdrawn") != (one.rule == ""):
            raise CalmError.of(CORRECTIONS, "decision_of_what", file=file.name, submission=one.submission)
        seen.add((one.submission, one.rule))
    return found


def withdrawn(corrections: Iterable[Correction]) -> dict[str, str]:
    """The submissions withdrawn, each with its time of submission as the desk knew it."""
    return {one.submission: one.expect for one in corrections if one.decision == "withdrawn"}


def decisions(submission: str, tables: Mapping[str, pa.Table], today: date) -> Iterator[str]:
    """The lines of corrections.yaml, ready to be copied, for each decision the desk can take about a submission.

    Args:
        submission: its id.
        tables: raw_submissions and findings of the edition.
        today: the day of the decision.
    """
    times = {row["submission_id"]: row["submitted_at"] for row in tables["raw_submissions"].to_pylist()}
    found = [row for row in tables["findings"].to_pylist() if row["submission_id"] == submission]
    yield from _entry(submission, "withdrawn", {"expect": times[submission] or ""}, today)
    for row in found:
        yield from _entry(submission, "confirmed", {"rule": row["rule"], "expect": row["received"]}, today)


def _entry(submission: str, decision: str, what: Mapping[str, str], today: date) -> Iterator[str]:
    yield f"- submission: {json.dumps(submission)}"
    yield f"  decision: {decision}"
    yield from (f"  {name}: {json.dumps(text, ensure_ascii=False)}" for name, text in what.items())
    yield '  reason: ""  # 请填写理由，勿写人名 why; name no person'
    yield f"  decided_on: {today}"


def applied(corrections: Sequence[Correction], findings: pa.Table, times: pa.Table, edition: str) -> pa.Table:
    """The decisions as a table, each with whether it still fits what was received.

    Args:
        corrections: the decisions of the edition.
        findings: the table of that name.
        times: submission_id and submitted_at as received, of the submissions that were decided about.
        edition: the edition.
    """
    found = {(row["submission_id"], row["rule"]): row for row in findings.to_pylist()}
    received = {row["submission_id"]: row["submitted_at"] or "" for row in times.to_pylist()}
    rows = [_applied(one, found.get((one.submission, one.rule)), received, edition) for one in corrections]
    return pa.Table.from_pylist(rows, pa.schema(list(CORRECTION.items())))


def _applied(one: Correction, finding: dict[str, Any] | None, times: dict[str, str], edition: str) -> dict[str, Any]:
    if one.decision == "withdrawn":
        fits = times.get(one.submission, one.expect) == one.expect
    else:
        fits = finding is not None and finding["received"] == one.expect
    return {
        "edition": edition,
        "submission_id": one.submission,
        "rule": one.rule,
        "decision": one.decision,
        "reason": one.reason,
        "expect": one.expect,
        "decided_on": one.decided_on,
        "fits": fits,
        "fingerprint": finding["fingerprint"] if finding and fits else None,
    }
