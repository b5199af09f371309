"""From wide to long: the questionnaire as tables, and the accepted answers one row each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def _together(parts: list[ir.Table], schema: dict[str, str]) -> ir.Table:
    """All rows of all parts; a survey may have no part at all."""
    return ibis.union(*parts) if parts else ibis.memtable([], schema=schema)


def selections(accepted: ir.Table, survey: Survey) -> ir.Table:
    """One row an accepted submission and option, ticked or not; those of a submission in the order of field and option.

    Each submission becomes all of its rows at once, so that nothing has to be put in order afterwards.
    """
    shown = [
        _shown(accepted, field, key)
        for field, key in sorted(
            ((field, key) for field in survey.choices() for key in field.options),
            key=lambda one: (one[0].name, one[1]),
        )
    ]
    if not shown:
        return ibis.memtable([], schema=SELECTION)
    long = accepted.select("submission_id", shown=ibis.array(shown).unnest())
    return long.select(
        edition=ibis.literal(survey.edition),
        submission_id=long.submission_id,
        **{name: long.shown[name] for name in SELECTION if name not in ("edition", "submission_id")},
    )


def _shown(accepted: ir.Table, field: Field, key: str) -> ir.StructValue:
    return ibis.struct(
        {
            "question": field.key,
            "field": field.name,
            "option": key,
            "state": accepted[columns.state(field.name)],
            "selected": _selected(accepted, field, key),
            "rank": _rank(accepted, field, key),
        }
    )


def _selected(accepted: ir.Table, field: Field, key: str) -> ir.IntegerValue:
    if field.type == "single":
        answered = accepted[columns.state(field.name)] == "answered"
        return ibis.ifelse(answered, (accepted[field.name] == key).cast("int64"), ibis.null("int64"))
    return accepted[columns.tick(field.name, key)].cast("int64")


def _rank(accepted: ir.Table, field: Field, key: str) -> ir.IntegerValue:
    return accepted[columns.rank(field.name, key)] if field.type == "ranking" else ibis.null("int64")


def answers(accepted: ir.Table, survey: Survey) -> ir.Table:
    """One row an accepted submission and number, text or filled blank; personal data are not among them."""
    return _together([rows for field in survey.fields() for rows in _answers(accepted, survey, field)], ANSWER)


def _answers(accepted: ir.Table, survey: Survey, field: Field) -> Iterator[ir.Table]:
    state = accepted[columns.state(field.name)]
    nothing = {"number": ibis.null("int64"), "text": ibis.null(str)}

    def rows(option: str, state: ir.StringValue, **value: ir.Value) -> ir.Table:
        return accepted.select(
            edition=ibis.literal(survey.edition),
            submission_id=accepted.submission_id,
            question=ibis.literal(field.key),
            field=ibis.literal(field.name),
            option=ibis.literal(option),
            state=state,
            **{**nothing, **value},
        )

    if field.type == "integer":
        yield rows("", state, number=accepted[field.name])
    elif field.type in ("text", "upload") and not field.question.personal and field.key != survey.library:
        yield rows("", state, text=accepted[field.name])
    for key, option in field.options.items():
        if option.specify:
            filled = rows(key, state, text=accepted[columns.specify(field.name, key)])
            yield filled.filter(filled.text.notnull())
