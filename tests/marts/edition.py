"""A made-up edition of two indices and twelve libraries, small enough to reckon by hand."""

from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from calm_pipeline import marts
from calm_pipeline.published import Published
from calm_pipeline.survey import Survey
from tests.published import as_table
from tests.reference import DATABASE

OPTIONS = {"a": 5, "b": 4, "c": 4}
STAGES = ("done", "begun", "other")


def words(text: str) -> dict[str, str]:
    return {"en": text, "zh": text}


def survey(**more: Any) -> Survey:
    """Questions a, b (index `one`) and c (index `two`), each with an open last option; a stage; the library."""
    questions: dict[str, Any] = {
        "library": {**words("library"), "number": 1, "type": "text", "required": True, "identifies": "library"}
    }
    for number, (key, count) in enumerate(OPTIONS.items(), start=2):
        options = {f"{key}{n}": words(f"{key}{n}") for n in range(1, count)}
        options["other"] = {**words("other"), "role": "other"}
        questions[key] = {**words(key), "number": number, "type": "multiple", "options": options}
    stages = {name: words(name) for name in STAGES}
    questions["stage"] = {**words("stage"), "number": 9, "type": "single", "options": stages}
    return Survey.model_validate(
        {
            **{"edition": "2031", "title": words("t"), "theme": words("t"), "platform": {"name": "wenjuanxing"}},
            "fielding": {"opens": "2031-01-01", "closes": "2031-02-01", "timezone": "UTC"},
            "eligibility": {"staff_at_least": 10},
            "indices": {
                "one": {**words("one"), "questions": ["a", "b"]},
                "two": {**words("two"), "questions": ["c"]},
            },
            **{"stage": "stage", "questions": questions},
            **more,
        }
    )


def selections(ticks: list[dict[str, set[str] | None]], stages: list[str]) -> ir.Table:
    """The long table; `ticks` names by library what was ticked in each question, None for not asked."""
    rows = []
    for number, (ticked, stage) in enumerate(zip(ticks, stages, strict=True)):
        for key, question in survey().questions.items():
            chosen = {stage} if key == "stage" else ticked.get(key, set())
            for option in question.options:
                selected = None if chosen is None else int(option in chosen)
                state = "not_asked" if chosen is None else "answered"
                rows.append((f"2031-{number:02}", key, key, option, state, selected))
    names = ("submission_id", "question", "field", "option", "state")
    schema = pa.schema([("edition", pa.string()), *((n, pa.string()) for n in names), ("selected", pa.int64())])
    records = [dict(zip((*names, "selected"), row, strict=True), edition="2031") for row in rows]
    return ibis.memtable(pa.Table.from_pylist(records, schema))


def libraries(count: int) -> ir.Table:
    """A register of eligible libraries and one that is too small."""
    rows = [
        {
            **{"edition": "2031", "library_id": f"L{n:02}", "province": "甘肃" if n % 2 else "青海", "type": "normal"},
            **{"staff_count": 10 + n, "eligible": True},
        }
        for n in range(count)
    ]
    small = {"library_id": "S", "province": "青海", "type": "normal", "staff_count": 3, "eligible": False}
    return ibis.memtable(pa.Table.from_pylist([*rows, {**small, "edition": "2031"}]))


def evidence(chosen: ir.Table, published: Published | None = None, *, reconstructed: bool = False) -> marts.Evidence:
    """What claims of the made-up edition are tested on."""
    counts = marts.option_counts(chosen, libraries(30), survey())
    editions = ibis.memtable(pa.table({"reconstructed": [reconstructed]}))
    return marts.Evidence.from_tables(survey(), chosen, as_table(counts), editions, published)


def scores(chosen: ir.Table) -> ir.Table:
    return ibis.memtable(DATABASE.to_pyarrow(marts.index_scores(marts.index_ticks(chosen, survey()))))


def libraries_of_one_trait(n: int = 60) -> tuple[list[dict[str, set[str] | None]], list[str]]:
    """Libraries that tick more or less throughout; every third one is at the first stage and ticks most."""
    ticks, stages = [], []
    for number in range(n):
        level = number % 3
        ticked: dict[str, set[str] | None] = {}
        for key, count in OPTIONS.items():
            most = 1 + level + (number // 3 + len(ticked)) % 2
            ticked[key] = {f"{key}{one}" for one in range(1, min(most, count - 1) + 1)}
        ticks.append(ticked)
        stages.append("done" if level == 2 else "begun")
    return ticks, stages
