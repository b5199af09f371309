"""What never leaves the reader: names, mobile numbers, and everything else that personal questions were answered."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline.canonical import INVISIBLE, canonical
from calm_pipeline.columns import GIVEN, GIVEN_OTHERWISE
from calm_pipeline.exports.contacts import PERHAPS
from calm_pipeline.exports.headers import wordings
from calm_pipeline.exports.masking import WITHHELD_NAME, is_the_name, without_contacts, without_names
from calm_pipeline.exports.names import ERASED, Names
from calm_pipeline.exports.wenjuanxing import JOINT, SILENCE_NUMBER, SILENCE_TEXT
from calm_pipeline.survey import Field, Survey

Cells: TypeAlias = "pa.Array[Any]"
Hide: TypeAlias = Callable[[str, list[str]], str]
SURELY_A_NAME = 3
FORMS, ANY = {"mobile": re.compile("1[3-9][0-9]{9}")}, re.compile("(?s).*")
SURELY, SURELY_WORDS = {"mobile": "^1[3-9][0-9]{9}$"}, r"^[\p{Han}A-Za-z][\p{Han}A-Za-z ]+$"
"""Answers of which nothing but that they were given is to be asked."""
NUMBER = re.compile("-?[0-9]{1,3}")
ORGANISATION = re.compile("图书|大学|学院|学校|librar|universit|college|institut", re.IGNORECASE)

HARMLESS = r"^(?:[0-9]{1,9}秒?|[0-9]{4}[/-][0-9]{1,2}[/-][0-9]{1,2} [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)$"
"""Counts, durations and times, which are no contact although they have as many digits; RE2."""
JOINTS, CONTACT = "[┋→]", re.compile(PERHAPS)
PART = re.compile("(?:[^┋→〖]|〖[^〖〗]*〗?)+")
FILLED = re.compile(r"〖[^〖〗]*〗?")
ADDRESS = re.compile(r"https?://[^\s┋;；，,()（）<>\"]+")
QUERY = re.compile(r"[?#][^\s┋]*")


def guard(platform: dict[str, Cells], cells: dict[str, Cells], survey: Survey, names: Names) -> dict[str, Cells]:
    """The columns of the platform and of each field without contact details and without the respondent's own name."""
    guarded = {
        name: _texts(column, names) if column.type == pa.string() else column for name, column in platform.items()
    }
    for field in survey.fields():
        column = cells[field.name]
        if field.question.personal:
            guarded[field.name] = _whether_given(column, field)
        elif field.options:
            guarded[field.name] = _choices(column, field, names)
        else:
            hide = _without_a_person if field.question.identifies else without_names
            guarded[field.name] = _texts(_files(column, field), names, hide)
    return guarded


def _whether_given(column: Cells, field: Field) -> Cells:
    form = FORMS.get(field.question.form or "", ANY)
    surely = pc.match_substring_regex(column, SURELY.get(field.question.form or "", SURELY_WORDS))
    rest = pc.if_else(surely, GIVEN, column)
    return _changed(
        rest, pc.invert(surely), lambda _, cell: cell if not cell or _is_silent(cell) else _as_given(cell, form)
    )


def _is_silent(cell: str) -> bool:
    marks = {"", *SILENCE_TEXT, *SILENCE_NUMBER}
    return {re.sub(INVISIBLE, "", part) for part in cell.split(JOINT)} <= marks


def _as_given(cell: str, form: re.Pattern[str]) -> str:
    known = next((given for given, mark in ERASED.items() if cell.strip() == mark), None)
    return known or (GIVEN if form.fullmatch(cell.strip()) else GIVEN_OTHERWISE)


def erased(cell: str, field: Field) -> str:
    """What stands in the place of a personal answer once it is erased; silence and what is erased stay as they are."""
    form = FORMS.get(field.question.form or "", ANY)
    return cell if _is_silent(cell) else ERASED[_as_given(cell, form)]


def _files(column: Cells, field: Field) -> Cells:
    if field.type != "upload":
        return column
    return pa.array([cell and file_names(cell) for cell in column.to_pylist()], pa.string())


def file_names(cell: str) -> str:
    """An upload cell without addresses and tokens.

    >>> file_names("https://example.org/a/b.docx?token=1┋https://example.org/x?attname=%E8%A1%A8.xlsx&e=2")
    'b.docx┋表.xlsx'
    """
    return QUERY.sub("", ADDRESS.sub(lambda address: _file_name(address[0]), cell))


def _file_name(address: str) -> str:
    try:
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
    except ValueError:
        return ""
    named = asked.get("attname") or asked.get("filename") or [unquote(parts.path).rpartition("/")[2]]
    return named[0]


