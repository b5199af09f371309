"""The letter for machines: the case itself as JSON, in the format of schemas/letter.schema.json."""

import json
from typing import Any

from pydantic import TypeAdapter

from calm_pipeline.letters.case import Case
from calm_pipeline.text import shows

FORMAT = "calm-letter/1"
_CASE = TypeAdapter(Case)


def letter_json(case: Case) -> str:
    """The case as JSON; keys in the order of `Case`, answers in the order of the questionnaire.

    Characters that would not show or would turn the text round are escaped, so that the file is safe to look at.
    """
    said: dict[str, Any] = {"format": FORMAT, **_CASE.dump_python(case, mode="json")}
    text = json.dumps(said, ensure_ascii=False, indent=2)
    return "".join(mark if shows(mark) else json.dumps(mark)[1:-1] for mark in text) + "\n"
