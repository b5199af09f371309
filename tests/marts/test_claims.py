"""Verdicts: each of the four from made-up outcomes and from made-up answers, and those of the 2023 report."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter

from calm_pipeline import marts
from calm_pipeline.claims import AnyClaim, Claims
from calm_pipeline.marts.claims import REASONS, judge
from calm_pipeline.marts.evidence import Outcome
from calm_pipeline.marts.variants import Variant
from calm_pipeline.published import Published
from tests.marts.edition import evidence, libraries_of_one_trait, selections, survey, words
from tests.published import published

SOURCE = {"section": "1", "line": 1, "says": words("said")}
KINDS: dict[str, dict[str, Any]] = {
    "correlated": {"indices": ["one", "two"]},
    "distinct": {"indices": ["one", "two"]},
    "ahead": {"stage": "done", "indices": ["one", "two"]},
    "effect": {"stage": "done", "indices": ["one", "two"], "at_least": 0.2},
    "share_above": {"question": "a", "option": "a1", "share": 0.5},
    "leading": {"question": "a", "options": ["a1"]},
    "many_ticks": {"question": "a", "more_than": 1, "share": 0.5},
    "cause": {},
}


def claim(kind: str, **more: Any) -> AnyClaim:
    found: AnyClaim = TypeAdapter(AnyClaim).validate_python({**SOURCE, "kind": kind, **KINDS[kind], **more})
    return found


def declared(**claims: AnyClaim) -> Claims:
    return Claims(edition="2031", claims=claims)


@cache
def known(*, reconstructed: bool = False, printed: bool = False) -> marts.Evidence:
    figures = {
        **{"edition": "2031", "base": 60, "source": words("s")},
        "tables": {"a": {f"a{n}": [40 - n, "x", 5] for n in range(1, 5)}},
        "correlations": [{"row": "one", "column": "two", "r": "0.80", "line": 7}],
        "statements": {"ahead": {**SOURCE, "kind": "ahead", "stage_option": "done"}},
    }
    of = Published.model_validate(figures) if printed else None
    return evidence(selections(*libraries_of_one_trait()), of, reconstructed=reconstructed)


def row(one: AnyClaim, on: marts.Evidence) -> dict[str, Any]:
    claims, variants = marts.judged(declared(it=one), on)
    assert len(variants) == claims["variants"][0]
    assert variants["variant"].is_unique
    found: dict[str, Any] = claims.to_dict("records")[0]
    return found


def outcomes(*figures: tuple[bool | None, bool], basis: str = "answers") -> list[Outcome]:
    return [Outcome(str(n), basis, 0.1, *one) for n, one in enumerate(figures)]  # type: ignore[arg-type]


YES, SIGN, NO, NONE = (True, True), (True, False), (False, False), (None, False)


@pytest.mark.parametrize(
    ("found", "determined", "expected"),
    [
        ([YES] * 20, "all", ("holds", "holds")),
        ([YES] * 19 + [NO], "all", ("holds", "holds")),
        ([YES] * 18 + [SIGN] * 2, "all", ("sign only", "direction")),
        ([YES] * 18 + [NO] * 2, "all", ("not identified", "depends")),
        ([NO] * 19 + [YES], "all", ("contradicted", "contradicted")),
        ([NO] * 18 + [YES] * 2, "all", ("not identified", "depends")),
        ([YES] * 20, "direction", ("sign only", "direction_printed")),
        ([NO] * 20, "direction", ("contradicted", "contradicted")),
        ([YES] * 20, "nothing", ("not identified", "not_printed")),
        ([NONE] * 20, "all", ("not identified", "nothing")),
        ([], "all", ("not identified", "nothing")),
    ],
)
def test_verdicts(found: list[Any], determined: Any, expected: tuple[str, str]) -> None:
    assert judge(claim("correlated"), outcomes(*found), determined) == expected


def test_indices_that_are_not_distinct() -> None:
    assert judge(claim("distinct"), outcomes(*[NONE] * 5), "all") == ("not identified", "not_distinct")
    assert judge(claim("distinct"), outcomes(YES, YES, NONE), "all") == ("not identified", "not_distinct")
    assert judge(claim("distinct"), outcomes(NO, NO), "all") == ("contradicted", "contradicted")


def test_reconstructed_answers_contradict_nothing() -> None:
    made_up = outcomes(*[NO] * 20, basis="reconstruction")
    assert judge(claim("ahead"), made_up, "direction") == ("sign only", "direction_printed")
    assert judge(claim("correlated"), made_up, "all") == ("not identified", "depends")


def test_what_was_printed_decides_the_direction() -> None:
    printed = [replace(one, basis="printed figures") for one in outcomes(NO)]
    assert judge(claim("correlated"), [*printed, *outcomes(*[YES] * 90)], "all")[0] == "contradicted"


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (claim("correlated"), "holds"),
        (claim("ahead"), "holds"),
        (claim("ahead", stage="begun"), "contradicted"),
        (claim("effect"), "holds"),
        (claim("effect", at_least=50.0), "sign only"),
        (claim("share_above"), "holds"),
        (claim("share_above", option="a4", share=0.9), "contradicted"),
        (claim("leading"), "holds"),
        (claim("leading", options=["a4"]), "contradicted"),
        (claim("leading", options=["a2", "a1"], ordered=True), "contradicted"),
        (claim("many_ticks"), "holds"),
        (claim("many_ticks", more_than=4), "contradicted"),
        (claim("ahead", stage="other"), "not identified"),
        (claim("cause"), "not identified"),
    ],
)
def test_answers_decide(one: AnyClaim, verdict: str) -> None:
    found = row(one, known())
    assert (found["verdict"], found["basis"]) == (verdict, "answers")
    assert found["printable"] == (verdict == "holds")


@pytest.mark.parametrize(
    ("kind", "verdict", "basis"),
    [
        ("correlated", "holds", "printed figures"),
        ("distinct", "not identified", "reconstruction"),
        ("ahead", "sign only", "printed figures"),
        ("effect", "not identified", "reconstruction"),
        ("share_above", "holds", "printed figures"),
        ("leading", "holds", "printed figures"),
        ("many_ticks", "not identified", "reconstruction"),
    ],
)
def test_a_reconstruction_decides_nothing_that_was_not_printed(kind: str, verdict: str, basis: str) -> None:
    found = row(claim(kind), known(reconstructed=True, printed=True))
    assert (found["verdict"], found["basis"]) == (verdict, basis)
    alone = row(claim(kind), known(reconstructed=True))
    assert (alone["verdict"], alone["basis"]) == ("not identified", "reconstruction")


def test_a_count_is_taken_from_the_report_where_answers_are_reconstructed() -> None:
    _, variants = marts.judged(declared(it=claim("share_above")), known(reconstructed=True, printed=True))
    assert variants[["variant", "basis", "figure"]].to_numpy().tolist() == [["printed", "printed figures", 39 / 60]]


def test_variants_are_definitions_times_others_times_questions() -> None:
    _, variants = marts.judged(declared(it=claim("correlated")), known())
    assert len(variants) == 3 * 2 * 3
    assert set(variants["left_out"].dropna()) == {"a", "b"}, "index two has but one question"
    assert Variant("sum", others=True, left_out="a").name == "sum.others.a"


def test_no_answers_no_figures() -> None:
    nothing = evidence(selections([], []))
    for kind in KINDS:
        found = row(claim(kind), nothing)
        assert found["verdict"] == "not identified", kind
        assert not found["printable"]


def test_an_edition_without_claims_has_no_rows() -> None:
    claims, variants = marts.judged(None, known())
    assert claims.empty
    assert variants.empty


def test_reasons_are_complete_sentences_in_both_languages() -> None:
    words_of = {"holding": 1, "variants": 2, "failing": 1}
    for message in REASONS.values():
        filled = message.filled(words_of)
        assert filled.en.endswith(".")
        assert filled.zh.endswith("。")


def test_the_report_of_2023() -> None:
    claims = published()["claims"].set_index("claim")
    verdicts = claims["verdict"].to_dict()
    assert verdicts["indices_correlate"] == "holds"
    assert verdicts["systematic_ahead"] == "sign only"
    for name in ("three_dimensions", "systematic_matters", "planning_brings_about", "seven_channels"):
        assert verdicts[name] == "not identified", name
    assert set(claims[claims["printable"]]["basis"]) == {"printed figures"}
    assert not claims.isna().drop(columns="share").any().any()
    assert survey().edition not in set(claims["edition"])
