"""The reference data with an edition before it that is as large: the questionnaires differ, and so do the answers."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pandas as pd
import yaml

from calm_pipeline import normalize
from calm_pipeline.rules.consistency import rule_problems
from calm_pipeline.survey import Survey, load_survey
from calm_pipeline.trends import Year, index_trends, option_trends
from tests.published import as_table, in_contract, published
from tests.reference import SURVEY
from tests.report.warehouse import filled
from tests.trends.counted import counted
from tests.trends.reconstructed import second_survey

SEED, CHANGED, ALL_BUT = 20221122, 0.2, 20


@cache
def earlier() -> Survey:
    """The survey of 2022: an index of its own, a question that is gone, and one change of each kind."""
    said = second_survey()
    said["edition"] = "2022"
    said["fielding"] |= {"opens": "2022-03-01", "closes": "2022-06-30"}
    said["indices"]["stewardship"] = {"en": "Stewardship", "zh": "管理", "questions": ["incentives"]}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "2022.yaml"
        file.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return load_survey(file, rule_problems)


@cache
def both() -> duckdb.DuckDBPyConnection:
    """The warehouse of the later edition, with its trends and the words of the earlier one."""
    now, last = Year.of(SURVEY, lambda name: as_table(published()[name])), _last()
    made = {"option_trends": option_trends(now, last, 3), "index_trends": index_trends(now, last, 3)}
    words = {"questions": normalize.questions(earlier()), "options": normalize.options(earlier())}
    stored = {name: in_contract(name, frame).to_pandas() for name, frame in made.items()}
    worded = {
        name: pd.concat([published()[name], in_contract(name, frame).to_pandas()]) for name, frame in words.items()
    }
    return filled({**published(), **stored, **worded})


def _last() -> Year:
    """Fewer libraries, of whose answers some are others."""
    random, said = np.random.default_rng(SEED), published()["selections"].copy()
    changed = said["selected"].notna() & (random.random(len(said)) < CHANGED)
    said["selected"] = said["selected"].mask(changed, 1 - said["selected"])
    accepted = published()["submissions"].query("status == 'accepted'").iloc[ALL_BUT:]
    said = said[said["submission_id"].isin(accepted["submission_id"])]
    selections = as_table(said)
    return Year(
        earlier(), counted(selections, earlier()), selections, as_table(accepted)[["submission_id", "library_id"]], True
    )
