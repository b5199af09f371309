"""The kinds of submissions that must not be counted: what is wrong with each, and what becomes of it."""

from dataclasses import dataclass

from calm_pipeline.reconstruct.assumptions import KindName, Spoilt
from calm_pipeline.survey import Survey, Words

VALID = "valid"


@dataclass(frozen=True)
class Kind:
    """A status, the last part of the id of the one rule that is broken, and what is wrong in words."""

    status: str
    rule: str
    says: Words


def _kind(status: str, rule: str, en: str, zh: str) -> Kind:
    return Kind(status, rule, Words(en=en, zh=zh))


KINDS: dict[KindName, Kind] = {
    "superseded": _kind("duplicate", "", "sent again later with the same answers", "此后又提交了相同答案"),
    "contradicting": _kind("quarantined", "single_submission", "sent twice with different answers", "两份答卷不一致"),
    "below_staff": _kind("quarantined", "eligible", "the library's staff is too small", "职工人数未达标准"),
    "staff_unknown": _kind("quarantined", "staff_known", "the register has no staff count", "名录缺少职工人数"),
    "unknown_library": _kind("quarantined", "known", "the register has no such library", "名录中无此馆"),
    "ambiguous_library": _kind("quarantined", "unambiguous", "two libraries are called so", "名称对应两所图书馆"),
    "library_missing": _kind("quarantined", "required", "the library is not named", "未填写馆名"),
    "answered_not_asked": _kind("quarantined", "silent", "answered though not asked", "未询问却作答"),
    "asked_not_answered": _kind("quarantined", "required", "asked but not answered", "已询问却未作答"),
    "exclusive_with_others": _kind("quarantined", "none__alone", "'No ... yet' beside others", "互斥选项与其他同选"),
    "unknown_option": _kind("quarantined", "known_options", "an option the questionnaire lacks", "问卷中没有的选项"),
    "required_missing": _kind("quarantined", "required", "a required question is blank", "必答题未作答"),
    "two_choices": _kind("quarantined", "one_choice", "two answers to a single choice", "单选题选择了两项"),
    "number_in_words": _kind("quarantined", "number", "a number in words", "数字以文字表述"),
    "negative_number": _kind("quarantined", "range", "a negative number", "负数"),
    "decimal_number": _kind("quarantined", "number", "a number with decimals", "小数"),
    "number_out_of_range": _kind("quarantined", "range", "a number beyond its range", "数字超出范围"),
    "malformed_number": _kind("quarantined", "number", "a number with a sign in it", "数字中夹有符号"),
    "specify_not_ticked": _kind("quarantined", "other__ticked", "Others filled in but not ticked", "未勾选却填写说明"),
    "exports_disagree": _kind("quarantined", "agreement", "by text and by number differ", "按文本与按序号不一致"),
    "test_submission": _kind("dropped", "", "a test", "测试答卷"),
    "preview": _kind("dropped", "", "a preview", "预览答卷"),
}


def broken_rule(survey: Survey, spoilt: Spoilt) -> str:
    """The id of the one rule that the submission breaks; empty if it breaks none."""
    rule = KINDS[spoilt.kind].rule
    place = survey.library if spoilt.kind == "contradicting" else spoilt.field or survey.library
    return f"{place}__{rule}" if rule else ""
