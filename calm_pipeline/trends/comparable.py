"""Whether two figures of different years may be compared, and what stands against it in words."""

from collections.abc import Mapping
from typing import Any

from calm_pipeline.survey import Words

FORBIDDING = {
    "new": Words(en="The edition before did not ask it.", zh="上一年度未询问此项。"),
    "gone": Words(en="This edition does not ask it.", zh="本年度未询问此项。"),
    "type_changed": Words(en="The question is of another kind.", zh="题型不同。"),
    "nobody_asked": Words(en="Nobody was asked in one of the editions.", zh="其中一个年度无人被询问。"),
    "within_editions": Words(en="z-scores are taken within each edition.", zh="标准分在各年度内分别计算。"),
    "items_changed": Words(en="The index counts other options.", zh="指数计入的选项不同。"),
    "nobody_scored": Words(en="Nobody has a score in one of the editions.", zh="其中一个年度没有得分。"),
}
"""What forbids a comparison."""

CAUTIONING = {
    "wording_changed": Words(en="The wording changed.", zh="文字有改动。"),
    "options_changed": Words(en="The question offers other options.", zh="题目所列选项有增减。"),
    "base_changed": Words(en="It is decided otherwise who is asked.", zh="询问对象的确定方式有变。"),
    "required_changed": Words(en="It was required in one edition only.", zh="仅在一个年度为必答题。"),
    "population_changed": Words(
        en="The population begins at another number of staff.", zh="进入调查总体所需的职工人数不同。"
    ),
}
"""What asks for care."""


def presence(now: bool, before: bool) -> str:
    """The column `change`, which is a reason of its own unless both editions have the thing."""
    return ("continued" if before else "new") if now else "gone"


def verdict(found: Mapping[str, bool | None]) -> dict[str, Any]:
    """The columns `comparable`, `reason_en` and `reason_zh`, from what was found by name; forbidding reasons first."""
    against = {name: words for name, words in {**FORBIDDING, **CAUTIONING}.items() if found.get(name)}
    answer = "no" if against.keys() & FORBIDDING.keys() else "with care" if against else "yes"
    return {
        "comparable": answer,
        "reason_en": " ".join(words.en for words in against.values()) or None,
        "reason_zh": "".join(words.zh for words in against.values()) or None,
    }