def _texts(column: Cells, names: Names, hide: Hide = without_names) -> Cells:
    doubtful = pc.and_not(pc.match_substring_regex(column, PERHAPS), pc.match_substring_regex(column, HARMLESS))
    plain = _changed(column, doubtful, lambda _, cell: without_contacts(cell))
    return _changed(plain, names.perhaps_in(plain), lambda at, cell: hide(cell, names[at]))


def _without_a_person(cell: str, names: Sequence[str]) -> str:
    """A library's name without that of the respondent. What was typed into both cells may be the library's."""
    persons = [name for name in names if not ORGANISATION.search(name)]
    long = [name for name in persons if len(name) >= SURELY_A_NAME]
    return WITHHELD_NAME if any(is_the_name(cell, name) for name in persons) else without_names(cell, long)


def _choices(column: Cells, field: Field, names: Names) -> Cells:
    """Of a choice only what no option says is looked at: what was filled in, and what is no option's wording.

    Contacts are taken out of each different cell once; a name matters only where a cell may hold one of its row.
    """
    labels = {canonical(label) for option in field.options.values() for label in wordings(option)}
    known = labels | {canonical(mark) for mark in ("", *SILENCE_TEXT)}

    def hidden(cell: str, given: list[str]) -> str:
        forms = [canonical(name) for name in given]
        told_apart = [name for name, form in zip(given, forms, strict=True) if not any(form in one for one in labels)]
        return PART.sub(lambda part: _part(part[0], known, given, told_apart), cell)

    cells = column.dictionary_encode()
    strange = _with_strangers(cells.dictionary, known)
    plain = _changed(cells.dictionary, strange, lambda _, cell: hidden(cell, [])).take(cells.indices)
    doubtful = names.perhaps_in(plain, strange.take(cells.indices))
    return _changed(plain, doubtful, lambda at, _: hidden(column[at].as_py(), names[at]))


def _with_strangers(cells: Cells, known: Collection[str]) -> Cells:
    """Whether a part of a cell is no wording and no option's number; equal parts are looked at once."""
    parts: Any = pc.split_pattern_regex(cells, JOINTS)
    found = parts.flatten().dictionary_encode()
    odd = [not (NUMBER.fullmatch(part) or canonical(part) in known) for part in found.dictionary.to_pylist()]
    places = pc.list_parent_indices(parts).filter(pa.array(odd, pa.bool_()).take(found.indices))
    return pc.is_in(pa.array(np.arange(len(cells))), places.unique().cast(pa.int64()))


def _part(part: str, known: Collection[str], names: Sequence[str], told_apart: Sequence[str]) -> str:
    """One chosen option; its wording stays if it is one. A name that is a word of the options hides nothing else."""
    if canonical(FILLED.sub("", part)) in known:
        return FILLED.sub(lambda blank: _written(blank[0], names), part)
    return without_names(without_contacts(part), told_apart)


def _written(text: str, names: Sequence[str]) -> str:
    """A cell can have a hundred thousand blanks, and few of them may hold a contact."""
    plain = without_contacts(text) if CONTACT.search(text) else text
    return without_names(plain, names)


def shown(name: str) -> str:
    """A file's name as it may be printed and stored: no contact details, and escapes for what would not show."""
    plain = "".join(mark if _shows(mark) else mark.encode("unicode_escape").decode("ascii") for mark in name)
    return without_contacts(plain)


def shown_path(path: Path) -> str:
    """A path with the file's name as `shown`; a vintage's folder may look like a number and is none."""
    return str(path.with_name(shown(path.name)))


def shown_apart(names: Iterable[str]) -> list[str]:
    """Each name as `shown`, and numbered where only what is withheld told two of them apart.

    >>> shown_apart(["13800000000.csv", "13900000000.csv", "a.csv"])
    ['〔手机号已隐去〕.csv', '〔手机号已隐去〕.csv (2)', 'a.csv']
    """
    apart: dict[str, None] = {}
    for plain in map(shown, names):
        numbered = (f"{plain} ({n})" for n in count(2))
        apart[next(one for one in chain([plain], numbered) if one not in apart)] = None
    return list(apart)


def _shows(mark: str) -> bool:
    return unicodedata.category(mark)[0] != "C" and mark not in "\u2028\u2029"


def _changed(column: Cells, hits: Cells, change: Callable[[int, str], str]) -> Cells:
    """The column with `change(place, cell)` where `hits` is true; the others are not even looked at."""
    places = [place for place, hit in enumerate(hits.to_pylist()) if hit]
    if not places:
        return column
    cells: list[Any] = column.to_pylist()
    for place in places:
        cells[place] = change(place, cells[place])
    return pa.array(cells, pa.string())
