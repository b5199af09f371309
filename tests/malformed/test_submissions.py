"""Cases 35 to 42 and 49 to 55: answers that do not agree with each other, with the register or with another sending."""

from dataclasses import replace
from datetime import timedelta

import pytest

from calm_pipeline.clean.register import from_rows
from calm_pipeline.exports.submission import Silence, Verbatim
from tests.malformed.examples import LIBRARY, SILENT, VALID, mended, outcome, said

KINDS = ["text", "number"]
NO_ASSISTANTS = {"methods": {"orgs": ""}, "assistants": SILENT}


@pytest.mark.parametrize("kind", KINDS)
def test_case_35_exclusive_option_together_with_others(kind: str) -> None:
    made = outcome(said(methods={"assistants": "", "orgs": "", "none": ""}), kinds=(kind,))
    assert (made.broken, made.status) == ({(1, "methods__none__alone")}, {1: "quarantined"})


@pytest.mark.parametrize("kind", KINDS)
def test_case_36_required_multi_response_all_blank(kind: str) -> None:
    silent = dict.fromkeys(("assistants", "orgs__groups", "orgs__members"), SILENT)
    empty = said(methods=Silence.BLANK if kind == "text" else {}, **silent)
    made = outcome(empty, kinds=(kind,))
    assert (made.broken, made.status) == ({(1, "methods__required")}, {1: "quarantined"})


@pytest.mark.parametrize("kind", KINDS)
def test_case_38_answered_though_not_asked(kind: str) -> None:
    made = outcome(said(methods={"orgs": ""}), said(2, **NO_ASSISTANTS), kinds=(kind,))
    assert made.broken == {(1, "assistants__silent")}
    assert made.status == {1: "quarantined", 2: "accepted"}


@pytest.mark.parametrize("kind", KINDS)
def test_case_39_asked_but_not_answered(kind: str) -> None:
    silences = list(enumerate(Silence, 1))
    made = outcome(*(said(n, orgs__groups=mark, orgs__members=mark) for n, mark in silences), kinds=(kind,))
    assert made.broken == {(n, f"orgs__{row}__required") for n, _ in silences for row in ("groups", "members")}
    assert set(made.status.values()) == {"quarantined"}


def test_case_40_text_of_others_filled_though_not_ticked() -> None:
    written = "学生助理┋学生组织（社团等）┋其他（请注明）〖抖音〗"
    ticked = said(2, methods=written)
    spoilt = said(1, methods=Verbatim(written, ("1", "1", "0", "0")))
    by_number = replace(ticked, answers={**ticked.answers, "methods": Verbatim(written, ("1", "1", "0", "1"))})
    made = outcome(spoilt, by_number, kinds=KINDS)
    assert (made.broken, made.status) == ({(1, "methods__other__ticked")}, {1: "quarantined", 2: "accepted"})


def test_case_41_single_choice_with_two_values() -> None:
    made = outcome(said(stage="规划中┋已实施"))
    assert (made.broken, made.status) == ({(1, "stage__one_choice")}, {1: "quarantined"})


@pytest.mark.parametrize("kind", KINDS)
def test_case_42_library_missing_and_contact_missing(kind: str) -> None:
    blank = dict.fromkeys(("name", "mobile"), Silence.BLANK)
    made = outcome(said(library=Silence.BLANK), said(2, **blank), kinds=(kind,))
    assert made.broken == {(1, "library__required"), (2, "name__required"), (2, "mobile__required")}
    assert made.status == {1: "quarantined", 2: "accepted"}


def test_case_49_same_library_twice_with_identical_answers() -> None:
    later = replace(VALID, sequence=2, submitted_at=VALID.submitted_at + timedelta(hours=1))
    made = outcome(VALID, later, said(3, library="甲大图书馆"))
    assert made.status == {1: "duplicate", 2: "accepted", 3: "duplicate"}
    assert made.broken == set()


def test_case_50_same_library_twice_with_different_answers() -> None:
    made = outcome(VALID, said(2, advice="别的"), said(3, library="乙大学图书馆"), said(4, assistants="约200人"))
    assert made.status == {1: "quarantined", 2: "quarantined", 3: "accepted", 4: "quarantined"}
    assert made.broken == {
        (1, "library__single_submission"), (2, "library__single_submission"), (4, "assistants__number")
    }  # fmt: skip


def test_case_52_library_not_eligible() -> None:
    made = outcome(said(library="小大学图书馆"))
    assert (made.broken, made.status) == ({(1, "library__eligible")}, {1: "quarantined"})


def test_case_53_unknown_library_is_never_accepted_by_similarity() -> None:
    near = ["甲大学图书", "甲大學图书馆", "甲大学图书馆分馆", "甲甲大学图书馆"]
    made = outcome(*(said(n, library=name) for n, name in enumerate(near, 1)))
    assert made.broken == {(n, "library__known") for n in range(1, 5)}
    assert set(made.status.values()) == {"quarantined"}
    assert {row["library_id"] for row in made.clean} == {None}


def test_case_53_ambiguous_library() -> None:
    made = outcome(said(library="大学图书馆"))
    assert (made.broken, made.status) == ({(1, "library__unambiguous")}, {1: "quarantined"})
    assert made.clean[0]["library_id"] is None


def test_case_53_a_name_of_which_canonical_spelling_leaves_nothing() -> None:
    """A library may have no English name; such a name must not be taken for it."""
    about = {"name_en": "", "aliases": "", "province": "浙江", "type": "comprehensive", "staff_count": "100"}
    register = from_rows([{**about, "library_id": "L1", "name_zh": LIBRARY}])
    made = outcome(said(library="（请注明）"), register=register)
    assert (made.broken, made.status) == ({(1, "library__known")}, {1: "quarantined"})


def test_case_54_known_variant_of_a_name() -> None:
    made = outcome(said(library="甲大图书馆"))
    assert made.status == {1: "accepted"}
    assert made.clean[0]["library_id"] == "L1"
    assert ("library", "library_name", "甲大图书馆", LIBRARY) in mended(said(library="甲大图书馆"))


def test_case_55_register_lacks_the_staff_count() -> None:
    made = outcome(said(library="未知大学图书馆"))
    assert (made.broken, made.status) == ({(1, "library__staff_known")}, {1: "quarantined"})
