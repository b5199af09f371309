"""Items, reliability, coverage, variants and printed figures: against naive pandas, by hand, and with nobody there."""

from unittest import mock

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from calm_pipeline import marts, statistics
from calm_pipeline.groupings import Groupings
from calm_pipeline.marts import ticks as arrays
from calm_pipeline.marts.ticks import Ticks
from calm_pipeline.marts.variants import Variant, Variants
from calm_pipeline.published import Published
from tests.marts.edition import libraries, libraries_of_one_trait, scores, selections, survey, words
from tests.published import CONTRACTS, in_contract, published
from tests.reference import DATABASE, SURVEY, frame, tables

MADE = selections(*libraries_of_one_trait())
NOBODY = selections([], [])
GROUPINGS = Groupings.model_validate(
    {
        "threshold": 3,
        "rest": {"en": "Rest", "zh": "其余"},
        "groupings": {
            "province": {"column": "province", "en": "Province", "zh": "省份"},
            "type": {"column": "type", "en": "Type", "zh": "类型"},
            "staff_band": {"column": "staff_count", "begins": [12, 15], "en": "Staff", "zh": "职工人数"},
        },
    }
)
NEW = ("index_items", "reliability", "coverage", "claims", "claim_variants", "printed_statistics", "correlations")


def items_of(index: str) -> pd.DataFrame:
    rows = frame("selections")
    keys = SURVEY.indices[index].questions
    kept = [(key, option) for key in keys for option in SURVEY.questions[key].substantive]
    rows = rows[[pair in set(kept) for pair in zip(rows["question"], rows["option"], strict=True)]]
    wide = rows.pivot(index="submission_id", columns=["question", "option"], values="selected")
    return wide.astype(float).fillna(0)[kept]


def test_items_against_pandas() -> None:
    found = published()["index_items"].set_index(["index_name", "question", "option"])
    for index in SURVEY.indices:
        items = items_of(index)
        assert len(items.columns) == len(found.loc[index])
        for key in items.columns:
            row, column = found.loc[(index, *key)], items[key]
            assert (row["n"], row["count"]) == (len(items), column.sum())
            assert row["variance"] == pytest.approx(column.var(ddof=0))
            assert row["varies"] == (column.nunique() > 1)
            if row["varies"]:
                rest = items.drop(columns=[key]).sum(axis=1)
                assert row["item_rest"] == pytest.approx(column.corr(rest))
            else:
                assert pd.isna(row["item_rest"])


def test_reliability_against_pandas() -> None:
    found = published()["reliability"].set_index("index_name")
    for index in SURVEY.indices:
        items = items_of(index)
        k = len(items.columns)
        kr20 = k / (k - 1) * (1 - items.var(ddof=0).sum() / items.sum(axis=1).var(ddof=0))
        assert found.loc[index, "kr20"] == pytest.approx(kr20)
        assert found.loc[index, "kr20_low"] < kr20 < found.loc[index, "kr20_high"]
        by_question = items.T.groupby(level=0).sum().T
        assert found.loc[index, "alpha_questions"] == pytest.approx(statistics.alpha(by_question.to_numpy()))
        assert kr20 - 0.01 < found.loc[index, "omega"] < 1
    assert found.loc["benefit", "constant"] == 3
    assert "information_channels.homepage" in found.loc["benefit", "constant_items"]
    assert pd.isna(found.loc["trust", "constant_items"])


@pytest.mark.parametrize("definition", marts.DEFINITIONS)
def test_the_plain_variant_is_the_index(definition: str) -> None:
    variants = Variants(SURVEY, Ticks.from_table(tables()["selections"], SURVEY))
    wide = DATABASE.to_pyarrow(marts.index_scores(marts.index_ticks(tables()["selections"], SURVEY))).to_pandas()
    wide = wide.pivot(index="submission_id", columns="index_name", values=definition).sort_index()
    for index in SURVEY.indices:
        difference = variants.scores(Variant(definition), index) - wide[index].to_numpy(float)
        np.testing.assert_allclose(difference, difference[0], atol=1e-9)


def test_others_count_and_a_question_is_left_out() -> None:
    ticks = [{"a": {"a1", "other"}, "b": {"b1", "b2"}, "c": {"c1"}}, {"a": None, "b": {"b1"}, "c": set()}]
    variants = Variants(survey(), Ticks.from_table(selections(ticks, ["done", "begun"]), survey()))
    assert variants.scores(Variant("sum"), "one").tolist() == [3, 1]
    assert variants.scores(Variant("sum", others=True), "one").tolist() == [4, 1]
    assert variants.scores(Variant("sum", left_out="a"), "one").tolist() == [2, 1]
    assert variants.scores(Variant("mean_share"), "one") == pytest.approx([(1 / 4 + 2 / 3) / 2, 1 / 3])
    left_alone = variants.scores(Variant("mean_share", left_out="b"), "one")
    assert left_alone[0] == 0.25
    assert np.isnan(left_alone[1]), "nothing that counts was asked"


