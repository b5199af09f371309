"""The accepted submissions as columns, one cell a submission, filled from the published tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.variables import Missing, Variable

Cell: TypeAlias = int | float | str | datetime | Missing | None
Matrix: TypeAlias = dict[str, list[Cell]]
_MISSING = {one.value: one for one in Missing}
_Rows: TypeAlias = Mapping[tuple[str, ...], Mapping[str, Any]]


def matrix(edition: Edition, variables: Sequence[Variable]) -> Matrix:
    """The cells of every variable by its name, in the order of the accepted submissions.

    A text that was not given is an empty string; another value that is not known for another reason than silence is
    None.
    """
    filled = _Filled(edition)
    return {one.name: [filled.cell(one, row) for row in edition.accepted] for one in variables}


class _Filled:
    """The long tables, found by submission, field and option."""

    def __init__(self, edition: Edition) -> None:
        self.selections = _keyed(edition.rows("selections"), "submission_id", "field", "option")
        self.answers = _keyed(edition.rows("answers"), "submission_id", "field", "option")
        self.scores = _keyed(edition.rows("index_scores"), "submission_id", "index_name")
        self.libraries = _keyed(edition.rows("libraries"), "library_id")

    def cell(self, one: Variable, submission: Mapping[str, Any]) -> Cell:
        first, second = one.source
        key = (submission["submission_id"], first, second)
        if one.kind in ("id", "time", "count"):
            row = submission if first == "submissions" else self.libraries.get((submission["library_id"],), {})
            value = row.get(second)
            return "" if value is None and one.is_text else value
        if one.kind == "score":
            return self.scores[key[:2]][second]  # type: ignore[no-any-return]
        if one.kind == "single":
            return self._chosen(one, key)
        if one.kind in ("tick", "rank"):
            return self._ticked(one, key)
        return self._answered(one, self.answers.get(key, {}))

    def _chosen(self, one: Variable, key: tuple[str, str, str]) -> Cell:
        options = one.field.options if one.field else {}
        rows = [self.selections[*key[:2], option] for option in options]
        chosen = next((number for number, row in enumerate(rows, 1) if row["selected"]), None)
        return chosen if chosen is not None else _MISSING[rows[0]["state"]]

    def _ticked(self, one: Variable, key: tuple[str, str, str]) -> Cell:
        row = self.selections[key]
        if row["state"] in _MISSING:
            return _MISSING[row["state"]]
        return int(row["selected"] if one.kind == "tick" else row["rank"] or 0)

    def _answered(self, one: Variable, row: Mapping[str, Any]) -> Cell:
        silence = _MISSING.get(row.get("state", "")) if one.silent else None
        if one.kind == "text":
            return row.get("text") or ""
        if silence is not None or one.kind == "state":
            return silence or 1
        return row["number"]  # type: ignore[no-any-return]


def _keyed(rows: Sequence[Mapping[str, Any]], *key: str) -> _Rows:
    return {tuple(row[name] for name in key): row for row in rows}
