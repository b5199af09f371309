"""A claims file: what is wrong with it is said with its place, and verdicts cannot be written into it."""

from pathlib import Path

import pytest

from calm_pipeline.claims import load_claims
from calm_pipeline.survey.problem import DeclarationError
from tests.marts.edition import survey
from tests.reference import EDITION, PROJECT, SURVEY

HEAD = 'edition: "2031"\nclaims:\n  it: {section: "1", line: 1, says: {en: s, zh: s}, '


def load(folder: Path, text: str, **more: object) -> None:
    file = folder / "2031.yaml"
    file.write_text(text, encoding="utf-8")
    load_claims(file, survey(**more))


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ("kind: correlated, indices: [one, tow]", "unknown_index", "claims.it.indices.1"),
        ("kind: ahead, stage: finished, indices: [one]", "unknown_option", "claims.it.stage"),
        ("kind: share_above, question: z, option: a1, share: 0.5", "unknown_question", "claims.it.question"),
        ("kind: share_above, question: a, option: a9, share: 0.5", "unknown_option", "claims.it.option"),
        ("kind: leading, question: a, options: [a1, a9]", "unknown_option", "claims.it.options.1"),
        ("kind: many_ticks, question: library, more_than: 1, share: 0.5", "table_no_choice", "claims.it.question"),
        ("kind: cause, verdict: holds", "unknown_key", "claims.it.cause.verdict"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, body: str, code: str, path: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        load(tmp_path, f"{HEAD}{body}}}\n")
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [(code, path)]
    assert caught.value.listed[0].line == 3


def test_a_stage_needs_a_stage_question(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as caught:
        load(tmp_path, f"{HEAD}kind: ahead, stage: done, indices: [one]}}\n", stage=None)
    assert [problem.code for problem in caught.value.problems] == ["no_stage"]


def test_the_edition_must_be_the_surveys(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as caught:
        load(tmp_path, 'edition: "2030"\n')
    assert [problem.code for problem in caught.value.problems] == ["claims_edition"]


def test_without_a_file_there_are_no_claims(tmp_path: Path) -> None:
    assert load_claims(tmp_path / "none.yaml", SURVEY) is None


def test_the_claims_of_2023_load_and_point_into_the_report() -> None:
    claims = PROJECT.claims(EDITION)
    assert claims is not None
    assert len(claims.claims) > 10
    assert all(100 < claim.line < 500 for claim in claims.claims.values())
