"""From wide to long: the questionnaire as tables, and the accepted answers one row each."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline import columns
from calm_pipeline.engine import value
from calm_pipeline.gates import gate_sentence
from calm_pipeline.root import digest
from calm_pipeline.rules import Rule
from calm_pipeline.survey import Field, Survey

_FIELD = dict.fromkeys(("edition", "submission_id", "question", "field", "option", "state"), "string")
SELECTION = {**_FIELD, "selected": "int64", "rank": "int64"}
ANSWER = {**_FIELD, "number": "int64", "text": "string"}
Place: TypeAlias = tuple[Field, str]
"""A field and one of its options, or none."""


def editions(survey: Survey, survey_file: Path, files: ir.Table) -> pa.Table:
    """One row: the edition, its fielding and population, and whether any of its exports is reconstructed."""
    return pa.Table.from_pylist(
        [
            {
                "edition": survey.edition,
                "title_en": survey.title.en,
                "title_zh": survey.title.zh,
                "theme_en": survey.theme.en,
                "theme_zh": survey.theme.zh,
                "opens": survey.fielding.opens,
                "closes": survey.fielding.closes,
                "timezone": survey.fielding.timezone,
                "staff_at_least": survey.eligibility.staff_at_least,
                "reconstructed": bool(value(files.reconstructed.any())),
                "survey_sha256": digest(survey_file),
            }
        ]
    )


def libraries(register: pa.Table, survey: Survey) -> pa.Table:
    """The register as it stood for this edition, one row a library."""
    eligible: Any = pc.greater_equal(register["staff_count"], pa.scalar(survey.eligibility.staff_at_least))
    edition = pa.array([survey.edition] * register.num_rows, pa.string())
    return register.append_column("edition", edition).append_column("eligible", eligible)


def questions(survey: Survey) -> pa.Table:
    """One row a question."""
    rows = []
    for key, question in survey.questions.items():
        gate = gate_sentence(survey, key)
        rows.append(
            {
                "edition": survey.edition,
                "question": key,
                "number": question.number,
                "type": question.type,
                "required": question.required,
                "personal": question.personal,
                "dimension": question.dimension,
                "subdimension": question.subdimension,
                "index_name": next((name for name, index in survey.indices.items() if key in index.questions), None),
                "gate_en": gate.en if gate else None,
                "gate_zh": gate.zh if gate else None,
                "label_en": question.en,
                "label_zh": question.zh,
            }
        )
    return pa.Table.from_pylist(rows)


def options(survey: Survey) -> pa.Table:
    """One row an option of a choice question, in the order of the questionnaire."""
    rows = []
    for key, question in survey.questions.items():
        for position, (name, option) in enumerate(question.options.items(), 1):
            group = question.groups[option.group] if option.group else None
            rows.append(
                {
                    "edition": survey.edition,
                    "question": key,
                    "option": name,
                    "position": position,
                    "role": option.role,
                    "exclusive": option.exclusive,
                    "specify": option.specify,
                    "group_en": group.en if group else None,
                    "group_zh": group.zh if group else None,
                    "label_en": option.en,
                    "label_zh": option.zh,
                }
            )
    return pa.Table.from_pylist(rows)


def rule_book(rules: list[Rule], survey: Survey) -> pa.Table:
    """One row an edit rule."""
    return pa.Table.from_pylist(
        [
            {
                "edition": survey.edition,
                "rule": rule.id,
                "severity": rule.severity,
                "questions": ", ".join(rule.questions),
                "sentence_en": rule.sentence.en,
                "sentence_zh": rule.sentence.zh,
            }
            for rule in rules
        ]
    )


def selections(accepted: ir.Table, survey: Survey) -> ir.Table:
    """One row an accepted submission and option, ticked or not, in the order of field and option."""
    shown = _by_name((field, key) for field in survey.choices() for key in field.options)
    return _long(
        accepted,
        survey,
        shown,
        SELECTION,
        selected=[_selected(accepted, field, key) for field, key in shown],
        rank=[_rank(accepted, field, key) for field, key in shown],
    )


def answers(accepted: ir.Table, survey: Survey) -> ir.Table:
    """One row an accepted submission and number, text or filled blank; personal data are not among them.

    A blank that was not filled has no row; those of a submission come in the order of field and option.
    """
    given = _by_name(place for field in survey.fields() for place in _answered(field, survey))
    long = _long(
        accepted,
        survey,
        given,
        ANSWER,
        number=[accepted[field.name] if field.type == "integer" else ibis.null("int64") for field, _ in given],
        text=[_text(accepted, field, option) for field, option in given],
    )
    return long.filter((long.option == "") | long.text.notnull())


def _by_name(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place[0].name, place[1]))


def _long(
    accepted: ir.Table, survey: Survey, places: list[Place], schema: dict[str, str], **values: list[ir.Value]
) -> ir.Table:
    """One row a submission and place, with its state and what `values` has for it.

    Each submission becomes all of its rows at once, so that nothing has to be put in order afterwards: beside each name
    of a place stand the values of all of them, of which one is taken. They are put side by side in a step of their own:
    in one step an engine would do so again for each row.
    """
    if not places:
        return ibis.memtable([], schema=schema)
    values = {"state": [accepted[columns.state(field.name)] for field, _ in places], **values}
    side_by_side = accepted.select("submission_id", **{name: ibis.array(each) for name, each in values.items()})
    named = ibis.array([_named(field, option, number) for number, (field, option) in enumerate(places)])
    long = side_by_side.mutate(place=named.unnest())
    return long.select(
        edition=ibis.literal(survey.edition),
        submission_id=long.submission_id,
        **{name: long.place[name] for name in ("question", "field", "option")},
        **{name: long[name][long.place["number"]] for name in values},
    )


def _named(field: Field, option: str, number: int) -> ir.StructValue:
    return ibis.struct({"question": field.key, "field": field.name, "option": option, "number": number})


def _selected(accepted: ir.Table, field: Field, key: str) -> ir.IntegerValue:
    if field.type == "single":
        answered = accepted[columns.state(field.name)] == "answered"
        return ibis.ifelse(answered, (accepted[field.name] == key).cast("int64"), ibis.null("int64"))
    return accepted[columns.tick(field.name, key)].cast("int64")


def _rank(accepted: ir.Table, field: Field, key: str) -> ir.IntegerValue:
    return accepted[columns.rank(field.name, key)] if field.type == "ranking" else ibis.null("int64")


def _answered(field: Field, survey: Survey) -> Iterator[Place]:
    """Where `field` holds a number or a text: itself, or the blanks of its options."""
    told_elsewhere = field.question.personal or field.key == survey.library
    if field.type == "integer" or (field.type in ("text", "upload") and not told_elsewhere):
        yield field, ""
    yield from ((field, key) for key, option in field.options.items() if option.specify)


def _text(accepted: ir.Table, field: Field, option: str) -> ir.StringValue:
    if option:
        return accepted[columns.specify(field.name, option)]
    return ibis.null(str) if field.type == "integer" else accepted[field.name]
