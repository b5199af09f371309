"""How the platform writes down one answer, by option text and by option number."""

from collections.abc import Mapping

from calm_pipeline.exports.headers import Column, Kind
from calm_pipeline.exports.submission import Answer, Silence, Submission, Verbatim
from calm_pipeline.exports.wenjuanxing import BLANK, BLANK_NUMBER, JOINT, SKIPPED, SKIPPED_NUMBER, UNRANKED
from calm_pipeline.survey import Question, Survey

Cell = str | int
MARKS: dict[Kind, dict[Silence, Cell]] = {
    "text": {Silence.BLANK: BLANK, Silence.SKIPPED: SKIPPED},
    "number": {Silence.BLANK: BLANK_NUMBER, Silence.SKIPPED: SKIPPED_NUMBER},
}


def cell(survey: Survey, submission: Submission, column: Column, kind: Kind) -> Cell:
    """What stands in one cell of an export; `''` for an empty one."""
    question = survey.questions[column.key]
    if question.rows and column.row is None:
        parts = [submission.answers[Column(column.key, row).field] for row in question.rows]
        cells = [_cell(question, answer, column, kind) for answer in parts]
        return cells[0] if set(parts) <= set(Silence) and len(set(cells)) == 1 else JOINT.join(map(str, cells))
    return _cell(question, submission.answers[column.field], column, kind)


def _cell(question: Question, answer: Answer, column: Column, kind: Kind) -> Cell:
    if isinstance(answer, Silence):
        return MARKS[kind if question.options else "text"][answer]
    if isinstance(answer, Verbatim):
        return answer.text if kind == "text" else _verbatim(question, answer, column)
    if isinstance(answer, Mapping):
        return _text(question, answer) if kind == "text" else _number(question, answer, column)
    return answer


def _verbatim(question: Question, answer: Verbatim, column: Column) -> Cell:
    if isinstance(answer.number, str):
        return _numeral(answer.number)
    return _numeral(answer.number[list(question.options).index(column.option or "")])


def _numeral(text: str) -> Cell:
    return int(text) if text.removeprefix("-").isdecimal() and str(int(text)) == text else text


def _text(question: Question, chosen: Mapping[str, str]) -> str:
    ranking = question.type == "ranking"
    keys = list(chosen) if ranking else [key for key in question.options if key in chosen]
    labels = [question.options[key].zh + (f"〖{chosen[key]}〗" if chosen[key] else "") for key in keys]
    return ("→" if ranking else JOINT).join(labels) or BLANK


def _number(question: Question, chosen: Mapping[str, str], column: Column) -> Cell:
    if question.type == "ranking":
        return {key: rank for rank, key in enumerate(chosen, 1)}.get(column.option or "", UNRANKED)
    if question.type == "multiple":
        return int(column.option in chosen)
    places = [place for place, key in enumerate(question.options, 1) if key in chosen]
    return places[0] if places else BLANK_NUMBER
