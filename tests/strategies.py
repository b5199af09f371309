"""Hypothesis strategies: small surveys of every question type, and valid submissions to them."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from calm_pipeline.canonical import CONTROL, INVISIBLE, canonical
from calm_pipeline.exports.masking import without_contacts
from calm_pipeline.exports.submission import Answer, Silence, Submission
from calm_pipeline.rules.garbled import GARBLED
from calm_pipeline.survey import Field, Question, Survey

TYPES = ("text", "integer", "single", "multiple", "ranking", "upload")
BREAKS = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t")
NAMES = st.text("赵钱孙李周吴郑王", min_size=2, max_size=3)


def free_text() -> st.SearchStrategy[str]:
    """What respondents type; no control characters but line breaks and tabs, since a workbook cannot hold others.

    Something is to be seen in it, it is not what the platform writes where nothing was typed, and by chance it is
    neither garbled (see `test_garbled`) nor a telephone number or an address, which would be withheld.
    """
    return st.text(BREAKS, min_size=1, max_size=12).filter(
        lambda text: (
            not set(text) & set("赵钱孙李周吴郑王")
            and without_contacts(text) == text
            and not re.search(GARBLED, re.sub(CONTROL, "", text))
            and re.sub(INVISIBLE, "", text) not in ("", "(空)", "(跳过)", "（空）", "（跳过）")
        )
    )


def blank_text() -> st.SearchStrategy[str]:
    """What respondents type into the blank of an option; without the brackets that the platform puts around it."""
    return st.one_of(st.just(""), free_text().map(lambda text: text.replace("〖", "").replace("〗", "")))


@st.composite
def labels(draw: st.DrawFn, count: int) -> list[dict[str, str]]:
    """Wordings in two languages, none of which canonical spelling confuses with another."""
    wording = st.text("甲乙丙丁戊abAB（）()、- —？", min_size=1, max_size=6).filter(
        lambda text: canonical(text).isalnum()
    )
    texts = draw(st.lists(wording, min_size=2 * count, max_size=2 * count, unique_by=canonical))
    return [{"zh": texts[2 * n], "en": texts[2 * n + 1]} for n in range(count)]


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """Two to six questions of any type, with gates that look back, exclusive options, blanks and matrix rows."""
    types = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=5))
    stems = draw(labels(len(types) + 3))
    questions: dict[str, Any] = {
        "name": {"number": 1, "type": "text", "required": True, "personal": True, **stems[0]},
        "mobile": {"number": 2, "type": "text", "personal": True, **stems[1]},
        "library": {"number": 3, "type": "text", "required": True, "identifies": "library", **stems[2]},
    }
    number = 3
    for place, kind in enumerate(types):
        number += draw(st.integers(1, 2))
        gate = draw(_gates(questions))
        questions[f"q{number}"] = {
            "number": number,
            "type": kind,
            "required": draw(st.booleans()),
            **stems[place + 3],
            **draw(_details(kind)),
            **gate,
        }
    return Survey.model_validate(_document(questions))


def _document(questions: dict[str, Any]) -> dict[str, Any]:
    return {
        "edition": "2030",
        "title": {"en": "Any survey", "zh": "任意调查"},
        "theme": {"en": "Any theme", "zh": "任意主题"},
        "platform": {"name": "wenjuanxing", "personal": ["source_detail", "ip"]},
        "fielding": {"opens": "2030-03-01", "closes": "2030-06-30", "timezone": "Asia/Shanghai"},
        "eligibility": {"staff_at_least": 0},
        "questions": questions,
    }


@st.composite
def _details(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if kind in ("single", "multiple", "ranking"):
        words = draw(labels(draw(st.integers(2, 4))))
        details["options"] = {f"o{n}": {**label, **draw(_traits(kind))} for n, label in enumerate(words)}
    if kind == "integer":
        details |= {"minimum": 0, "maximum": 10**6}
    if kind in ("single", "integer") and draw(st.booleans()):
        details["rows"] = {f"r{n}": label for n, label in enumerate(draw(labels(draw(st.integers(1, 3)))))}
    return details


@st.composite
def _traits(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    specify = draw(st.booleans())
    exclusive = kind == "multiple" and draw(st.booleans())
    role = draw(st.sampled_from(("substantive", "none", "other")))
    return {"specify": specify, "exclusive": exclusive, "role": role}


@st.composite
def _gates(draw: st.DrawFn, earlier: dict[str, Any]) -> dict[str, Any]:
    choices = [key for key, one in earlier.items() if one["type"] in ("single", "multiple") and "rows" not in one]
    if not choices or draw(st.booleans()):
        return {}
    target = draw(st.sampled_from(choices))
    options = draw(st.lists(st.sampled_from([*earlier[target]["options"]]), min_size=1, unique=True))
    return {draw(st.sampled_from(("asked_if", "asked_unless"))): {target: options}}


@st.composite
def submissions(draw: st.DrawFn, survey: Survey, most: int = 4) -> list[Submission]:
    """One to `most` submissions that break no rule of the survey, with gaps in 序号."""
    sequences = draw(st.lists(st.integers(1, 9999), min_size=1, max_size=most, unique=True))
    return [draw(_submission(survey, sequence)) for sequence in sorted(sequences)]


@st.composite
def _submission(draw: st.DrawFn, survey: Survey, sequence: int) -> Submission:
    answers: dict[str, Answer] = {}
    for key, question in survey.questions.items():
        silent = _silence(draw, question, answers)
        for field in (one for one in survey.fields() if one.key == key):
            answers[field.name] = silent or draw(answers_to(field))
    return Submission(
        sequence=sequence,
        submitted_at=draw(st.datetimes(datetime(2030, 3, 1), datetime(2030, 6, 30))).replace(microsecond=0),
        seconds=draw(st.integers(1, 100_000)),
        source=draw(st.sampled_from(("微信", "手机提交", "链接"))),
        source_detail=draw(st.sampled_from(("", "直接访问"))),
        ip="203.0.113.7(江苏-南京)",
        answers=answers,
    )


def _silence(draw: st.DrawFn, question: Question, answers: Mapping[str, Answer]) -> Silence | None:
    if not asked(question, answers):
        return Silence.SKIPPED
    return None if question.required or draw(st.booleans()) else Silence.BLANK


def asked(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether the gates of a question are open, given the answers before it."""
    agree = all(_chosen(answers[key], options) for key, options in question.asked_if.items())
    bar = bool(question.asked_unless) and all(_chosen(answers[key], o) for key, o in question.asked_unless.items())
    return agree and not bar


