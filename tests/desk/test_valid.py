"""No valid submission is quarantined, and breaking one answer quarantines that submission and no other."""

from functools import cache

from calm_pipeline.clean import Register
from calm_pipeline.exports.submission import Submission
from tests.judged import Judged, judge, raw_frame, register_of
from tests.reference import SURVEY
from tests.valid import broken, valid

COUNT, SEED = 1000, 20230301
SOME, EVERY = 400, 4


@cache
def drawn() -> list[Submission]:
    return valid(SURVEY, COUNT, SEED)


@cache
def register() -> Register:
    return register_of(SURVEY, drawn())


def judged(submissions: list[Submission], *kinds: str) -> Judged:
    """All of them in one frame, as if these exports of the platform had been given."""
    return judge(SURVEY, raw_frame(SURVEY, submissions, kinds), register())


def test_the_same_seed_draws_the_same_and_everything_that_can_be_answered() -> None:
    assert drawn() == valid(SURVEY, COUNT, SEED) != valid(SURVEY, COUNT, SEED + 1)
    for field in SURVEY.fields():
        answers = [one.answers[field.name] for one in drawn()]
        chosen = {key for answer in answers if isinstance(answer, dict) for key in answer}
        assert chosen == set(field.options), field.name
        assert not field.question.gated or len({type(answer) for answer in answers}) == 2, field.name


def test_none_of_1000_valid_submissions_is_quarantined() -> None:
    made = judged(drawn(), "text", "number")
    errors = {rule for _, rule in made.broken}
    assert made.status == dict.fromkeys(range(1, COUNT + 1), "accepted"), errors


def test_breaking_one_answer_quarantines_just_that_submission() -> None:
    """Each field is broken in turn, in all the ways that the generator knows."""
    some = drawn()[:SOME]
    ways = {one.sequence: [*broken(SURVEY, one)] for one in some[::EVERY]}
    taken = {one: found[n * 7 % len(found)] for n, (one, found) in enumerate(ways.items())}
    assert {field for field, _ in taken.values()} == {field for found in ways.values() for field, _ in found}
    wrong = {one: spoilt for one, (_, spoilt) in taken.items()}
    made = judged([wrong.get(one.sequence, one) for one in some], "text")
    assert made.status == {one.sequence: "quarantined" if one.sequence in wrong else "accepted" for one in some}
