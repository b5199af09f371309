"""Every invalid submission of the reference data has its finding and its letter, and what the letter asks cures it."""

import csv
import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest

from calm_pipeline import columns
from calm_pipeline.clean.register import Register, from_rows
from calm_pipeline.letters.json_twin import letter_json
from calm_pipeline.reconstruct import reconstruct
from calm_pipeline.reconstruct.kinds import KINDS, VALID
from calm_pipeline.rules.review import smallest_review
from calm_pipeline.survey import Field
from tests.desk.edition import desk_tables, edition_cases, judged_again
from tests.reference import DATABASE, EDITION, PROJECT, RULES, SURVEY, frame, tables

FIELDS = {field.name: field for field in SURVEY.fields()}


@pytest.fixture(scope="module")
def planted() -> dict[str, str]:
    """The one rule that each quarantined submission was made to break."""
    published = PROJECT.published(EDITION)
    assert published is not None
    made = reconstruct(SURVEY, published)
    wrong = {n: kind for n, kind in made.kinds.items() if kind != VALID and KINDS[kind].status == "quarantined"}
    return {f"{EDITION}-{n:04d}": made.rules[n] for n in wrong}


def test_each_has_exactly_the_finding_it_was_made_to_have(planted: dict[str, str]) -> None:
    rows = desk_tables()["findings"].to_pylist()
    errors = [(row["submission_id"], row["rule"]) for row in rows if row["severity"] == "error"]
    assert sorted(errors) == sorted(planted.items())
    assert len({row["fingerprint"] for row in rows}) == len(rows)


def test_each_has_a_letter_and_nobody_else_has(planted: dict[str, str]) -> None:
    cases = edition_cases()
    assert cases.keys() == planted.keys()
    for name, case in cases.items():
        assert [finding.rule for finding in case.findings] == [planted[name]]
        assert case.review or case.steps, name
        assert case.reconstructed
        assert (case.deadline - case.opened).days == PROJECT.desk().deadline_days


def test_what_was_meant_is_offered_where_it_can_be_guessed() -> None:
    hints = {f.rule: f.hint.zh for case in edition_cases().values() for f in case.findings if f.hint}
    assert "名录中相近的有" in hints["library__unambiguous"]
    assert hints["library__eligible"].startswith("名录所载职工人数：")
    assert any(rule.endswith("__known_options") for rule in hints)
    accepted = [rule for rule in hints if not rule.startswith("library__")]
    assert all(rule.endswith("__known_options") for rule in accepted)


def test_a_gate_is_named_as_what_the_answer_conflicts_with() -> None:
    found = {f.rule: f for case in edition_cases().values() for f in case.findings}
    assert [one.field for one in found["paid_assistants_enrolled__silent"].conflicts] == ["engagement_methods"]
    assert [one.field for one in found["volunteers_enrolled__required"].conflicts] == ["engagement_methods"]


def written(field: Field, content: Any) -> tuple[str, str]:
    """An answer as the platform writes it, by text and by number."""
    if content is None:
        return "(跳过)", "┋".join(["-3"] * len(field.options)) if field.type == "multiple" else "-3"
    if field.options:
        keys = list(field.options)
        text = "┋".join(field.options[key].zh + ("〖别的〗" if content[key] else "") for key in content)
        ticks = "┋".join(str(int(key in content)) for key in keys)
        return text, ticks if field.type == "multiple" else str(keys.index(next(iter(content))) + 1)
    return str(content), str(content)


def patched(raw: pa.Table, changes: Mapping[str, Mapping[str, tuple[str, str]]]) -> pa.Table:
    rows = raw.to_pylist()
    for row in rows:
        for name, (text, number) in changes.get(row["submission_id"], {}).items():
            row[name], row[columns.number(name)] = text, number
    return pa.Table.from_pylist(rows, raw.schema)


def with_staff(library_ids: set[str]) -> Register:
    with PROJECT.root.register.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return from_rows([{**row, "staff_count": "100"} if row["library_id"] in library_ids else row for row in rows])


def test_doing_just_what_the_letters_ask_clears_every_error(planted: dict[str, str]) -> None:
    """Answers: only those in the letter's `review`. Where it names none: its step (register, or one is withdrawn)."""
    clean = {row["submission_id"]: row for row in DATABASE.to_pyarrow(tables()["clean"]).to_pylist()}
    raw = desk_tables()["raw_submissions"]
    times = dict(zip(raw["submission_id"].to_pylist(), raw["submitted_at"].to_pylist(), strict=True))
    unused = set(PROJECT.register().libraries["library_id"].to_pylist()) - {row["library_id"] for row in clean.values()}
    free = iter(
        row["name_zh"]
        for row in PROJECT.register().libraries.to_pylist()
        if row["library_id"] in unused and (row["staff_count"] or 0) >= 80
    )
    changes: dict[str, dict[str, tuple[str, str]]] = {}
    withdrawn, staffed, settled = {}, set(), set()
    for name, case in edition_cases().items():
        letter = json.loads(letter_json(case))
        asked = [answer["field"] for answer in letter["review"]]
        witness = smallest_review(SURVEY, RULES, clean[name], {planted[name]}).witness
        changes[name] = {field: written(FIELDS[field], witness[field]) for field in asked if field != SURVEY.library}
        if SURVEY.library in asked:
            named = next(free)
            changes[name][SURVEY.library] = (named, named)
        library, rule = clean[name]["library_id"], planted[name].rpartition("__")[2]
        if rule == "staff_known":
            staffed.add(library)
        elif rule == "eligible" or (rule == "single_submission" and library in settled):
            withdrawn[name] = times[name]
        settled.add(library)
    statuses, broken = judged_again(patched(raw, changes), with_staff(staffed), withdrawn)
    assert broken == {}
    assert "quarantined" not in statuses.values()
    assert {statuses[name] for name in withdrawn} == {"dropped"}
    assert [statuses[name] for name in planted if name not in withdrawn].count("accepted") >= len(planted) - len(
        withdrawn
    ) - 4


def test_no_letter_shows_what_another_library_answered() -> None:
    """Cells that only one submission of the edition has are in no other letter."""
    raw = frame("raw").set_index("submission_id")
    answers = raw[[name for name in FIELDS if name != SURVEY.library]]
    wordings = "┋".join(option.zh for field in FIELDS.values() for option in field.options.values())
    unique = answers.stack()
    unique = unique[(unique.str.len() > 8) & ~unique.duplicated(keep=False)]
    secrets = [(other, value) for (other, _), value in unique.items() if value not in wordings]
    assert len(secrets) > 500
    libraries = {row["submission_id"]: row["library_id"] for row in desk_tables()["submissions"].to_pylist()}
    for name, case in edition_cases().items():
        mine = answers.loc[name].fillna("")
        assert all(case.row[field].startswith(mine[field]) for field in mine.index)
        letter, own = letter_json(case), "\n".join(case.row.values())
        same = {name, *(other.submission_id for other in case.others)}
        assert len({libraries[one] for one in same}) == 1
        leaked = [other for other, value in secrets if other not in same and value in letter and value not in own]
        assert leaked == [], name
