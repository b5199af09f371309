"""Variables and cells: names that both programs take, one variable an option, and why there is no answer."""

import re
from collections import Counter

import pytest

from calm_pipeline.dissemination import names
from calm_pipeline.dissemination.matrix import matrix
from calm_pipeline.dissemination.variables import Missing, variables
from tests.dissemination.editions import ANSWERS, made, options, reference, small_survey, words
from tests.reference import SURVEY

RESERVED = ("all", "by", "with", "to", "using", "in", "if", "int", "strl", "str12", "double")


@pytest.mark.parametrize("survey", [SURVEY, small_survey()], ids=["2023", "small"])
def test_names_are_legal_in_both_programs_and_stand_once(survey: object) -> None:
    found = [one.name for one in variables(survey)]  # type: ignore[arg-type]
    assert all(re.fullmatch("[a-z](?:[a-z0-9_]{0,30}[a-z0-9])?", name) for name in found)
    assert not set(found) & set(RESERVED)
    assert max(Counter(found).values()) == 1


@pytest.mark.parametrize("name", RESERVED)
def test_a_reserved_word_gets_a_digest(name: str) -> None:
    assert re.fullmatch(rf"{name}_[0-9a-f]{{6}}", names.settled([(name, name)])[0])


def test_clashing_and_long_names_depend_on_what_they_stand_for_and_not_on_their_order() -> None:
    pairs = [("serv_data", "services__data"), ("serv_data", "serving__data"), ("a" * 40, "a" * 40)]
    there, back = names.settled(pairs), names.settled(pairs[::-1])
    assert there == back[::-1]
    assert len(set(there)) == 3
    assert max(map(len, there)) == names.LONGEST


def test_a_question_keeps_its_names_when_others_are_added_before_it_and_options_to_it() -> None:
    colours = {"type": "multiple", **words("colours"), "options": options("red", "green")}
    more = {**colours, "options": options("amber", "red", "green")}
    before = {one.name for one in variables(small_survey(colours=colours))}
    after = {one.name for one in variables(small_survey(place={"type": "text", **words("place")}, colours=more))}
    assert before < after
    assert after - before == {"colo_amber", "place"}


def test_every_option_of_every_question_has_a_variable_and_nothing_personal_has_one() -> None:
    found = variables(SURVEY)
    ticks = {one.source for one in found if one.kind == "tick"}
    multiple = [field for field in SURVEY.choices() if field.type == "multiple"]
    assert ticks == {(field.name, option) for field in multiple for option in field.options}
    specified = {(field.name, key) for field in SURVEY.choices() for key, one in field.options.items() if one.specify}
    assert specified <= {one.source for one in found if one.kind == "text"}
    fields = {one.field.key for one in found if one.field}
    assert fields == {
        key for key, question in SURVEY.questions.items() if not question.personal and key != SURVEY.library
    }


def test_a_state_stands_beside_a_value_that_cannot_tell_why_it_is_missing() -> None:
    assert [one.name for one in variables(small_survey()) if one.kind == "state"] == ["balance_state", "why_state"]
    assert not [one for one in variables(SURVEY) if one.kind == "state"]


def test_the_cells_of_every_kind() -> None:
    survey = small_survey()
    found = variables(survey)
    cells = matrix(made(survey), found)
    not_asked, blank = Missing.NOT_ASKED, Missing.BLANK
    using = next(one.name for one in found if one.source == ("using", ""))
    assert {name: column for name, column in cells.items() if name not in ("edition", "submission_id")} == {
        **{name: ["", "", ""] for name in ("library_id", "province", "library_type")},
        **{name: [None, None, None] for name in ("duration_seconds", "staff_count")},
        "submitted_at": cells["submitted_at"],
        "mood__today": [1, blank, 2],
        "mood_toda_other_text": ["", "", ""],
        "mood__tomorrow": [3, blank, 2],
        "mood_tomo_other_text": ["cloudy", "", ""],
        "colo_red": [1, blank, 1],
        "colo_green": [0, blank, 1],
        "orde_one": [2, blank, 0],
        "orde_two": [1, blank, 0],
        "orde_three": [0, blank, 1],
        "balance": [-3, None, 0],
        "balance_state": [1, blank, 1],
        using: [7, blank, not_asked],
        "why": ["because", "", ""],
        "why_state": [1, not_asked, blank],
        "remark": ["甲" * 20000, "", "=1+1"],
    }


def test_the_reference_data_add_up_to_the_published_counts() -> None:
    edition = reference()
    found = variables(SURVEY)
    cells = matrix(edition, found)
    counted = {(row["field"], row["option"]): row for row in edition.rows("option_counts")}
    looked_at = 0
    for one in found:
        if one.field is None or one.kind not in ("tick", "single"):
            continue
        column = cells[one.name]
        options_ = [one.source[1]] if one.kind == "tick" else list(one.field.options)
        for number, option in enumerate(options_, 1):
            row = counted[one.source[0], option]
            assert column.count(1 if one.kind == "tick" else number) == row["count"]
            assert len(column) - column.count(Missing.NOT_ASKED) == row["asked"]
            assert len(column) - column.count(Missing.NOT_ASKED) - column.count(Missing.BLANK) == row["answered"]
            looked_at += 1
    assert looked_at == len(counted)


def test_an_edition_without_an_accepted_submission_has_empty_columns() -> None:
    survey = small_survey()
    assert set(map(len, matrix(made(survey, ()), variables(survey)).values())) == {0}
    assert len(ANSWERS) == 3
