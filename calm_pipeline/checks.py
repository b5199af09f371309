"""What must hold between stages, as findings: a verdict, a sentence and figures, never a value of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import ibis.expr.types as ir
import pandera.pandas as pandera
from pandera.errors import SchemaErrors

from calm_pipeline.engine import collect, value
from calm_pipeline.errors import Message
from calm_pipeline.rules import Rule
from calm_pipeline.store import breaches
from calm_pipeline.tables import Contract

NAMED = 5
STATUSES = {
    "accepted": "接受",
    "quarantined": "隔离",
    "duplicate": "重复",
    "dropped": "不计入",
    "rejected": "拒收",
}


@dataclass(frozen=True)
class Finding:
    """Whether something holds, in a sentence, with the figures behind it. `mild`: if not, it is only worth a look."""

    holds: bool
    sentence: Message
    figures: Mapping[str, int] = field(default_factory=dict)
    mild: bool = False


def contract(table: ir.Table, promised: Contract) -> Finding:
    """The stored table keeps its contract."""
    found = breaches(table, promised)
    listed = "; ".join(map(str, found))
    sentence = Message(listed, f"不符合约定：{listed}") if found else Message("the contract holds", "符合约定")
    return Finding(not found, sentence, {"breaches": len(found)})


def every_file_read(files: ir.Table) -> Finding:
    """No export was refused, and there is at least one."""
    rows = collect(files)
    refused = rows[rows["verdict"] == "refused"]
    if rows.empty:
        nothing = Message("there is no export for this edition in data/raw", "data/raw 中没有该年度的导出文件")
        return Finding(False, nothing, {"files": 0, "refused": 0})
    sentence = Message("every export was read", "全部导出文件均已读取")
    if len(refused):
        sentence = Message(*(" ".join(dict.fromkeys(refused[reason])) for reason in ("reason_en", "reason_zh")))
    return Finding(refused.empty, sentence, {"files": len(rows), "refused": len(refused)})


def conservation(files: ir.Table, raw: ir.Table, submissions: ir.Table) -> Finding:
    """received = accepted + quarantined + duplicate + dropped + rejected, and no submission was made up or doubled.

    Received are the submissions read and those of refused files; rejected are the latter.
    """
    by_status = collect(submissions.group_by("status").agg(n=submissions.count()))
    found = dict.fromkeys(("accepted", "quarantined", "duplicate", "dropped"), 0)
    found |= dict(zip(by_status["status"], map(int, by_status["n"]), strict=True))
    refused = files.filter(files.verdict == "refused")
    found["rejected"] = int(value(refused.rows.sum()) or 0)
    received = int(value(raw.count())) + found["rejected"]
    strangers = int(value(submissions.anti_join(raw, "submission_id").count()))
    holds = received == sum(found.values()) and strangers == 0
    terms = " + ".join(f"{n} {status}" for status, n in found.items())
    sign = "=" if holds else "≠"
    terms_zh = " + ".join(f"{STATUSES[status]} {n}" for status, n in found.items())
    sentence = Message(f"{received} received {sign} {terms}", f"收到 {received} {sign} {terms_zh}")
    return Finding(holds, sentence, {"received": received, **found})


def keep_every_rule(accepted: ir.Table, verdicts: ir.Table, rules: list[Rule]) -> Finding:
    """Every rule of severity error holds for every accepted submission; Pandera looks at the rule frame, summed up."""
    errors = [rule.id for rule in rules if rule.severity == "error"]
    frame = verdicts.semi_join(accepted, "submission_id")
    held = collect(frame.agg(**{rule: frame[rule].all().fill_null(True) for rule in errors}))
    try:
        pandera.DataFrameSchema({rule: pandera.Column(bool, pandera.Check.eq(True)) for rule in errors}).validate(
            held, lazy=True
        )
    except SchemaErrors as found:
        broken = sorted({str(error.schema.name) for error in found.schema_errors})
        named = ", ".join(broken)
        return Finding(
            False, Message(f"accepted although broken: {named}", f"违反仍被接受：{named}"), {"rules": len(errors)}
        )
    sentence = Message("every accepted submission keeps every rule", "所有效答卷均符合全部规则")
    return Finding(True, sentence, {"rules": len(errors)})


def decisions_fit(corrections: ir.Table) -> Finding:
    """Every decision of the desk still fits what was received."""
    rows = collect(corrections)
    unfit = rows[~rows["fits"].astype(bool)]
    named = ", ".join(f"{row['submission_id']} {row['rule'] or row['decision']}" for row in unfit.to_dict("records"))
    figures = {"decisions": len(rows), "unfit": len(unfit)}
    if unfit.empty:
        return Finding(True, Message("every decision fits", "各项决定均与所收内容相符"), figures)
    en = (
        f"`expect` is not what was received, so the decision is not applied: {named}. If the source has changed since, "
        "take it out of corrections.yaml; if `expect` was mistyped, `calm desk EDITION SUBMISSION` prints it"
    )
    zh = (
        f"expect 与所收内容不一致，决定未予执行：{named}。若来源在决定之后已有变化，请从 corrections.yaml 中删去该项；"
        "若系 expect 填写有误，可用 `calm desk 年度 答卷编号` 查看应填的内容"
    )
    return Finding(False, Message(en, zh), figures)


def answers_are_new(returned: Mapping[str, int]) -> Finding:
    """No submission says again what it said before it was corrected; `returned` names the vintage in which it did."""
    figures = {"submissions": len(returned)}
    if not returned:
        return Finding(True, Message("no correction was undone", "没有更正被撤销"), figures)
    named, more = [f"{one} ({number})" for one, number in sorted(returned.items())][:NAMED], len(returned) > NAMED
    en = (
        f"{len(returned)} submissions say again what they said in an earlier vintage (its number in brackets): "
        f"{', '.join(named)}{' and others' if more else ''}. If an old download came in the place of a newer one, "
        "download the edition again and run it; if they were changed back on the platform, nothing need be done"
    )
    zh = (
        f"有 {len(returned)} 份答卷的内容又与较早版本（括号内为版本序号）相同："
        f"{'、'.join(named)}{'等' if more else ''}。"
        "若系旧的导出文件覆盖了新的文件，请重新下载后再次运行；若确系在问卷平台上改回，则无需处理"
    )
    return Finding(False, Message(en, zh), figures, mild=True)


def no_library_is_told(places: Mapping[str, list[str]]) -> Finding:
    """Nothing that `group_counts` suppresses can be worked out, as `by_group.audit` tried, and all it shows is true."""
    untrue, exposed = places["untrue"], places["exposed"]
    figures = {"untrue": len(untrue), "exposed": len(exposed)}
    if not untrue and not exposed:
        return Finding(True, Message("no small count can be worked out", "无法推算出任何小频数"), figures)
    listed = ", ".join((exposed or untrue)[:NAMED])
    en = f"{len(exposed)} can be worked out or are shown although small, {len(untrue)} are not those of the answers"
    zh = f"可被推算或不应列出的数字 {len(exposed)} 个，与答卷不符的 {len(untrue)} 个"
    return Finding(False, Message(f"{en}: {listed}", f"{zh}：{listed}"), figures)


def since_the_report(corrections: ir.Table, submissions: ir.Table, closes: date) -> int:
    """How many submissions the desk withdrew, or were accepted although they came after the fielding period."""
    withdrawn = corrections.filter(corrections.decision == "withdrawn", corrections.fits)
    late = submissions.filter(submissions.status == "accepted", submissions.submitted_at.date() > closes)
    return int(value(withdrawn.count())) + int(value(late.count()))


def reproduces_the_report(reconciliation: ir.Table, since: int) -> Finding:
    """No published figure differs from the computed one; mild if `since` submissions changed after it was printed."""
    rows = collect(reconciliation.order_by("figure"))
    verdicts = rows["verdict"].value_counts()
    figures = {name: int(verdicts.get(name, 0)) for name in ("reproduced", "differs", "not derivable")}
    reproduced, differ, rest = figures.values()
    en = f"{reproduced} reproduced, {differ} differ, {rest} not derivable"
    zh = f"重现 {reproduced}，不符 {differ}，无法推得 {rest}"
    if differ:
        named = list(rows["figure"][rows["verdict"] == "differs"])
        listed, more = ", ".join(named[:NAMED]), len(named) > NAMED
        en += f": {listed}" + (" and others" if more else "") + "; `calm reconcile` lists them"
        zh += f"：{listed}" + ("等" if more else "") + "；可用 `calm reconcile` 列出"
    if differ and since:
        en += f". {since} submissions were withdrawn, or came late, after the report was printed: its figures change"
        zh += f"。报告发布后有 {since} 份答卷被撤回或迟交，数字因此变动"
    named_figures = {name.replace(" ", "_"): n for name, n in figures.items()}
    return Finding(not differ, Message(en, zh), named_figures, mild=since > 0)
