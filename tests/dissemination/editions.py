"""Editions to export: the reference data, and a small survey with everything that 2023 does not ask."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import pyarrow as pa

from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.variables import Missing
from calm_pipeline.survey import Field, Survey
from tests.published import CONTRACTS as STORED
from tests.published import in_contract, published
from tests.reference import SURVEY

CONTRACTS = {name: contract.without_pseudonyms() for name, contract in STORED.items()}
ASKED, BLANK = Missing.NOT_ASKED, Missing.BLANK


@cache
def reference() -> Edition:
    """The committed reference data as the warehouse holds them."""
    keys = {name: [(column, "ascending") for column in contract.key] for name, contract in CONTRACTS.items()}
    frames = published()
    tables = {
        name: in_contract(name, frames[name]).sort_by(keys[name]).drop_columns(STORED[name].pseudonyms)
        for name in CONTRACTS
    }
    return Edition(SURVEY, CONTRACTS, tables)


def words(name: str) -> dict[str, str]:
    return {"en": f"What about {name}?", "zh": f"{name} 如何？"}


def options(*names: str, **more: Any) -> dict[str, Any]:
    return {name: {"en": f"{name} it is", "zh": f"选{name}", **more} for name in names}


def small_survey(**questions: Any) -> Survey:
    """A matrix of choices, a ranking, a number without bounds, a gated text, a reserved name; or other questions."""
    library = {"type": "text", "required": True, "identifies": "library", **words("library")}
    asked = questions or {
        "contact": {"type": "text", "personal": True, **words("contact")},
        "mood": {
            "type": "single",
            **words("mood"),
            "options": {**options("good", "bad"), **options("other", specify=True, role="other")},
            "rows": {"today": words("today"), "tomorrow": words("tomorrow")},
        },
        "colours": {"type": "multiple", **words("colours"), "options": options("red", "green")},
        "order": {"type": "ranking", **words("order"), "options": options("one", "two", "three")},
        "balance": {"type": "integer", **words("balance")},
        "using": {"type": "integer", "minimum": 0, "maximum": 9, **words("using")},
        "why": {"type": "text", "asked_if": {"colours": "red"}, **words("why")},
        "remark": {"type": "text", **words("remark")},
    }
    return Survey.model_validate(
        {
            "edition": "2031",
            "title": {"en": "Small survey", "zh": "小调查"},
            "theme": {"en": "Things", "zh": "事物"},
            "platform": {"name": "wenjuanxing"},
            "fielding": {"opens": "2031-01-01", "closes": "2031-02-01", "timezone": "Asia/Shanghai"},
            "eligibility": {"staff_at_least": 1},
            "questions": {
                key: {**question, "number": number}
                for number, (key, question) in enumerate({"library": library, **asked}.items(), 1)
            },
        }
    )


ANSWERS: tuple[dict[str, Any], ...] = (
    {
        **{"mood__today": "good", "mood__tomorrow": "other", "mood__tomorrow__other": "cloudy", "colours": {"red"}},
        **{"order": ["two", "one"], "balance": -3, "using": 7, "why": "because", "remark": "甲" * 20000},
    },
    {
        **{"mood__today": BLANK, "mood__tomorrow": BLANK, "colours": BLANK, "order": BLANK, "balance": BLANK},
        **{"using": BLANK, "why": ASKED, "remark": BLANK},
    },
    {
        **{
            "mood__today": "bad",
            "mood__tomorrow": "bad",
            "colours": {"red", "green"},
            "order": ["three"],
            "balance": 0,
        },
        **{"using": ASKED, "why": BLANK, "remark": "=1+1"},
    },
)


def made(survey: Survey, answers: Sequence[Mapping[str, Any]] = ANSWERS) -> Edition:
    """An edition in which these answers were accepted, not reconstructed."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTRACTS}
    rows["editions"] = [{**reference().rows("editions")[0], "edition": survey.edition, "reconstructed": False}]
    for number, given in enumerate(answers, 1):
        one = {"edition": survey.edition, "submission_id": f"{survey.edition}-{number:04}"}
        of_file = {
            "sequence": number,
            "file": "a.xlsx",
            "row": number + 1,
            "submitted_at": datetime(2031, 1, 2, 3, 4, 5),
        }
        rows["submissions"].append({**one, **of_file, "status": "accepted", "errors": 0, "warnings": 0})
        for field in survey.fields():
            if field.key != survey.library and not field.question.personal:
                _put(rows, one, field, given)
    tables = {name: pa.Table.from_pylist(rows[name], CONTRACTS[name].arrow()) for name in CONTRACTS}
    return Edition(survey, CONTRACTS, tables)


def _put(rows: dict[str, list[dict[str, Any]]], one: dict[str, str], field: Field, given: Mapping[str, Any]) -> None:
    value = given[field.name]
    state = value.value if isinstance(value, Missing) else "answered"
    place = {**one, "question": field.key, "field": field.name, "state": state}
    for key in field.options:
        chosen = None if state != "answered" else int(key in value if field.type != "single" else key == value)
        rank = value.index(key) + 1 if field.type == "ranking" and chosen else None
        rows["selections"].append({**place, "option": key, "selected": chosen, "rank": rank})
        if f"{field.name}__{key}" in given:
            rows["answers"].append({**place, "option": key, "number": None, "text": given[f"{field.name}__{key}"]})
    if not field.options:
        number = value if isinstance(value, int) else None
        text = value if isinstance(value, str) else None
        rows["answers"].append({**place, "option": "", "number": number, "text": text})
