"""What the cells of an export say, read naively: no frames, no engine, none of the pipeline's own ways to compare."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from calm_pipeline.exports.headers import Column, Kind
from calm_pipeline.survey import Field, Option
from tests.mutation.bases import Base, Owner, Records

SILENCE = {"", "(空)", "(跳过)", "（空）", "（跳过）"}
SILENT_NUMBER = {"-2", "-3"}
WIDE = str.maketrans("０１２３４５６７８９－．", "0123456789-.")
LIKE = str.maketrans("‐‑‒–—―−﹣“”„‘’‚、。【】〔〕", "--------\"\"\"''',.[]()")
PLEASE = re.compile(r"[.,:;(\[]*(please ?specify|请注明|请说明)[:_)\]]*")


@dataclass(frozen=True)
class Bad:
    """An answer that means nothing, or more than one thing: whoever gives it may not be accepted."""


@dataclass(frozen=True)
class Chosen:
    """Options in the order of the questionnaire or, in a ranking, of their places; and what was written into blanks."""

    keys: tuple[str, ...]
    blanks: Mapping[str, str]


Answer = str | int | Chosen | Bad | None
Said = dict[str, Any]


def seen(text: str) -> str:
    """The characters of a text that somebody can see."""
    return "".join(mark for mark in text if unicodedata.category(mark)[0] not in "CZ")


@lru_cache(1 << 14)
def plain(text: str) -> str:
    """A label whatever its width, case, spaces, dashes and quotation marks, and without the request to specify."""
    return PLEASE.sub("", unicodedata.normalize("NFKC", seen(text).translate(LIKE)).casefold().translate(LIKE))


def meaning(base: Base, kind: Kind, records: Records | None) -> dict[int, Said] | None:
    """The answers of each submission by 序号; None if the cells have no single meaning."""
    if not records or len({len(row) for row in records}) != 1 or not all(any(row) for row in records):
        return None
    owned = _owners(base, kind, records[0])
    if owned is None:
        return None
    rows = [{owner: cell for owner, cell in zip(owned, row, strict=True) if owner} for row in records[1:]]
    made: dict[int, Said] = {}
    numbered = any(row.get("sequence") for row in rows)
    for place, row in enumerate(rows, 1):
        sequence = _integer(row.get("sequence", "")) if numbered else place
        if not isinstance(sequence, int) or sequence in made:
            return None
        made[sequence] = _said(base, kind, row)
    return made


def _owners(base: Base, kind: Kind, header: list[str]) -> list[Owner | None] | None:
    """By title where it is known; an unknown title leaves a question's column what it was, if none came or went."""
    known = {plain(title): owner for title, owner in base.owners(kind).items()}
    before = [known[plain(title)] for title in base.records[kind][0]]
    owned: list[Owner | None] = [known.get(plain(title)) for title in header]
    if len(header) == len(before):
        kept = [old if isinstance(old, Column) and old not in owned else None for old in before]
        owned = [one or old for one, old in zip(owned, kept, strict=True)]
    named = [one for one in owned if one is not None]
    complete = {one for one in before if isinstance(one, Column)} <= set(named)
    return owned if complete and len(set(named)) == len(named) else None


def _said(base: Base, kind: Kind, row: Mapping[Owner, str]) -> Said:
    survey = base.survey
    said: Said = {field.name: _answer(field, kind, row) for field in survey.fields()}
    said["submitted_at"] = _moment(row.get("submitted_at", ""))
    source, library = plain(row.get("source", "")), plain(row[Column(survey.library)])
    counted = survey.not_counted
    said["dropped"] = source in map(plain, counted.sources) or library in map(plain, counted.libraries)
    ids = {found[0] for name, found in base.register.owners.items() if plain(name) == library and len(found) == 1}
    said["library_id"] = ids.pop() if len(ids) == 1 else None
    said["personal"] = [row[Column(one.key)] for one in survey.fields() if one.question.personal]
    return said


def _answer(field: Field, kind: Kind, row: Mapping[Owner, str]) -> Answer:
    options, own = list(field.options), Column(field.key, field.row)
    if kind == "number" and field.type in ("multiple", "ranking"):
        return _by_columns(field, [row[Column(field.key, None, key)].strip().removesuffix(".0") for key in options])
    cell = row[own]
    low, _ = field.bounds
    numbers = SILENT_NUMBER if kind == "number" and (options or (low is not None and low >= 0)) else set()
    if (
        cell.strip() in SILENCE
        or set(cell.split("┋")) <= numbers
        or (field.type in ("text", "upload") and not seen(cell))
    ):
        return None
    if field.type == "integer":
        return _integer(cell)
    if field.type in ("text", "upload"):
        return re.split("[?#]", cell)[0] if field.type == "upload" else cell
    if kind == "number":
        place = cell.strip().removesuffix(".0")
        return Chosen((options[int(place) - 1],), {}) if place in {str(n) for n, _ in enumerate(options, 1)} else Bad()
    return _by_text(field, cell)


def _integer(cell: str) -> int | Bad:
    number = re.fullmatch(r"(-?[0-9]+)(\.0+)?", cell.translate(WIDE).strip())
    return int(number[1]) if number else Bad()


def _moment(cell: str) -> datetime | Bad:
    try:
        return datetime(*map(int, re.findall("[0-9]+", cell)))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return Bad()


def _by_columns(field: Field, cells: list[str]) -> Answer:
    options = list(field.options)
    if set(cells) <= {"-2", "-3", ""} or (field.type == "multiple" and set(cells) <= {"0", "-2", ""}):
        return None
    if field.type == "multiple":
        return (
            Chosen(tuple(key for key, cell in zip(options, cells, strict=True) if cell == "1"), {})
            if set(cells) <= {"0", "1"}
            else Bad()
        )
    ranks = {cell: key for key, cell in zip(options, cells, strict=True) if cell not in ("-2", "")}
    wanted = [str(place) for place in range(1, len(ranks) + 1)]
    placed = sum(cell not in ("-2", "") for cell in cells)
    return (
        Chosen(tuple(ranks[place] for place in wanted), {})
        if sorted(ranks) == wanted and placed == len(ranks)
        else Bad()
    )


def _by_text(field: Field, cell: str) -> Answer:
    """Tokens between the separators outside 〖 〗; each must be one option, and none may come twice."""
    tokens = re.findall("((?:〖[^〗]*〗|[^┋→〖])+)", cell) if cell.count("〖") == cell.count("〗") else []
    labels = {plain(label): key for key, option in field.options.items() for label in _labels(option)}
    chosen: dict[str, str] = {}
    for token in tokens:
        key = labels.get(plain(re.sub("〖[^〗]*〗", "", token)))
        if key is None or key in chosen:
            return Bad()
        filled = re.search("〖([^〗]*)〗", token)
        chosen[key] = filled[1] if filled else ""
    separators = re.sub("〖[^〗]*〗", "", cell)
    if not chosen or len(re.split("[┋→]", separators)) != len(chosen) or (field.type == "single" and len(chosen) > 1):
        return Bad()
    blanks = {key: text for key, text in chosen.items() if seen(text)}
    keys = chosen if field.type == "ranking" else [key for key in field.options if key in chosen]
    return Chosen(tuple(keys), blanks)


def _labels(option: Option) -> tuple[str, ...]:
    return (option.zh, option.en, *option.aliases)
