"""The JSON twin is the case, in the documented format, and safe to look at."""

import json
import unicodedata
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import TypeAdapter

from calm_pipeline.letters.case import Case
from calm_pipeline.letters.json_twin import FORMAT, letter_json
from tests.letters.examples import ALL, GATED, HOSTILE, case, hostile

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "letter.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def read(source: str) -> Case:
    said = json.loads(source)
    assert said.pop("format") == FORMAT
    return TypeAdapter(Case).validate_python(said)


def hidden(source: str) -> list[str]:
    return [mark for mark in source if unicodedata.category(mark) in ("Cc", "Cf", "Zl", "Zp") and mark != "\n"]


def test_the_schema_is_a_schema_and_knows_each_part_of_a_case() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert list(SCHEMA["properties"]) == ["format", *(field.name for field in fields(Case))]
    assert SCHEMA["required"] == list(SCHEMA["properties"])
    assert SCHEMA["properties"]["format"]["const"] == FORMAT


@pytest.mark.parametrize("one", [*ALL, *map(hostile, HOSTILE)])
def test_the_twin_is_valid_and_equals_the_case(one: Case) -> None:
    source = letter_json(one)
    VALIDATOR.validate(json.loads(source))
    assert read(source) == one
    assert list(json.loads(source)["row"]) == list(one.row)
    assert hidden(source) == []


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_comes_back_as_it_was_and_is_safe_to_look_at(text: str) -> None:
    one = hostile(text)
    source = letter_json(one)
    assert read(source) == one
    assert hidden(source) == []


@pytest.mark.parametrize(
    "change",
    [
        {"format": "calm-letter/2"},
        {"deadline": "soon"},
        {"submitted_at": "2023-04-18T15:42:07+08:00"},
        {"library": {"zh": "只有中文"}},
        {"findings": [{**json.loads(letter_json(GATED))["findings"][0], "severity": "fatal"}]},
        {"neighbour": "another library"},
        {"row": {"stage": None}},
    ],
)
def test_the_schema_refuses_what_the_format_does_not_say(change: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({**json.loads(letter_json(GATED)), **change})


def test_chinese_can_be_read_in_the_file_itself() -> None:
    assert "笙溪农林大学图书馆" in letter_json(case())