def test_distinct_is_said_in_the_correlations() -> None:
    rows = marts.correlations(scores(MADE), MADE, survey())
    assert len(rows) == 3
    assert not rows["distinct"].any(), "one trait was put into both indices"
    assert (rows["disattenuated"] > rows["pearson"]).all()


def test_nobody_asked() -> None:
    items = marts.index_items(NOBODY, survey())
    assert len(items) == 4 + 3 + 3
    assert not items["varies"].any()
    assert items[["share", "variance", "item_rest", "alpha_without"]].isna().all().all()
    reliability = marts.reliability(NOBODY, survey())
    assert list(reliability["constant"]) == [7, 3]
    assert reliability[["kr20", "omega", "alpha_questions"]].isna().all().all()
    rows = marts.correlations(scores(NOBODY), NOBODY, survey())
    assert rows[["pearson", "bootstrap_low", "disattenuated", "distinct"]].isna().all().all()
    assert marts.stage_comparison(scores(NOBODY), NOBODY, survey(), GROUPINGS).empty


@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_libraries(n: int) -> None:
    made = selections(*libraries_of_one_trait(n))
    assert marts.reliability(made, survey())["kr20"].isna().all()
    stages = marts.stage_comparison(scores(made), made, survey(), GROUPINGS)
    assert stages[["welch_p", "welch_holm", "hedges_g"]].isna().all().all()
    assert marts.correlations(scores(made), made, survey())["n"].tolist()[:2] == [n] * 2


@pytest.mark.parametrize("name", NEW)
def test_no_nan_reaches_a_table(name: str) -> None:
    table = in_contract(name, published()[name])
    for field in table.schema:
        if pa.types.is_floating(field.type):
            assert not np.isnan(table[field.name].drop_null().to_numpy()).any(), field.name
        assert CONTRACTS[name].columns[field.name].nullable or table[field.name].null_count == 0


def submissions(*answered: str) -> ibis.Table:
    rows = [{"library_id": name, "status": "accepted"} for name in answered]
    schema = pa.schema([("library_id", pa.string()), ("status", pa.string())])
    return ibis.memtable(pa.Table.from_pylist([*rows, {"library_id": "L09", "status": "quarantined"}], schema))


def test_coverage_by_hand() -> None:
    answered = submissions("L00", "L01", "L02", "L03", "L04", "L05", "L07", "S")
    found = marts.coverage(libraries(20), answered, survey(), GROUPINGS)
    total = found[found["grouped_by"] == "total"].iloc[0]
    assert (total["population"], total["respondents"], total["response_rate"]) == (20, 7, 0.35)
    assert total["finite_population_correction"] == pytest.approx((13 / 19) ** 0.5)
    west = found[found["group_name"] == "甘肃"].iloc[0]
    assert (west["population"], west["respondents"], west["protection"]) == (10, 4, "none")
    assert west["difference"] == pytest.approx(4 / 7 - 1 / 2)
    chi_square = sum((o - e) ** 2 / e for o, e in zip((4, 6, 3, 7), (3.5, 6.5, 3.5, 6.5), strict=True))
    assert west["chi_square"] == pytest.approx(chi_square)
    assert west["smallest_expected"] == 3.5
    bands = found[found["grouped_by"] == "staff_band"]
    assert bands["population"].tolist() == [2, 3, 15]
    assert bands["protection"].tolist() == ["suppressed"] * 3, (
        "two answered of two, three of three, and two of the rest"
    )
    assert bands[["respondents", "response_rate", "respondent_share", "difference", "chi_square"]].isna().all().all()
    assert bands[["group_name", "position"]].to_numpy().tolist() == [["0-11", 1], ["12-14", 2], ["15+", 3]]
    assert bands["label_zh"].tolist()[2] == "15 人及以上"


def test_who_answered_cannot_be_worked_out_from_coverage_and_groups() -> None:
    coverage, groups = published()["coverage"], published()["groups"]
    of_province = coverage[coverage["grouped_by"] == "province"]
    hidden, shown = (of_province[of_province["protection"] == kind] for kind in ("suppressed", "none"))
    assert len(hidden) > 2
    assert hidden["respondents"].isna().all()
    assert shown["respondents"].between(3, shown["population"] - 3).all()
    assert not set(hidden["group_name"]) & set(groups["group_name"])
    left, room = coverage["respondents"].iloc[0] - shown["respondents"].sum(), hidden["population"].sum()
    for population in hidden["population"]:
        assert min(population, left) - max(0, left - (room - population)) >= 3


