"""The variables of a file with one row a submission, as they follow from the survey."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as described
from enum import Enum
from typing import Literal

from calm_pipeline.dissemination import names
from calm_pipeline.survey import Field, Survey, Words

Kind = Literal["id", "time", "count", "score", "single", "tick", "rank", "number", "text", "state"]
TEXTS = ("id", "text")
SCORES = ("sum", "mean_share", "mean_z")


class Missing(Enum):
    """Why there is no answer; `value` is the state by that name in the published tables."""

    NOT_ASKED = "not_asked"
    BLANK = "blank"

    @property
    def label(self) -> Words:
        return _MISSING[self]


_MISSING = {
    Missing.NOT_ASKED: Words(en="Not asked", zh="未询问"),
    Missing.BLANK: Words(en="Left blank", zh="未作答"),
}
TICK = {0: Words(en="Not ticked", zh="未选"), 1: Words(en="Ticked", zh="选中")}
NOT_RANKED = {0: Words(en="Not ranked", zh="未排序")}
ANSWERED = {1: Words(en="Answered", zh="已作答")}


@dataclass(frozen=True)
class Variable:
    """One column. `source` is its place in the published tables: the column, the index, or field and option.

    Shape of a column: one cell an accepted submission. `silent` columns say with a code why there is no answer.
    """

    name: str
    label: Words
    kind: Kind
    source: tuple[str, str] = ("", "")
    field: Field | None = None
    values: Mapping[int, Words] = described(default_factory=dict)
    silent: bool = False

    @property
    def is_text(self) -> bool:
        return self.kind in TEXTS

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers, as all are but times and the indices that are means."""
        return self.source[1] == "sum" if self.kind == "score" else self.kind not in (*TEXTS, "time")


def variables(survey: Survey) -> list[Variable]:
    """Every variable: the submission, its library, the answers in the order of the questionnaire, the indices."""
    found = [*_OF_SUBMISSIONS, *(one for field in survey.fields() for one in _of_field(survey, field))]
    found += _of_indices(survey)
    settled = names.settled([(one.name, "__".join((one.name, *one.source))) for one in found])
    return [replace(one, name=name) for one, name in zip(found, settled, strict=True)]


def _own(name: str, kind: Kind, en: str, zh: str, table: str = "submissions", column: str | None = None) -> Variable:
    return Variable(name, Words(en=en, zh=zh), kind, (table, column or name))


_OF_SUBMISSIONS = (
    _own("edition", "id", "Edition of the survey", "调查年度"),
    _own("submission_id", "id", "Submission", "答卷编号"),
    _own("submitted_at", "time", "Time of submission", "提交时间"),
    _own("duration_seconds", "count", "Time spent on it, in seconds", "答题用时（秒）"),
    _own("library_id", "id", "Library's number in the register", "图书馆登记号"),
    _own("province", "id", "Province", "省份", "libraries"),
    _own("library_type", "id", "Type of university", "学校类型", "libraries", "type"),
    _own("staff_count", "count", "Staff of the library, in persons", "职工人数", "libraries"),
)


def _of_field(survey: Survey, field: Field) -> Iterator[Variable]:
    if field.question.personal or field.key == survey.library:
        return
    if field.options:
        yield from _of_choice(field)
    elif field.type == "integer":
        low, _ = field.bounds
        yield from _of_answer(field, "number", tells=low is not None and low >= 0)
    else:
        yield from _of_answer(field, "text", tells=not field.question.gated)


def _of_answer(field: Field, kind: Kind, *, tells: bool) -> Iterator[Variable]:
    """A number or text, and its state as a variable of its own where the value itself cannot tell it.

    A code below zero tells why a number is missing, unless it could be an answer; an empty text was left blank, unless
    it may not have been asked.
    """
    name, source = names.of_field(field), (field.name, "")
    yield Variable(name, _about(field), kind, source, field, silent=tells and kind == "number")
    if not tells:
        about = _joined(field.label, Words(en="whether it was answered", zh="作答情况"))
        yield Variable(f"{name}_state", about, "state", source, field, ANSWERED, silent=True)


def _of_choice(field: Field) -> Iterator[Variable]:
    if field.type == "single":
        values = {number: Words(en=one.en, zh=one.zh) for number, one in enumerate(field.options.values(), 1)}
        yield Variable(names.of_field(field), _about(field), "single", (field.name, ""), field, values, silent=True)
    for key, option in field.options.items():
        name, about, source = names.of_option(field, key), _joined(field.label, option), (field.name, key)
        if field.type == "multiple":
            yield Variable(name, about, "tick", source, field, TICK, silent=True)
        elif field.type == "ranking":
            yield Variable(name, about, "rank", source, field, NOT_RANKED, silent=True)
        if option.specify:
            text = Words(en=f"{about.en} (text)", zh=f"{about.zh}（填空）")
            yield Variable(f"{name}_text", text, "text", source, field)


def _of_indices(survey: Survey) -> Iterator[Variable]:
    shapes = (Words(en="sum of ticks", zh="勾选数之和"), Words(en="mean share", zh="勾选比例均值"))
    for key, index in survey.indices.items():
        for score, shape in zip(SCORES, (*shapes, Words(en="mean z-score", zh="标准分均值")), strict=True):
            about = Words(en=f"{index.en}: {shape.en}", zh=f"{index.zh}：{shape.zh}")
            yield Variable(f"index_{key}_{score}", about, "score", (key, score))


def _about(field: Field) -> Words:
    return _joined(field.label, field.question)


def _joined(first: Words, second: Words) -> Words:
    return Words(en=f"{first.en} {second.en}", zh=f"{first.zh} {second.zh}")