def _chosen(answer: Answer, options: tuple[str, ...]) -> bool:
    return isinstance(answer, Mapping) and bool(set(answer) & set(options))


def answers_to(field: Field) -> st.SearchStrategy[Answer]:
    options = field.options
    if field.key == "name":
        return NAMES
    if field.key == "mobile":
        return st.integers(13000000000, 19999999999).map(str)
    if field.question.identifies:
        return st.text("图书馆大学东西南北", min_size=2, max_size=8)
    if field.type == "integer":
        return st.integers(field.question.minimum or 0, field.question.maximum or 0)
    if field.type == "upload":
        return st.sampled_from(("案例.docx", "plan.pdf"))
    if field.type == "ranking":
        return st.permutations([*options]).flatmap(lambda keys: _filled(field, keys))
    if field.type == "single":
        return st.sampled_from([*options]).flatmap(lambda key: _filled(field, [key]))
    if field.type == "multiple":
        return _sets(field).flatmap(lambda keys: _filled(field, keys))
    return free_text()


def _sets(field: Field) -> st.SearchStrategy[list[str]]:
    alone = [[key] for key, option in field.options.items() if option.exclusive]
    others = [key for key, option in field.options.items() if not option.exclusive]
    together = st.lists(st.sampled_from(others), min_size=1, unique=True) if others else st.nothing()
    return st.one_of(together, st.sampled_from(alone) if alone else st.nothing())


def _filled(field: Field, keys: list[str]) -> st.SearchStrategy[Answer]:
    return st.fixed_dictionaries({key: blank_text() if field.options[key].specify else st.just("") for key in keys})
