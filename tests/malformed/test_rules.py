"""Cases that are edit rules over free text and over whole submissions."""

from dataclasses import replace

import pytest

from tests.malformed.examples import SURVEY, VALID, outcome, said
from tests.reference import SURVEY as EDITION_2023
from tests.reference import frame

SENTENCE = "图书馆用户关系管理很有意义"


@pytest.mark.parametrize(
    "garbled",
    [
        SENTENCE.encode().decode("gbk", "replace"),
        SENTENCE.encode().decode("latin-1"),
        SENTENCE.encode().decode("cp1252", "replace"),
        "建议\ufffd\ufffd开放",
        "锟斤拷锟斤拷",
    ],
)
def test_case_06_mojibake_in_free_text(garbled: str) -> None:
    made = outcome(said(advice=garbled))
    assert (made.broken, made.status) == ({(1, "advice__legible")}, {1: "quarantined"})
    assert outcome(said(stage={"other": garbled})).broken == {(1, "stage__legible")}


def test_case_06_what_people_write_is_legible() -> None:
    wordings = [question.zh for question in EDITION_2023.questions.values()]
    wordings += [words for q in EDITION_2023.questions.values() for o in q.options.values() for words in (o.zh, o.en)]
    texts = frame("answers")["text"].dropna().unique().tolist()
    assert len(texts) > 100
    sound = [*wordings, *texts, "Café à Liège, Ærø, naïve façade", SENTENCE * 20]
    made = outcome(*(said(n, advice=text) for n, text in enumerate(sound, 1)))
    assert not [rule for _, rule in made.broken if rule == "advice__legible"]


@pytest.mark.parametrize(("length", "broken"), [(10_000, set()), (10_001, {(1, "advice__length")})])
def test_case_28_free_text_beyond_its_length(length: int, broken: set[tuple[int, str]]) -> None:
    assert outcome(said(advice="长" * length)).broken == broken


def test_case_37_answered_in_seconds() -> None:
    made = outcome(replace(VALID, seconds=7))
    assert (made.broken, made.status) == ({(1, "submission__duration")}, {1: "accepted"})
    assert SURVEY.fielding.seconds_at_least == 60
    assert outcome(replace(VALID, seconds=60)).broken == set()


def test_case_40_others_ticked_and_not_filled() -> None:
    one = said(stage={"other": ""})
    made = outcome(one)
    assert (made.broken, made.status) == ({(1, "stage__other__specified")}, {1: "accepted"})
    assert outcome(one, kinds=("number",)).broken == set()


def test_case_59_contact_details_in_free_text_are_warned_of() -> None:
    made = outcome(said(advice="请致电13800000000"))
    assert (made.broken, made.status) == ({(1, "advice__no_contacts")}, {1: "accepted"})
