"""`option_trends`: every option of either edition, with both shares and what became of them."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from calm_pipeline.engine import collect
from calm_pipeline.statistics import change, holm
from calm_pipeline.trends.comparable import presence, verdict
from calm_pipeline.trends.questionnaires import FLAGS, Questionnaires
from calm_pipeline.trends.year import PLACE, Year, panel, shown

Row = Mapping[Hashable, Any]
COUNTED = ("asked", "count", "share")
Place = tuple[str, ...]
"""Question, field and option."""


def option_trends(now: Year, last: Year | None, least: int) -> pd.DataFrame:
    """One row an option of either edition; no rows if there is no edition before.

    Which options an edition has, and their shares, is what its `option_counts` say. Differences are given only where
    the two may be compared, and nothing of the libraries of both editions where these are fewer than `least`. All tests
    of the pair of editions are one family.
    """
    if last is None:
        return pd.DataFrame()
    both = Questionnaires(now.survey, last.survey)
    counts, counts_before = _by_place(collect(now.counts)), _by_place(collect(last.counts))
    panels = _by_place(collect(panel(now, last)))
    rows = [
        shown(_row(both, place, counts.get(place), counts_before.get(place), panels.get(place)), least)
        for place in {**counts_before, **counts}
    ]
    adjusted = holm([row.get("panel_p") for row in rows])
    return pd.DataFrame([{**row, "panel_holm": p} for row, p in zip(rows, adjusted, strict=True)]).assign(
        edition=now.survey.edition,
        previous_edition=last.survey.edition,
        reconstructed=now.reconstructed or last.reconstructed,
    )


def _by_place(frame: pd.DataFrame) -> dict[Place, Row]:
    return {tuple(str(row[name]) for name in PLACE): row for row in frame.to_dict("records")}


def _row(both: Questionnaires, place: Place, now: Row | None, last: Row | None, panel: Row | None) -> dict[str, Any]:
    question, field, option = place
    present = presence(now is not None, last is not None)
    flags = both.changes(question, option, field.removeprefix(f"{question}__"))
    judged = verdict(
        {
            **(flags or {}),
            present: True,
            "population_changed": both.population_changed,
            "nobody_asked": now is not None and last is not None and 0 in (now["asked"], last["asked"]),
        }
    )
    return {
        **{"question": question, "field": field, "option": option, "change": present},
        **(flags or dict.fromkeys(FLAGS)),
        "population_changed": both.population_changed,
        **judged,
        **{name: now[name] for name in COUNTED if now},
        **{f"previous_{name}": last[name] for name in COUNTED if last},
        **(_figures(now, last, panel) if now and last and judged["comparable"] != "no" else {}),
    }


def _figures(now: Row, last: Row, panel: Row | None) -> dict[str, Any]:
    """What became of the share: over all who answered, and among the libraries that answered both times."""
    moved = change.of_shares(now["count"], now["asked"], last["count"], last["asked"])
    kept, gained, lost, n = (panel[name] for name in ("kept", "gained", "lost", "n")) if panel else (0, 0, 0, 0)
    paired = change.of_paired_shares(kept, gained, lost, n)
    return {
        **{"difference": moved.value, "low": moved.low, "high": moved.high},
        **{"n_panel": n, "gained": gained, "lost": lost},
        **{"panel_difference": paired.value, "panel_low": paired.low, "panel_high": paired.high, "panel_p": paired.p},
    }
