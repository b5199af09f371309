"""The letters of an edition in a folder: after a run they are what the run decided, and files of others stay."""

import re
from collections.abc import Sequence
from pathlib import Path

from calm_pipeline.files import replace
from calm_pipeline.letters.case import Case
from calm_pipeline.letters.html import index_html, letter_html
from calm_pipeline.letters.json_twin import letter_json
from calm_pipeline.letters.workbook import desk_workbook
from calm_pipeline.survey import Survey

INDEX, DESK = "index.html", "desk.xlsx"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]*")
_HEAD = 400


def write_letters(cases: Sequence[Case], folder: Path, survey: Survey) -> list[Path]:
    """Write a letter and its JSON twin for each case, the desk's workbook and the index; return what was written.

    Letters about submissions that are no longer among the cases are removed. A reader finds a file as it was or as it
    is now, never half of it; nothing is written if one of the letters cannot be laid out.

    Raises:
        ValueError: two cases are about one submission, or an id cannot be the name of a file.
    """
    _check([case.submission_id for case in cases])
    files: dict[str, str | bytes] = {
        **{f"{case.submission_id}.html": letter_html(case) for case in cases},
        **{f"{case.submission_id}.json": letter_json(case) for case in cases},
        DESK: desk_workbook(cases, survey),
        INDEX: index_html(cases, survey.edition, survey.title),
    }
    folder.mkdir(parents=True, exist_ok=True)
    written = [replace(folder / name, content) for name, content in files.items()]
    for file in folder.iterdir():
        if file.name not in files and _is_letter(file):
            file.unlink()
    return written


def _check(ids: list[str]) -> None:
    if len(set(ids)) < len(ids):
        raise ValueError("two cases are about the same submission")
    if not all(_ID.fullmatch(one) and one.lower() != "index" for one in ids):
        raise ValueError("a submission id holds characters that a file name may not, or is the index's")


def _is_letter(file: Path) -> bool:
    """Whether the file is a letter of ours under its own name; a copy under another name belongs to whoever made it."""
    marks = {
        ".html": (f'<meta name="calm-letter" content="{file.stem}">',),
        ".json": ('"format": "calm-letter/', f'"submission_id": "{file.stem}"'),
    }.get(file.suffix)
    if marks is None or file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as content:
        head = content.read(_HEAD).decode("utf-8", "replace")
    return all(mark in head for mark in marks)
