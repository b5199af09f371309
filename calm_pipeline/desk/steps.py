"""What has to be done about a broken rule that no change of answers closes: said to the library, and to the desk."""

from collections.abc import Sequence

from calm_pipeline.survey import Survey, Words

UNMATCHED = ("known", "unambiguous", "required")
"""The rules of the library's name. Nothing tells that a later submission is of the same library as a nameless one."""


def step(rule: str, survey: Survey, one: str, others: Sequence[str]) -> Words:
    """What the library is asked about its submission `one`; `others` are its other valid submissions."""
    least, listed = survey.eligibility.staff_at_least, ", ".join(others)
    unmatched = Words(
        en=f"Please submit the questionnaire again under your library's full name, and write to us quoting {one}: only "
        "you can tell us that both are yours, and we will then withdraw this one.",
        zh=f"请用贵馆全称重新提交问卷，并来信注明答卷编号 {one}，以便我们撤回本份；两份是否同属贵馆，需由贵馆告知。",
    )
    steps = {
        **dict.fromkeys(UNMATCHED, unmatched),
        "eligible": Words(
            en=f"No answer has to be changed: by the register your library has fewer than {least} staff and is outside "
            "the population of this survey. Please write to us if the register is out of date.",
            zh=f"无需修改答案：据名录，贵馆职工不足 {least} 人，不在本次调查范围内。如登记信息已变更，请来信告知。",
        ),
        "staff_known": Words(
            en="No answer has to be changed: please tell us how many staff your library has, so that the register can "
            "be completed.",
            zh="无需修改答案：名录中缺少贵馆职工人数，请告知，以便补充登记。",
        ),
        "single_submission": Words(
            en=f"Your library sent this submission and {listed}; the answers below differ. Please tell us which one is "
            "right, or send one corrected submission; we will withdraw the others. One reply is enough for all.",
            zh=f"贵馆除本份答卷外还提交了 {listed}，下列各题答案不同。请告知以哪一份为准，或重新提交一份更正后的答卷，"
            "其余将予撤回。各份答卷一并答复即可。",
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
    return steps.get(_name(rule), plausible)


def desk_step(rule: str, edition: str) -> Words:
    """What the desk does about it."""
    file = f"data/desk/{edition}/corrections.yaml"
    steps = {
        **dict.fromkeys(
            UNMATCHED,
            Words(
                en="→ If it is another name of one library in the register and of no other, add it to `aliases` in "
                "libraries.csv; never a blank or a word that any library could write. Otherwise ask for the registered "
                f"name; once it was sent again, record this as withdrawn in {file}. No later submission closes it by "
                "itself, since nothing tells that both are of one library.",
                zh="→ 如确为某一登记馆独有的别名，请补入 libraries.csv 的 aliases 列（空白或“图书馆”一类通称勿补）；"
                f"否则请对方用登记馆名重新提交，收到后在 {file} 中将本份记为撤回（withdrawn）。"
                "无法判断新答卷与本份是否同属一馆，故不会自动关闭。",
            ),
        ),
        "eligible": Words(
            en="→ Ask whether the staff count of the register still holds; correct libraries.csv, or record the "
            f"submission as withdrawn in {file}.",
            zh=f"→ 请核实登记的职工人数：有变更则更正 libraries.csv，否则在 {file} 中将本份记为撤回（withdrawn）。",
        ),
        "staff_known": Words(
            en="→ Ask how many staff the library has, and enter it in libraries.csv.",
            zh="→ 请询问该馆职工人数，并补入 libraries.csv。",
        ),
        "single_submission": Words(
            en=f"→ Ask which submission is right, and record the others as withdrawn in {file}.",
            zh=f"→ 请询问以哪一份为准，并在 {file} 中将其余各份记为撤回（withdrawn）。",
        ),
        "time": Words(
            en="→ Download the answers from the platform again.",
            zh="→ 请从平台重新下载数据。",
        ),
    }
    plausible = Words(
        en=f"→ Ask whether the answers are meant as they stand; if so, record the finding as confirmed in {file}.",
        zh=f"→ 请询问所填内容是否属实；如属实，在 {file} 中记为确认（confirmed）。",
    )
    return steps.get(_name(rule), plausible)


def _name(rule: str) -> str:
    return rule.rpartition("__")[2]
