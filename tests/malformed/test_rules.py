"""Cases that are edit rules over free text and over whole submissions."""

from dataclasses import replace

import pyarrow as pa
import pytest

from calm_pipeline import columns
from calm_pipeline.rules import compared, derive_rules, verdicts
from tests.judged import Step, raw_frame, stages
from tests.malformed.examples import REGISTER, SURVEY, VALID, outcome, said
from tests.reference import DATABASE, RULES, frame, tables
from tests.reference import SURVEY as EDITION_2023

COMPARING = derive_rules(SURVEY, SURVEY)
COMPARED = Step(lambda clean, last: verdicts(clean, COMPARING, last))
PATTERNS = Step(lambda clean: verdicts(clean, RULES))
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


@pytest.mark.parametrize(
    ("last", "jumps"), [(200, False), (67, False), (66, True), (600, False), (601, True), (0, False), (None, False)]
)
def test_case_48_jump_against_last_year(last: int | None, jumps: bool) -> None:
    """200 now; up to threefold either way is no jump, nor is anything where nothing was said before."""
    clean = stages(SURVEY, REGISTER).clean(raw_frame(SURVEY, [said(assistants=200)], ["text"]))
    before = {field.name: [last if field.name == "assistants" else None] for field in compared(SURVEY, SURVEY)}
    types = {"library_id": pa.string(), **dict.fromkeys(before, pa.int64())}
    said_last = pa.table({"library_id": ["L1"], **before}, pa.schema(list(types.items())))
    (row,) = COMPARED(clean, said_last).to_pylist()
    assert row["assistants__jump"] is not jumps
    assert {rule.severity for rule in COMPARING if rule.id.endswith("__jump")} == {"confirm"}


def pattern(options: dict[str, list[str]]) -> set[str]:
    """The rules on the whole submission that are broken where each question is answered by these options."""
    clean = DATABASE.to_pyarrow(tables()["clean"]).to_pylist()
    row = next(row for row in clean if row["submission_id"] == "2023-0001")
    for field in EDITION_2023.choices():
        row[columns.state(field.name)] = "answered"
        if field.type == "single":
            row[field.name] = options[field.name][0]
        else:
            row |= {columns.tick(field.name, key): int(key in options[field.name]) for key in field.options}
    table = pa.Table.from_pylist([row], DATABASE.to_pyarrow(tables()["clean"]).schema)
    (verdict,) = PATTERNS(table).to_pylist()
    return {rule for rule, holds in verdict.items() if rule.startswith("submission__not") and not holds}


def test_case_37_everything_ticked_and_straight_lining() -> None:
    fields = {field.name: field for field in EDITION_2023.choices()}
    every = {name: [k for k, o in field.options.items() if not o.exclusive] for name, field in fields.items()}
    first = {name: list(field.options)[:1] for name, field in fields.items()}
    assert pattern(every) == {"submission__not_everything"}
    assert pattern(first) == {"submission__not_one_place"}
    assert pattern({**every, "services": every["services"][1:]}) == set()
    assert pattern({**first, "services": list(fields["services"].options)[1:2]}) == set()
    assert {rule.severity for rule in RULES if rule.id.startswith("submission__not")} == {"confirm"}
