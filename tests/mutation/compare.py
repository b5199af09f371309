"""Whether an accepted submission says what its cells say, answer by answer."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from calm_pipeline import columns
from calm_pipeline.exports.headers import Kind
from calm_pipeline.survey import Field
from tests.mutation.bases import Base
from tests.mutation.meaning import Answer, Chosen, Said, seen

WITHHELD = "〔[^〔〕]*已隐去〕"


def differing(base: Base, row: Mapping[str, Any], said: Mapping[Kind, Said]) -> Iterator[str]:
    """The names of all answers of a clean row that differ from what was said in either kind of export."""
    words = said.get("text") or said["number"]
    for one in said.values():
        if row["submitted_at"] != one["submitted_at"]:
            yield "submitted_at"
    if row["library_id"] != words["library_id"]:
        yield "library_id"
    for field in base.survey.fields():
        if not _agrees(field, row, {kind: one[field.name] for kind, one in said.items()}, words):
            yield field.name


def _agrees(field: Field, row: Mapping[str, Any], said: Mapping[Kind, Answer], words: Said) -> bool:
    told = said.get("text", said.get("number"))
    if field.question.personal:
        return (row[columns.state(field.name)] == "answered") == (told is not None)
    if field.type in ("text", "upload"):
        return same_text(row[field.name], told, words["personal"])
    given = _given(field, row)
    if isinstance(given, tuple):
        agree = all(
            one == given if one is None else isinstance(one, Chosen) and one.keys == given for one in said.values()
        )
        return agree and _same_blanks(field, row, said, words["personal"])
    return all(one == given and type(one) is type(given) for one in said.values())


def _given(field: Field, row: Mapping[str, Any]) -> tuple[str, ...] | int | None:
    """The chosen options, or the number; None if there is no answer."""
    if row[columns.state(field.name)] != "answered":
        return None
    if field.type == "single":
        return (row[field.name],)
    if field.type == "multiple":
        return tuple(key for key in field.options if row[columns.tick(field.name, key)] == 1)
    if field.type == "ranking":
        ranks = {row[columns.rank(field.name, key)]: key for key in field.options}
        return tuple(ranks[place] for place in sorted(filter(None, ranks)))
    number: int | None = row[field.name]
    return number


def _same_blanks(field: Field, row: Mapping[str, Any], said: Mapping[Kind, Answer], personal: list[str]) -> bool:
    """Blanks are only written by text."""
    told = said.get("text")
    filled = told.blanks if isinstance(told, Chosen) else {}
    kept = {key: row.get(columns.specify(field.name, key)) for key in field.options}
    return all(same_text(kept[key], filled.get(key), personal) for key in field.options)


def same_text(kept: str | None, told: Any, personal: list[str]) -> bool:
    """Letter by letter, whatever nobody sees; where something was withheld, it must have been personal."""
    if kept is None or not isinstance(told, str):
        return kept is None and (told is None or not seen(told))
    pieces = "(.+)".join(re.escape(seen(piece)) for piece in re.split(WITHHELD, kept))
    found = re.fullmatch(pieces, seen(told))
    names = {seen(cell) for cell in personal}
    return found is not None and all(name in names or re.search(r"\d|@", name) for name in found.groups())
