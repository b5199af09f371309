"""Whether an export has all the columns of a survey, and which edition it would fit instead."""

from collections.abc import Sequence
from difflib import get_close_matches

from calm_pipeline.canonical import canonical
from calm_pipeline.errors import ExportRefused, Message, Place, letter
from calm_pipeline.exports.headers import Column, Kind, blanks, layout
from calm_pipeline.exports.recognise import Recognised, recognise
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.survey import Survey

KINDS: tuple[Kind, ...] = ("text", "number")


def check_complete(header: list[str], found: Recognised, survey: Survey, kind: Kind, file: str) -> None:
    """Raise ExportRefused unless every question of the survey has its columns."""
    for column, title in layout(survey, kind):
        question = survey.questions[column.key]
        if column not in found.columns and not (blanks(question) and Column(column.key) in found.columns):
            raise _missing(header, found, survey, column, title, file)


def _missing(
    header: list[str], found: Recognised, survey: Survey, column: Column, title: str, file: str
) -> ExportRefused:
    """Says where the headers stand that come nearest, so that a changed wording is recognised by a person.

    They are not quoted: whoever adds a column can write a name over it.
    """
    places = {canonical(header[place]): place for place in found.extra}
    near = [places[form] for form in get_close_matches(canonical(title), places, n=3, cutoff=0.4)]
    named = ", ".join(map(letter, near))
    return refusal(
        "missing_column",
        Place(file, 1),
        number=survey.questions[column.key].number,
        title=title,
        edition=survey.edition,
        nearest=Message(f"The nearest headers stand over column(s) {named}.", f"最接近的表头所在的列：{named}。")
        if near
        else Message("No header comes near it.", "没有相近的表头。"),
    )


def fitting(header: list[str], surveys: Sequence[Survey], file: str) -> list[str]:
    """The editions whose questions all stand in the header, by text or by number."""
    return [survey.edition for survey in surveys if any(_fits(header, survey, kind, file) for kind in KINDS)]


def _fits(header: list[str], survey: Survey, kind: Kind, file: str) -> bool:
    try:
        check_complete(header, recognise(header, survey, file), survey, kind, file)
    except ExportRefused:
        return False
    return True
