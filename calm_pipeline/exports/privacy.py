"""What never leaves the reader: names, mobile numbers, and everything else that personal questions were answered."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline.canonical import INVISIBLE
from calm_pipeline.columns import GIVEN, GIVEN_OTHERWISE
from calm_pipeline.exports.wenjuanxing import JOINT, SILENCE_NUMBER, SILENCE_TEXT
from calm_pipeline.survey import Field, Survey

Cells: TypeAlias = "pa.Array[Any]"
WITHHELD, WITHHELD_NAME = "〔手机号已隐去〕", "〔姓名已隐去〕"
SHORTEST_NAME = 2
FORMS, ANY = {"mobile": re.compile("1[3-9][0-9]{9}")}, re.compile("(?s).*")

_GAP = r"[\s\-‐‑–—－]?"
MOBILE = re.compile(
    rf"(?<![\d.])(?:(?:[+＋]|00)?{_GAP}86{_GAP})?[1１][3-9３-９]\d(?:{_GAP}\d){{8}}(?:\.0+)?(?!\d)"
    r"|(?<![\d.])1\.[3-9]\d*[eE]\+?10(?!\d)"
)
CONTACTS = (
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "〔邮箱已隐去〕"),
    (re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"), "〔IP已隐去〕"),
    (re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])"), "〔证件号已隐去〕"),
    (MOBILE, WITHHELD),
    (re.compile(r"(?<![\d.])0\d{2,3}[-‐‑–—－ ]?\d{7,8}(?!\d)"), "〔电话已隐去〕"),
)
HINT = r"@|\d{1,3}\.\d{1,3}\.|\d{17}|0\d{2,3}[-‐‑–—－ ]?\d{7}|[1１][.]?[\s\-‐‑–—－]?[3-9３-９]"
FILLED = re.compile(r"〖[^〖〗]*〗?")
ADDRESS = re.compile(r"https?://[^\s┋;；，,()（）<>\"]+")
QUERY = re.compile(r"[?#][^\s┋]*")


def guard(cells: dict[str, Cells], survey: Survey, *, ticks: bool) -> dict[str, Cells]:
    """The cells of each field without personal data; `ticks` if multiple responses and rankings are option numbers."""
    names = _names(cells, survey)
    guarded = {}
    for field in survey.fields():
        column = cells[field.name]
        if field.question.personal:
            guarded[field.name] = _whether_given(column, field)
        elif ticks and field.type in ("multiple", "ranking"):
            guarded[field.name] = column
        else:
            guarded[field.name] = _without_names(_without_contacts(_files(column, field)), field, names)
    return guarded


def _whether_given(column: Cells, field: Field) -> Cells:
    form = FORMS.get(field.question.form or "", ANY)
    cells = [cell and (cell if _is_silent(cell) else _as_given(cell, form)) for cell in column.to_pylist()]
    return pa.array(cells, pa.string())


def _is_silent(cell: str) -> bool:
    marks = {"", *SILENCE_TEXT, *SILENCE_NUMBER}
    return {re.sub(INVISIBLE, "", part) for part in cell.split(JOINT)} <= marks


def _as_given(cell: str, form: re.Pattern[str]) -> str:
    return GIVEN if form.fullmatch(cell.strip()) else GIVEN_OTHERWISE


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


def _without_contacts(column: Cells) -> Cells:
    return _changed(column, pc.match_substring_regex(column, HINT), lambda _, cell: without_contacts(cell))


def without_contacts(text: str) -> str:
    """Text without mobile and other telephone numbers, e-mail and network addresses, and identity card numbers."""
    for pattern, mark in CONTACTS:
        text = pattern.sub(mark, text)
    return text


def shown(name: str) -> str:
    """A file's name as it may be printed and stored: no contact details, and escapes for what would not show."""
    plain = "".join(mark if _shows(mark) else mark.encode("unicode_escape").decode("ascii") for mark in name)
    return without_contacts(plain)


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


def _without_names(column: Cells, field: Field, names: Sequence[list[str]]) -> Cells:
    """Names vanish from free text and from the blanks of options, not from the library's own name."""
    if not names or field.question.identifies:
        return column
    if field.options:
        hits = pc.match_substring(column, "〖")
        return _changed(column, hits, lambda at, cell: FILLED.sub(lambda blank: _hidden(blank[0], names[at]), cell))
    return _changed(column, pc.is_valid(column), lambda at, cell: _hidden(cell, names[at]))


def _changed(column: Cells, hits: Cells, change: Callable[[int, str], str]) -> Cells:
    """The column with `change(place, cell)` where `hits` is true; the others are not even looked at."""
    places = [place for place, hit in enumerate(hits.to_pylist()) if hit]
    if not places:
        return column
    cells: list[Any] = column.to_pylist()
    for place in places:
        cells[place] = change(place, cells[place])
    return pa.array(cells, pa.string())


def _names(cells: dict[str, Cells], survey: Survey) -> list[list[str]]:
    """For each row what its respondent answered to personal questions in words."""
    personal = [cells[field.name].to_pylist() for field in survey.fields() if field.question.personal]
    return [[cell.strip() for cell in row if cell and _is_name(cell.strip())] for row in zip(*personal, strict=True)]


def _is_name(cell: str) -> bool:
    return len(cell) >= SHORTEST_NAME and cell not in (*SILENCE_TEXT, *SILENCE_NUMBER) and not cell.isdecimal()


def _hidden(text: str, names: list[str]) -> str:
    for name in names:
        text = text.replace(name, WITHHELD_NAME)
    return text
