"""Rules that never fire and rules that contradict each other are found without any data."""

from typing import Any

import pytest

from calm_pipeline.rules import derive_rules
from calm_pipeline.rules.consistency import Flaw, flaws
from calm_pipeline.survey import Survey
from tests.desk.test_review import SURVEY
from tests.malformed.examples import words
from tests.reference import RULES as OF_2023
from tests.reference import SURVEY as EDITION_2023

GATE = {"type": "single", "required": True, "options": {"yes": words("有"), "no": words("无")}, **words("有否")}
COUNT = {"type": "integer", "required": True, "minimum": 1, "maximum": 9}


def survey(**questions: dict[str, Any]) -> Survey:
    data = SURVEY.model_dump()
    named = {"library": data["questions"]["library"], "gate": {"number": 2, **GATE}}
    more = {
        key: {"number": n, **words(f"题目{key}"), **question} for n, (key, question) in enumerate(questions.items(), 3)
    }
    return Survey.model_validate({**data, "questions": {**named, **more}})


def found(survey: Survey) -> list[Flaw]:
    return list(flaws(survey, derive_rules(survey)))


@pytest.mark.parametrize("sound", [SURVEY, survey(), survey(number={**COUNT, "asked_if": {"gate": "yes"}})])
def test_sound_surveys_have_none(sound: Survey) -> None:
    assert found(sound) == []


def test_the_2023_edition_has_none() -> None:
    assert list(flaws(EDITION_2023, OF_2023)) == []


def test_a_question_that_is_asked_and_not_asked_on_the_same_answer_is_never_asked() -> None:
    never = survey(number={**COUNT, "asked_if": {"gate": "yes"}, "asked_unless": {"gate": "yes"}})
    assert Flaw("idle", ("questions", "number"), ("number__required",)) in found(never)
    assert Flaw("contradiction", ("questions", "number"), ("number__silent",)) in found(never)


def test_rows_whose_bounds_cannot_meet_contradict_each_other() -> None:
    rows = {"groups": words("组织", minimum=5, at_most="members"), "members": words("成员", maximum=3)}
    clash = survey(number={**COUNT, "minimum": 1, "rows": rows, "asked_if": {"gate": "yes"}})
    contradictions = [flaw for flaw in found(clash) if flaw.kind == "contradiction"]
    expected = {
        "number__groups__required",
        "number__members__required",
        "number__groups__range",
        "number__members__range",
        "number__groups__at_most",
    }
    by_place = {flaw.place: set(flaw.rules) for flaw in contradictions}
    assert by_place["questions", "gate", "options", "yes"] == expected


def test_an_edition_nobody_can_answer_is_said_to_be_one() -> None:
    rows = {"groups": words("组织", minimum=5, at_most="members"), "members": words("成员", maximum=3)}
    (flaw,) = found(survey(number={**COUNT, "rows": rows}))
    assert (flaw.kind, flaw.place) == ("contradiction", ("questions",))
    assert "number__groups__at_most" in flaw.rules
    assert not any(rule.startswith("gate") for rule in flaw.rules)
