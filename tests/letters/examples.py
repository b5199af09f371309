"""Made-up cases as the desk meets them, and one full of hostile text."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from calm_pipeline.letters.case import Answer, Case, Difference, Finding, Other, Repair
from calm_pipeline.survey import Field, Survey, Words, load_survey

SURVEYS = Path(__file__).parents[2] / "schemas" / "surveys"
HOSTILE = (
    '<script>alert("1")</script><img src=https://evil.example/x onerror=alert(1)>',
    "</style></td><h1>x</h1>&lt;b&gt; &amp;",
    "{{ 7 * 7 }}{% raw %}[link](javascript:alert(1))",
    "\x1b[31mred\x00\x07\x9b",
    "safe\u202etxt.exe\u2066\u200b\ufeff\u2028",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t+1\r",
    "<r><t>rich</t></r>",
    "_x0041_",
    "https://evil.example/click",
    "长" * 10_000,
)


@cache
def survey() -> Survey:
    return load_survey(SURVEYS / "2023.yaml")


def answer(name: str, value: str) -> Answer:
    field = next(field for field in survey().fields() if field.name == name)
    return Answer(name, field.question.number, _wording(field), value)


def _wording(field: Field) -> Words:
    question = field.question
    row = question.rows.get(field.row or "")
    return (
        Words(zh=f"{question.zh}{row.zh}", en=f"{question.en} {row.en}")
        if row
        else Words(zh=question.zh, en=question.en)
    )


def case(**changes: Any) -> Case:
    """A case with one finding; `changes` are fields of `Case`."""
    return replace(_GATED, **changes)


def hostile(text: str) -> Case:
    """A case in which everything that a respondent or a register can write is `text`."""
    words = Words(zh=text, en=text)
    said = Answer("services", 9, words, text)
    finding = Finding("f" * 16, "services__known_options", "error", words, words, (said,), (said,), words)
    other = Other("2023-0102", None, (Difference("services", 9, words, text, text),))
    return case(
        library=None,
        library_written=text,
        findings=(finding, replace(finding, severity="confirm"), replace(finding, severity="warn")),
        review=(said,),
        steps=(words,),
        others=(other,),
        repairs=(Repair("services", words, words, text, text),),
        row={"library": text, "services": text},
    )


_METHODS = answer("engagement_methods", "志愿者服务┋用户体验调查与意见征集┋与校内学生社团合作")
_ENROLLED = answer("paid_assistants_enrolled", "36")
_ROW = {
    "respondent_name": "given",
    "respondent_mobile": "given",
    "library": "笙溪农林大学图文信息中心",
    "information_channels": "图书馆主页/App┋图书馆官方社交媒体账号（微信公众号、微博、抖音等）┋图书馆微信群",
    "engagement_methods": _METHODS.value,
    "paid_assistants_enrolled": "36",
    "volunteers_enrolled": "１２０",
    "unmet_needs": "通借通还、24小时空间。可致电〔手机号已隐去〕",
    "stage": "已部分实施",
}
_GATED = Case(
    submission_id="2023-0017",
    edition="2023",
    title=Words(zh="高校图书馆指南针调查（2023）", en="Compass of Academic Library Modernization 2023"),
    submitted_at=datetime(2023, 4, 18, 15, 42, 7),
    timezone="Asia/Shanghai",
    library=Words(zh="笙溪农林大学图书馆", en="Shengxi Agriculture and Forestry University Library"),
    library_written="笙溪农林大学图文信息中心",
    findings=(
        Finding(
            "9f3c2a1be07d4456",
            "paid_assistants_enrolled__silent",
            "error",
            Words(
                zh="第22题未被询问时不得作答（第21题选择“勤工助学学生助理”者作答）。",
                en='Q22 is not answered unless it is asked. It is asked if Q21 has "Through paid student assistants".',
            ),
            Words(zh="第22题无需作答，却有内容。", en="Q22 is answered although it is not asked."),
            (_ENROLLED,),
            (_METHODS,),
            Words(
                zh="如贵馆有勤工助学学生助理，请在第21题补选该项；如没有，请将第22题留空。",
                en="If your library has paid student assistants, tick them in Q21; if not, leave Q22 empty.",
            ),
        ),
    ),
    review=(_ENROLLED,),
    steps=(),
    others=(),
    repairs=(
        Repair(
            "volunteers_enrolled",
            Words(
                zh="第23题　贵馆志愿者服务每年的参与人数是多少？",
                en="Q23. Could you please provide the annual enrollment figures of your volunteer service program?",
            ),
            Words(zh="全角数字改为半角", en="Full-width digits were written as ordinary ones"),
            "１２０",
            "120",
        ),
        Repair(
            "unmet_needs",
            Words(
                zh="第12题　贵馆用户的哪些主要需求尚未得到满足？",
                en="Q12. What are the primary unmet needs of your library's users?",
            ),
            Words(zh="隐去个人信息", en="Personal data was withheld"),
            None,
            "通借通还、24小时空间。可致电〔手机号已隐去〕",
        ),
    ),
    opened=date(2023, 7, 3),
    deadline=date(2023, 7, 17),
    consequence=Words(
        zh="这份答卷将不计入统计，报告中的图书馆总数相应减少一所；答卷本身仍予保存。",
        en="The submission is kept but will not be counted, and the report will be about one library fewer.",
    ),
    contact=Words(zh="高校图书馆指南针调查工作组", en="The CALM survey desk"),
    contact_mail="desk@calm.example",
    rule_set="sha256:5d1f0c1e9b2a47d38c6e7f10a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0",
    reconstructed=False,
    row=_ROW,
)
_SERVICES = answer("services", "资源荐购┋图书配送/代取┋多样化空间服务┋科技查新服务站┋数据服务")
UNKNOWN_OPTION = case(
    submission_id="2023-0042",
    submitted_at=datetime(2023, 5, 6, 9, 3, 55),
    library=Words(zh="白鹭理工大学图书馆", en="Bailu University of Technology Library"),
    library_written="白鹭理工大学图书馆",
    findings=(
        Finding(
            "1a2b3c4d5e6f7081",
            "services__known_options",
            "error",
            Words(zh="第9题只能填写问卷所列选项。", en="Q9 names only options of the questionnaire."),
            Words(zh="第9题含有问卷中没有的选项。", en="Q9 names something that is no option."),
            (_SERVICES,),
            (),
            Words(
                zh="问卷中没有“科技查新服务站”。最接近的选项是“科技查新”，是否即为此项？",
                en="“科技查新服务站” is not an option. "
                "The nearest is “Technology novelty search” (科技查新): is it this one?",
            ),
        ),
        Finding(
            "77aa88bb99cc00dd",
            "volunteers_enrolled__jump",
            "confirm",
            Words(zh="第23题与上一次调查相差不到十倍。", en="Q23 is less than ten times apart from the last edition."),
            Words(zh="第23题与上一次调查相差十倍以上。", en="Q23 is ten times apart from the last edition."),
            (answer("volunteers_enrolled", "12000"),),
        ),
        Finding(
            "0011223344556677",
            "respondent_mobile__required",
            "warn",
            Words(zh="第2题为必答题。", en="Q2 must be answered."),
            Words(zh="第2题未填写，请作答。", en="Q2 was left blank; please answer it."),
            (answer("respondent_mobile", ""),),
        ),
    ),
    review=(_SERVICES,),
    repairs=(),
    opened=date(2023, 7, 1),
    deadline=date(2023, 7, 15),
    row={
        **_ROW,
        "library": "白鹭理工大学图书馆",
        "services": _SERVICES.value,
        "volunteers_enrolled": "12000",
        "respondent_mobile": "",
    },
)
_NAME = answer("library", "笙溪高校联合图书馆")
AMBIGUOUS = case(
    submission_id="2023-0063",
    submitted_at=None,
    library=None,
    library_written="笙溪高校联合图书馆",
    findings=(
        Finding(
            "deadbeef00112233",
            "library__unambiguous",
            "error",
            Words(zh="该名称只对应一所图书馆。", en="The name belongs to one library only."),
            Words(zh="有多所图书馆使用这一名称。", en="Several libraries go by this name."),
            (_NAME,),
            (),
            Words(
                zh="名录中有两所图书馆使用此名称：笙溪财经政法大学图书馆、笙溪农林大学图书馆。",
                en="Two libraries use this name: Shengxi University of Economics and Law Library, "
                "Shengxi Agriculture and Forestry University Library.",
            ),
        ),
        Finding(
            "deadbeef44556677",
            "submission__time",
            "error",
            Words(zh="提交时间可以识别。", en="The time of submission can be read."),
            Words(zh="提交时间无法识别。", en="The time of submission cannot be read."),
            (),
        ),
    ),
    review=(),
    steps=(
        Words(
            zh="请告知贵馆全称，以便我们与名录对应。",
            en="Please tell us the full name of your library, so that we can find it in the register.",
        ),
        Words(zh="请用全称重新提交问卷。", en="Please submit the questionnaire again under that name."),
    ),
    repairs=(),
    row={**_ROW, "library": "笙溪高校联合图书馆"},
)
TWICE = case(
    submission_id="2023-0101",
    submitted_at=datetime(2023, 6, 2, 16, 20, 0),
    library=Words(zh="青岩师范大学图书馆", en="Qingyan Normal University Library"),
    library_written="青岩师范大学图书馆",
    findings=(
        Finding(
            "c0ffee0011223344",
            "library__single_submission",
            "error",
            Words(
                zh="同一图书馆的多份有效答卷内容一致。",
                en="Valid submissions of one library do not contradict each other.",
            ),
            Words(
                zh="该馆提交了多份有效答卷，内容不一致。", en="The library sent several valid submissions that differ."
            ),
            (),
        ),
    ),
    review=(),
    others=(
        Other(
            "2023-0102",
            datetime(2023, 6, 5, 9, 0, 1),
            (
                Difference("stage", 30, Words(zh="实施阶段", en="Which stage?"), "已部分实施", ""),
                Difference("volunteers_enrolled", 23, Words(zh="参与人数", en="How many?"), "80", "120"),
            ),
        ),
    ),
    steps=(
        Words(
            zh="请告知两份答卷以哪一份为准；也可以重新提交一份完整的答卷。",
            en="Please tell us which of the two submissions is right, or submit one complete questionnaire anew.",
        ),
    ),
    repairs=(),
    reconstructed=True,
)
GATED = _GATED
ALL = (TWICE, AMBIGUOUS, GATED, UNKNOWN_OPTION)
