"""Whether an export is by text or by number, told from its columns and cells."""

import re

from calm_pipeline.canonical import canonical
from calm_pipeline.errors import Place
from calm_pipeline.exports.file_name import Hint
from calm_pipeline.exports.grid import Grid
from calm_pipeline.exports.headers import Column, Kind, optioned, wordings
from calm_pipeline.exports.privacy import shown
from calm_pipeline.exports.recognise import Recognised
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.wenjuanxing import SILENCE_NUMBER, SILENCE_TEXT
from calm_pipeline.survey import Survey

FILLED = re.compile("〖.*〗$", re.DOTALL)
LONGEST_VOTE = 1000


def kind_of(grid: Grid, found: Recognised, survey: Survey, hint: Hint, file: str) -> Kind:
    """By the columns of multiple responses and rankings; failing those, by the cells of single choices; and only
    where both say nothing, by the name of the file. Raises ExportRefused if the columns contradict each other.
    """
    split = [column for column in found.columns if column.option is not None]
    whole = [column for column in found.columns if column.option is None and optioned(survey.questions[column.key])]
    if split and whole:
        place = found.columns[whole[0]]
        raise refusal("mixed_kinds", Place(file, 1, place, shown(grid.header[place])))
    if split or whole:
        return "number" if split else "text"
    votes = [_votes(grid, column, place, survey) for column, place in found.columns.items()]
    by_text, by_number = sum(text for text, _ in votes), sum(number for _, number in votes)
    if by_text == by_number:
        return "number" if hint.kind == "number" else "text"
    return "text" if by_text > by_number else "number"


def _votes(grid: Grid, column: Column, place: int, survey: Survey) -> tuple[int, int]:
    """How many different cells only an export by text would show, and how many only one by number."""
    options = survey.questions[column.key].options
    labels = {canonical(label) for option in options.values() for label in wordings(option)} if options else set()
    ordinals = {str(ordinal) for ordinal in range(1, len(options) + 1)} | set(SILENCE_NUMBER if options else ())
    cells = {cell for cell in grid.rows[f"c{place}"].unique().to_pylist() if cell and len(cell) <= LONGEST_VOTE}
    marks = SILENCE_TEXT if options else ()
    text = {cell for cell in cells if cell in marks or canonical(FILLED.sub("", cell)) in labels}
    number = {cell for cell in cells if cell.strip().removesuffix(".0") in ordinals}
    return len(text - number), len(number - text)
