"""The smallest set of answers to change: against every possible submission to a small survey, and as a cure."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from calm_pipeline.exports.submission import Answer, Silence, Submission, Verbatim
from calm_pipeline.rules import derive_rules
from calm_pipeline.rules.review import Review, smallest_review
from calm_pipeline.survey import Survey
from tests.judged import Judged, judge, raw_frame, register_of
from tests.malformed.examples import OTHER, VALID, words

SURVEY = Survey.model_validate(
    {
        "edition": "2030",
        "title": words("调查"),
        "theme": words("主题"),
        "platform": {"name": "wenjuanxing"},
        "fielding": {"opens": "2030-03-01", "closes": "2030-06-30", "timezone": "Asia/Shanghai"},
        "eligibility": {"staff_at_least": 80},
        "questions": {
            "library": {"number": 1, "type": "text", "required": True, "identifies": "library", **words("图书馆名称")},
            "methods": {
                "number": 2,
                "type": "multiple",
                "required": True,
                "options": {
                    "helpers": words("学生助理"),
                    "none": words("尚未开展", role="none", exclusive=True),
                    "other": OTHER,
                },
                **words("方式"),
            },
            "helpers": {
                "number": 3,
                "type": "integer",
                "required": True,
                "minimum": 1,
                "maximum": 9,
                "asked_if": {"methods": "helpers"},
                "rows": {"groups": words("组织数", at_most="members"), "members": words("成员数")},
                **words("人数"),
            },
            "stage": {
                "number": 4,
                "type": "single",
                "asked_unless": {"methods": "none"},
                "required": True,
                "options": {"plan": words("规划中"), "done": words("已实施")},
                **words("阶段"),
            },
        },
    }
)
RULES = derive_rules(SURVEY)
FIELDS = ("methods", "helpers__groups", "helpers__members", "stage")
SILENT = Silence.SKIPPED
METHODS: tuple[Answer, ...] = (
    SILENT,
    {"helpers": ""},
    {"none": ""},
    {"other": "别的"},
    {"helpers": "", "other": "别的"},
    {"helpers": "", "none": ""},
    Verbatim("别的办法", ""),
)
NUMBERS: tuple[Answer, ...] = (SILENT, 2, 3, Verbatim("很多", ""), Verbatim("0", ""))
STAGES: tuple[Answer, ...] = (SILENT, {"plan": ""}, Verbatim("规划中┋已实施", ""))


def submissions() -> Iterator[Submission]:
    """Every combination of answers, each from a library of its own."""
    for n, answers in enumerate(product(METHODS, NUMBERS, NUMBERS, STAGES), 1):
        named = {"library": f"第{n}大学图书馆", **dict(zip(FIELDS, answers, strict=True))}
        yield replace(VALID, sequence=n, answers=named)


ALL = {one.sequence: one for one in submissions()}


def outcome(some: list[Submission]) -> Judged:
    return judge(SURVEY, raw_frame(SURVEY, some, ["text"]), register_of(SURVEY, some))


@pytest.fixture(scope="module")
def judged() -> Judged:
    return outcome(list(ALL.values()))


@pytest.fixture(scope="module")
def found(judged: Judged) -> dict[int, Review]:
    broken: dict[int, set[str]] = {}
    errors = {rule.id for rule in RULES if rule.severity == "error"}
    for sequence, rule in judged.broken:
        if rule in errors:
            broken.setdefault(sequence, set()).add(rule)
    rows = {row["sequence"]: row for row in judged.clean}
    return {one: smallest_review(SURVEY, RULES, rows[one], rules) for one, rules in broken.items()}


def distance(one: Submission, other: Submission) -> int:
    return sum(one.answers[field] != other.answers[field] for field in FIELDS)


def test_it_is_as_small_as_the_way_to_the_nearest_valid_submission(judged: Judged, found: dict[int, Review]) -> None:
    valid = [ALL[one] for one, status in judged.status.items() if status == "accepted"]
    assert 5 < len(valid) < len(found) == len(ALL) - len(valid)
    for one, review in found.items():
        assert len(review.fields) == min(distance(ALL[one], other) for other in valid), (one, review)
        assert review.beyond == ()


def written(content: Any) -> Answer:
    return SILENT if content is None else content


def test_changing_just_these_answers_clears_every_error(found: dict[int, Review]) -> None:
    mended = [
        replace(ALL[one], answers={**ALL[one].answers, **{name: written(c) for name, c in review.witness.items()}})
        for one, review in found.items()
    ]
    assert set(outcome(mended).status.values()) == {"accepted"}


def test_weights_decide_which_of_two_answers_is_doubted(judged: Judged) -> None:
    """A stage answered although nothing is done: either may be wrong."""
    one = next(
        n for n, s in ALL.items() if [s.answers[f] for f in FIELDS] == [{"none": ""}, SILENT, SILENT, {"plan": ""}]
    )
    row, broken = next(row for row in judged.clean if row["sequence"] == one), {"stage__silent"}
    assert smallest_review(SURVEY, RULES, row, broken).fields == ("stage",)
    questions = {**SURVEY.questions, "stage": SURVEY.questions["stage"].model_copy(update={"weight": 2})}
    heavier = SURVEY.model_copy(update={"questions": questions})
    assert smallest_review(heavier, derive_rules(heavier), row, broken).fields == ("methods",)


@pytest.mark.parametrize(
    ("rule", "fields", "beyond"),
    [
        ("library__known", ("library",), ()),
        ("library__unambiguous", ("library",), ()),
        ("library__eligible", (), ("library__eligible",)),
        ("library__staff_known", (), ("library__staff_known",)),
        ("library__single_submission", (), ("library__single_submission",)),
    ],
)
def test_the_library_is_doubted_only_where_its_name_is_wrong(
    judged: Judged, rule: str, fields: tuple[str, ...], beyond: tuple[str, ...]
) -> None:
    valid = next(row for row in judged.clean if judged.status[row["sequence"]] == "accepted")
    review = smallest_review(SURVEY, RULES, valid, {rule})
    assert (review.fields, review.beyond) == (fields, beyond)
