"""The rules on free text, also in the blanks of options: legible, not too long, without contact details."""

from collections.abc import Iterator
from functools import partial, reduce
from operator import or_

import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.rules.conditions import Fault
from calm_pipeline.rules.garbled import GARBLED
from calm_pipeline.rules.rule import Rule, Severity
from calm_pipeline.survey import Field, Words

LONGEST = 10_000

_RULES: tuple[tuple[str, Severity, Words, Words, str], ...] = (
    (
        "legible",
        "error",
        Words(en="holds legible text", zh="的文字可以辨认，没有乱码"),
        Words(en="is garbled in part; please write it again", zh="有乱码，请重新填写"),
        GARBLED,
    ),
    (
        "length",
        "error",
        Words(en=f"has at most {LONGEST} characters", zh=f"不超过 {LONGEST} 字"),
        Words(en=f"is longer than {LONGEST} characters; please shorten it", zh=f"超过 {LONGEST} 字，请精简"),
        "",
    ),
    (
        "no_contacts",
        "warn",
        Words(en="holds no contact details", zh="不含联系方式等个人信息"),
        Words(en="held contact details, which were withheld", zh="含联系方式等个人信息，已隐去"),
        columns.WITHHELD,
    ),
)


def text_rules(field: Field) -> Iterator[Rule]:
    """The rules on the texts of `field`, if it has any; a library's name has rules of its own."""
    texts = _texts(field)
    for name, severity, words, wrong, pattern in _RULES if texts else ():
        sentence, said = field.says(words), field.says(wrong)
        fault = Fault(field, name, partial(_any, texts, pattern))
        yield Rule(f"{field.name}__{name}", severity, (field.name,), (field.key,), sentence, said, (fault,))


def _texts(field: Field) -> list[str]:
    if field.options:
        return [columns.specify(field.name, key) for key, option in field.options.items() if option.specify]
    free = field.type in ("text", "upload") and not field.question.personal and not field.question.identifies
    return [field.name] if free else []


def _any(texts: list[str], pattern: str, frame: ir.Table) -> ir.BooleanValue:
    found = (frame[text].re_search(pattern) if pattern else frame[text].length() > LONGEST for text in texts)
    return reduce(or_, (one.fill_null(False) for one in found))