@pytest.mark.parametrize(
    ("sizes", "hidden", "with_extremes"),
    [
        ((12, 11, 10), set(), {"done", "begun", "other"}),
        ((12, 9, 3), set(), {"done"}),
        ((12, 9, 2), {"begun", "other"}, {"done"}),
        ((12, 2, 2), {"begun", "other"}, {"done"}),
        ((12, 1, 0), {"done", "begun"}, set()),
    ],
)
def test_no_score_of_few_libraries_is_shown(sizes: tuple[int, ...], hidden: set[str], with_extremes: set[str]) -> None:
    stages = [stage for stage, n in zip(("done", "begun", "other"), sizes, strict=True) for _ in range(n)]
    made = selections(libraries_of_one_trait(sum(sizes))[0], stages)
    found = marts.stage_comparison(scores(made), made, survey(), GROUPINGS).set_index("stage")
    empty = found.isna()
    scored = ["mean", "sd", "median", "rest_mean", "difference", "hedges_g", "cliffs_delta", "superiority"]
    assert set(found.index[empty[scored].all(axis=1)]) == hidden == set(found.index[found["protection"] != "none"])
    assert not empty[["n", "rest_n"]].any(axis=None)
    assert set(found.index[~empty["minimum"] & ~empty["maximum"]]) == with_extremes


def test_coverage_without_answers_or_register() -> None:
    nobody = marts.coverage(libraries(4), submissions(), survey(), GROUPINGS)
    assert nobody["respondents"].iloc[0] == 0
    assert set(nobody["protection"][1:]) <= {"none", "suppressed"}
    assert nobody[["chi_square", "respondent_share", "difference"]].isna().all().all()
    assert marts.coverage(libraries(0), submissions(), survey(), GROUPINGS).empty


FIGURES = [
    *(("correlation", "benefit.trust", 0.79, 0.712, 0.849), ("correlation", "benefit.engagement", 0.73, 0.635, 0.803)),
    *(("correlation", "trust.engagement", 0.75, 0.660, 0.819), ("first component", "benefit.trust.engagement", 0.84)),
    *(("partial correlation", "benefit.trust", 0.54, 0.40, 0.65),),
    *(("partial correlation", "benefit.engagement", 0.34, 0.17, 0.49),),
    *(
        ("partial correlation", "trust.engagement", 0.41, 0.25, 0.55),
        ("share", "stage.systematic", 0.098, 0.057, 0.164),
    ),
]


@pytest.mark.parametrize("row", FIGURES, ids=[f"{row[0]}-{row[1]}" for row in FIGURES])
def test_printed_figures(row: tuple[str, str, float]) -> None:
    found = published()["printed_statistics"].set_index(["statistic", "subject"]).loc[row[:2]]
    wanted = row[2:]
    tolerance = 6e-4 if row[0] == "correlation" else 6e-3
    assert [found["value"], found["low"], found["high"]][: len(wanted)] == pytest.approx(wanted, abs=tolerance)


def test_an_incomplete_matrix_has_no_partial_correlations() -> None:
    figures = {"edition": "2031", "base": 20, "source": words("s")}
    cells = [
        {"row": "one", "column": "two", "r": "0.5", "line": 1},
        {"row": "one", "column": "six", "r": "0", "line": 2},
    ]
    found = marts.printed_statistics(Published.model_validate({**figures, "correlations": cells}), "2031")
    assert list(found["statistic"]) == ["correlation"] * 2
    assert marts.printed_statistics(None, "2031").empty
    assert list(found["holm"]) == pytest.approx([2 * found["p"][0], 1.0])


def test_a_printed_count_above_the_base_is_no_share_and_reconciliation_tells_of_it() -> None:
    figures = {"edition": "2031", "base": 20, "source": words("s")}
    rows = {"methods": {"one": (20, "100%", 1), "two": (21, "105%", 2)}}
    found = marts.printed_statistics(Published.model_validate({**figures, "tables": rows}), "2031")
    assert list(found["line"]) == [1, 2]
    assert list(found["value"].notna()) == list(found["high"].notna()) == [True, False]
    assert found["high"][0] == 1
    assert in_contract("printed_statistics", found)["value"].null_count == 1


def test_ticks_are_those_of_the_rows_however_many_fit_into_a_number() -> None:
    rows = frame("selections").set_index(["question", "option"]).sort_index()
    with mock.patch.object(arrays, "BITS", 3):
        found = Ticks.from_table(tables()["selections"], SURVEY)
    assert found.n == rows["submission_id"].nunique()
    for key, ticked in found.ticked.items():
        for place, option in enumerate(SURVEY.questions[key].options):
            expected = rows.loc[(key, option)].sort_values("submission_id")
            assert ticked[:, place].tolist() == expected["selected"].fillna(0).tolist()
            assert found.asked[key].tolist() == (expected["state"] != "not_asked").tolist()
