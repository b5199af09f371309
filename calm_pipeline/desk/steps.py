"""What has to be done about a broken rule that no change of answers mends: the register, or the desk's own decision."""

from collections.abc import Sequence

from calm_pipeline.survey import Survey, Words


def step(rule: str, survey: Survey, others: Sequence[str]) -> Words:
    """What the library is asked, by the last part of the rule's id; `others` are its other valid submissions."""
    name = rule.rpartition("__")[2]
    least, listed = survey.eligibility.staff_at_least, ", ".join(others)
    steps = {
        "eligible": Words(
            en=f"No answer has to be changed: by the register your library has fewer than {least} staff and is outside "
            "the population of this survey. Please write to us if the register is out of date.",
            zh=f"无需修改答案：据登记表，贵馆职工不足 {least} 人，不在本次调查范围内。如登记信息已变更，请来信告知。",
        ),
        "staff_known": Words(
            en="No answer has to be changed: please tell us how many staff your library has, so that the register can "
            "be completed.",
            zh="无需修改答案：登记表中缺少贵馆职工人数，请告知，以便补充登记。",
        ),
        "single_submission": Words(
            en=f"Your library sent several valid submissions that differ ({listed}). Please tell us which one counts; "
            "the others will be withdrawn.",
            zh=f"贵馆提交了多份内容不同的有效答卷（{listed}）。请告知以哪一份为准，其余将予撤回。",
        ),
        "time": Words(
            en="No answer has to be changed: the platform's time of submission cannot be read. The desk downloads the "
            "answers again.",
            zh="无需修改答案：平台所记提交时间无法识别，将由核查台重新下载数据。",
        ),
    }
    plausible = Words(
        en="Please tell us whether your answers are meant as they stand; if not, please send the questionnaire again.",
        zh="请告知所填内容是否属实；如有误，请重新填报。",
    )
    return steps.get(name, plausible)
