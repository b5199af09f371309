"""Whether the figures bear what the report claims: a verdict from all variants, and its reason in words."""

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd

from calm_pipeline.claims import (
    Ahead,
    AnyClaim,
    Cause,
    Claims,
    Correlated,
    Distinct,
    Effect,
    Leading,
    ManyTicks,
    ShareAbove,
)
from calm_pipeline.errors import Message
from calm_pipeline.marts.count_trials import OfRank, OfShare, OfTicks
from calm_pipeline.marts.evidence import Basis, Evidence, Known, Outcome
from calm_pipeline.marts.index_trials import OfCorrelation, OfDistinctness, OfLead, OfSize
from calm_pipeline.marts.trial import OfCause, Trial

ENOUGH = 0.95
Verdict = Literal["holds", "sign only", "not identified", "contradicted"]
TRIALS: dict[type[AnyClaim], type[Trial[Any]]] = {
    **{Correlated: OfCorrelation, Distinct: OfDistinctness, Ahead: OfLead, Effect: OfSize},
    **{ShareAbove: OfShare, Leading: OfRank, ManyTicks: OfTicks, Cause: OfCause},
}
COLUMNS = (
    *("edition", "claim", "position", "section", "line", "kind", "says_en", "says_zh", "basis", "variants_basis"),
    *("verdict", "variants", "variants_holding", "share", "printable", "reason_en", "reason_zh"),
)
VARIANT_COLUMNS = (
    *("edition", "claim", "variant", "basis", "definition", "others", "left_out"),
    *("figure", "direction", "holds"),
)
REASONS = {
    "holds": Message("It holds in {holding} of {variants} variants.", "在 {variants} 个口径中有 {holding} 个成立。"),
    "holds_printed": Message("The printed figures decide it, and it holds.", "仅凭报告公布的数字即可判断，论断成立。"),
    "printed_and_variants": Message(
        "The printed figures bear it; over {variants} variants, of which all but the printed one rest on the "
        "reconstruction, it holds in {holding}.",
        "报告公布的数字支持该论断；{variants} 个口径中有 {holding} 个成立，其中除公布值外均基于重建数据。",
    ),
    "direction_printed": Message(
        "The report prints the direction only. How large or significant the difference is does not follow from what "
        "was printed; answers that fit every printed figure give quite different sizes.",
        "报告只给出了方向，差异的大小与显著性无法由公布的数字推得；与全部公布数字相符的答卷，其差异大小可以相去甚远。",
    ),
    "direction": Message(
        "The direction holds in at least 95% of the variants, but the claim in full only in {holding} of {variants}.",
        "方向在至少 95% 的口径下一致，但 {variants} 个口径中仅 {holding} 个完全成立。",
    ),
    "not_printed": Message(
        "The printed figures do not determine it, and reconstructed answers are no evidence.",
        "公布的数字不足以判断，而重建的答卷不能作为证据。",
    ),
    "cause": Message(
        "A survey at one time shows what goes together, not what brings about what.",
        "横断面调查只能显示哪些情况同时出现，不能说明因果。",
    ),
    "not_distinct": Message(
        "The indices are not distinct: corrected for measurement error, a correlation reaches 1 within its interval in "
        "{failing} of {variants} variants.",
        "各指数不能视为彼此不同：校正测量误差后，{variants} 个口径中有 {failing} 个的相关区间达到 1。",
    ),
    "depends": Message(
        "It depends on how the indices are built: it holds in {holding} of {variants} variants.",
        "结论取决于指数的构造方式：{variants} 个口径中有 {holding} 个成立。",
    ),
    "nothing": Message("The figures it needs do not exist.", "所需的数字不存在。"),
    "contradicted": Message(
        "The figures say otherwise: {holding} of {variants} variants bear it.",
        "数字与论断相反：{variants} 个口径中仅 {holding} 个支持。",
    ),
}


def judged(declared: Claims | None, evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a claim with its verdict, and one row a claim and variant; no rows for an edition without claims."""
    named = declared.claims if declared else {}
    trials = {name: TRIALS[type(claim)](claim, evidence) for name, claim in named.items()}
    tested = {name: (trial, list(trial.outcomes())) for name, trial in trials.items()}
    rows = [
        {"claim": name, "position": place, **_row(trial, found)}
        for place, (name, (trial, found)) in enumerate(tested.items(), start=1)
    ]
    variants = [{"claim": name, **_variant(outcome)} for name, (_, found) in tested.items() for outcome in found]
    frames = pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame(variants, columns=VARIANT_COLUMNS)
    claims, claim_variants = (frame.assign(edition=evidence.survey.edition) for frame in frames)
    return claims, claim_variants


def _variant(outcome: Outcome) -> dict[str, Any]:
    built = outcome.variant
    return {
        **{"variant": outcome.name, "basis": outcome.basis, "figure": outcome.figure},
        **{"direction": outcome.direction, "holds": outcome.holds},
        "definition": built.definition if built else None,
        "others": built.others if built else None,
        "left_out": built.left_out if built else None,
    }


def _row(trial: Trial[Any], found: Sequence[Outcome]) -> dict[str, Any]:
    claim, evidence = trial.claim, trial.evidence
    verdict, why = judge(claim, found, trial.known)
    holding = sum(one.holds for one in found)
    words = {"holding": holding, "variants": len(found), "failing": len(found) - holding}
    reason = REASONS[why].filled(words)
    return {
        **{"section": claim.section, "line": claim.line, "kind": claim.kind},
        **{"says_en": claim.says.en, "says_zh": claim.says.zh, "reason_en": reason.en, "reason_zh": reason.zh},
        **{"basis": _basis(trial.known, evidence), "variants_basis": found[-1].basis if found else evidence.basis},
        **{"verdict": verdict, "printable": verdict == "holds"},
        **{"variants": len(found), "variants_holding": holding, "share": holding / len(found) if found else None},
    }


def _basis(determined: Known, evidence: Evidence) -> Basis:
    """The reconstruction decides nothing: what is known beside it was printed."""
    if not evidence.reconstructed:
        return "answers"
    return "reconstruction" if determined == "nothing" else "printed figures"


def judge(claim: AnyClaim, found: Sequence[Outcome], determined: Known) -> tuple[Verdict, str]:
    """The verdict and the name of its reason in REASONS.

    What is printed decides the direction where it can; otherwise 95% of the variants have to agree. Reconstructed
    answers can keep a claim from holding, but neither bear nor contradict one.
    """
    if isinstance(claim, Cause):
        return "not identified", "cause"
    if determined == "nothing":
        return "not identified", "not_printed"
    shown = [one.direction for one in found if one.direction is not None]
    printed = [one for one in found if one.basis == "printed figures"]
    if not shown:
        return "not identified", "not_distinct" if isinstance(claim, Distinct) and found else "nothing"
    right = sum(shown) / len(found)
    against = [one for one in found if one.direction is False and one.basis != "reconstruction"]
    if any(one in against for one in printed) or len(against) / len(found) >= ENOUGH:
        return "contradicted", "contradicted"
    if determined == "direction":
        return "sign only", "direction_printed"
    if sum(one.holds for one in found) / len(found) >= ENOUGH:
        return "holds", _how(found, printed)
    if isinstance(claim, Distinct):
        return "not identified", "not_distinct"
    return ("sign only", "direction") if right >= ENOUGH else ("not identified", "depends")


def _how(found: Sequence[Outcome], printed: Sequence[Outcome]) -> str:
    if not printed:
        return "holds"
    return "holds_printed" if len(printed) == len(found) else "printed_and_variants"
