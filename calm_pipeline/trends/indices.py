"""`index_trends`: every index of either edition, as each defines it and over the options that count in both."""

from typing import Any

import numpy as np
import pandas as pd

from calm_pipeline import marts
from calm_pipeline.engine import collect
from calm_pipeline.statistics import change, holm
from calm_pipeline.survey import Survey
from calm_pipeline.trends.comparable import presence, verdict
from calm_pipeline.trends.questionnaires import FLAGS, Questionnaires
from calm_pipeline.trends.year import Year, shown

Row = dict[str, Any]
Items = set[tuple[str, str]]
"""Questions and options that count in an index."""

Test = tuple[str, str, str]
"""Definition, index and scope; where no option came or went both scopes are the same test."""

OF_AN_INDEX = tuple(name for name in FLAGS if name != "type_changed")  # the questions of an index are of one kind
DECIMALS = 12  # scores are rounded so; a change must not be what is left below


def index_trends(now: Year, last: Year | None, least: int) -> pd.DataFrame:
    """One row an index, definition and scope; no rows if there is no edition before.

    The scope `shared` counts only the options that count in both editions; an index that has none lacks it.
    Nothing is said of the libraries of both editions where these are fewer than `least`. All tests of a definition are
    one family; an index whose options are the same in both editions is tested once.
    """
    if last is None:
        return pd.DataFrame()
    both = Questionnaires(now.survey, last.survey)
    names = {**last.survey.indices, **now.survey.indices}
    rows = [shown(row, least) for name in names for row in _of_index(both, now, last, name)]
    return pd.DataFrame(_adjusted(rows)).assign(
        edition=now.survey.edition,
        previous_edition=last.survey.edition,
        reconstructed=now.reconstructed or last.reconstructed,
    )


def _of_index(both: Questionnaires, now: Year, last: Year, name: str) -> list[Row]:
    items, before = _items(now.survey, name), _items(last.survey, name)
    shared = items & before
    about: Row = {
        **{"index_name": name, "change": presence(bool(items), bool(before)), **_flags(both, shared)},
        "items_changed": items != before if items and before else None,
        "population_changed": both.population_changed,
    }
    rows = []
    for scope, counted, counted_before in (("all", items, before), ("shared", shared, shared)):
        if not (counted or counted_before):
            continue
        sizes = {"scope": scope, "items": len(counted) or None, "previous_items": len(counted_before) or None}
        against = {**about, about["change"]: True, "items_changed": about["items_changed"] and scope == "all"}
        scores, scores_before = _scores(now, name, counted), _scores(last, name, counted_before)
        for definition in marts.DEFINITIONS:
            figures = _figures(against, definition, scores, scores_before)
            rows.append({**about, **sizes, "definition": definition, **figures})
    return rows


def _adjusted(rows: list[Row]) -> list[Row]:
    """The rows with `panel_holm`."""
    adjusted: dict[Test, float | None] = {}
    for definition in marts.DEFINITIONS:
        family = {_test(row): row.get("panel_p") for row in rows if row["definition"] == definition}
        adjusted |= zip(family, holm(list(family.values())), strict=True)
    return [{**row, "panel_holm": adjusted[_test(row)]} for row in rows]


def _test(row: Row) -> Test:
    return row["definition"], row["index_name"], row["scope"] if row["items_changed"] else "all"


def _items(survey: Survey, name: str) -> Items:
    index = survey.indices.get(name)
    return {(key, option) for key in (index.questions if index else ()) for option in survey.questions[key].substantive}


def _flags(both: Questionnaires, shared: Items) -> Row:
    """Whether anything of a kind changed in any shared option or its question; nothing is said where none is shared."""
    found = [flags for key, option in shared if (flags := both.changes(key, option))]
    return {name: any(one[name] for one in found) if found else None for name in OF_AN_INDEX}


def _scores(year: Year, name: str, items: Items) -> pd.DataFrame | None:
    """The index over `items` only, a row a library, by the definitions of `index_scores`; None for no items."""
    if not items:
        return None
    scores = marts.index_scores(marts.index_ticks(year.selections, _cut(year.survey, name, items)))
    return collect(scores.join(year.accepted, "submission_id")).set_index("library_id").sort_index()


def _cut(survey: Survey, name: str, items: Items) -> Survey:
    """The survey as if it had one index, and in its questions no options but these."""
    questions = {
        key: (question := survey.questions[key]).model_copy(
            update={"options": {option: it for option, it in question.options.items() if (key, option) in items}}
        )
        for key in survey.indices[name].questions
        if any(key == asked for asked, _ in items)
    }
    index = survey.indices[name].model_copy(update={"questions": tuple(questions)})
    return survey.model_copy(update={"indices": {name: index}, "questions": questions})


def _figures(against: Row, definition: str, now: pd.DataFrame | None, last: pd.DataFrame | None) -> Row:
    """Both means and, unless something forbids it, what became of them."""
    scores, before = (None if frame is None else frame[definition].dropna().astype(float) for frame in (now, last))
    nobody = any(it is not None and it.empty for it in (scores, before))
    judged = verdict({**against, "within_editions": definition == "mean_z", "nobody_scored": nobody})
    means = {**_mean("", scores), **_mean("previous_", before)}
    if scores is None or before is None or judged["comparable"] == "no":
        return {**judged, **means}
    return {**judged, **means, **_moved(scores, before)}


def _mean(prefix: str, scores: "pd.Series[float] | None") -> Row:
    if scores is None or scores.empty:
        return {f"{prefix}n": None if scores is None else 0, f"{prefix}mean": None}
    return {f"{prefix}n": len(scores), f"{prefix}mean": round(float(scores.mean()), DECIMALS) + 0.0}


def _moved(scores: "pd.Series[float]", before: "pd.Series[float]") -> Row:
    moved = change.of_means(np.asarray(scores, np.float64), np.asarray(before, np.float64))
    paired = (scores - before).dropna().to_numpy()
    panel = change.of_paired_means(np.round(paired, DECIMALS))
    return {
        **{"difference": moved.value, "low": moved.low, "high": moved.high, "n_panel": len(paired)},
        **{"panel_difference": panel.value, "panel_low": panel.low, "panel_high": panel.high, "panel_p": panel.p},
    }
