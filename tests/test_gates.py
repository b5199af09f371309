"""Skip logic of the 2023 edition, and the two ways in which the note after Question 15 can be read."""

import ibis
import pytest

from calm_pipeline import columns
from calm_pipeline.gates import asked, gate_sentence
from calm_pipeline.survey import Survey
from tests.reference import DATABASE, SURVEY, frame, tables

LITERAL = {"asked_if": {"training_groups": ("other",)}, "asked_unless": {}}


def with_gate(gate: dict[str, object]) -> Survey:
    question = SURVEY.questions["training_types"].model_copy(update=gate)
    return SURVEY.model_copy(update={"questions": {**SURVEY.questions, "training_types": question}})


def count(survey: Survey, key: str) -> int:
    accepted = tables()["accepted"]
    return int(DATABASE.to_pyarrow(accepted.filter(asked(accepted, survey, key)).count()).as_py())


def test_the_questionnaire_has_31_questions_and_176_options() -> None:
    assert [question.number for question in SURVEY.questions.values()] == list(range(1, 32))
    assert sum(len(question.options) for question in SURVEY.questions.values()) == 176


def test_question_15_is_skipped_by_who_trains_nobody() -> None:
    """The reading that is taken: the note says when to skip, and means the last listed option."""
    untrained = int((frame("accepted")[columns.tick("training_groups", "none")] == 1).sum())
    assert 0 < untrained < 10
    assert count(SURVEY, "training_types") == 122 - untrained


def test_question_15_read_literally_is_nonsense() -> None:
    """Shown only for the literal last option, types of training would be asked of those alone who train others."""
    literal = with_gate(LITERAL)
    others = int((frame("accepted")[columns.tick("training_groups", "other")] == 1).sum())
    assert count(literal, "training_types") == others < 20


def test_the_printed_wording_and_the_reading_stand_in_the_survey_file() -> None:
    note = SURVEY.questions["training_types"].note
    assert note is not None
    assert 'Printed after the question: "If the last option of Question 14 is chosen"' in note.en
    sentence = gate_sentence(SURVEY, "training_types")
    assert sentence is not None
    assert sentence.en == 'Asked if Q14 is not "No service training conducted yet"'
    assert sentence.zh == "仅当第14题未选“尚未开展服务培训”时询问"


@pytest.mark.parametrize(
    ("key", "number"),
    [("paid_assistants_enrolled", 109), ("volunteers_enrolled", 109), ("student_organizations", 95)],
)
def test_volumes_are_asked_of_those_who_engage_users_so(key: str, number: int) -> None:
    assert count(SURVEY, key) == number


@pytest.mark.parametrize(
    ("state", "tick", "expected"),
    [
        ("answered", 1, True),
        ("answered", 0, False),
        ("blank", None, None),
        ("malformed", None, None),
        ("not_asked", None, False),
    ],
)
def test_a_gate_without_an_answer_is_unknown(state: str, tick: int | None, expected: bool | None) -> None:
    gate = {columns.tick("engagement_methods", "volunteers"): [tick], columns.state("engagement_methods"): [state]}
    schema = {name: "int8" if "state" not in name else "string" for name in gate}
    one = ibis.memtable(gate, schema=schema)
    found = DATABASE.to_pyarrow(one.select(asked=asked(one, SURVEY, "volunteers_enrolled")))["asked"].to_pylist()
    assert found == [expected]


def test_an_optional_question_left_blank_opens_no_gate() -> None:
    optional = SURVEY.questions["engagement_methods"].model_copy(update={"required": False})
    survey = SURVEY.model_copy(update={"questions": {**SURVEY.questions, "engagement_methods": optional}})
    gate = {columns.tick("engagement_methods", "volunteers"): [None], columns.state("engagement_methods"): ["blank"]}
    one = ibis.memtable(gate, schema={name: "int8" if "state" not in name else "string" for name in gate})
    assert DATABASE.to_pyarrow(one.select(asked=asked(one, survey, "volunteers_enrolled")))["asked"].to_pylist() == [
        False
    ]
