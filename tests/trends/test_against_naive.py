"""The 2023 edition and a reconstructed one after it: every row of both tables against plain sets, and more."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from calm_pipeline.engine import value
from calm_pipeline.expectations import judge, suite_of
from calm_pipeline.survey import Survey
from calm_pipeline.trends import Year, current, index_trends, option_trends
from tests.published import CONTRACTS, as_table, in_contract
from tests.reference import SURVEY
from tests.trends.counted import counted
from tests.trends.reconstructed import AGAIN, FURTHER, MOVES, NEWCOMERS, Made, Ticks, make

Said = dict[str, Ticks]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("second"))


@pytest.fixture(scope="module")
def options(made: Made) -> pd.DataFrame:
    return (
        in_contract("option_trends", option_trends(made.now, made.last, 1)).to_pandas().set_index(["field", "option"])
    )


@pytest.fixture(scope="module")
def indices(made: Made) -> pd.DataFrame:
    frame = in_contract("index_trends", index_trends(made.now, made.last, 1)).to_pandas()
    return frame.set_index(["index_name", "definition", "scope"])


def places(survey: Survey) -> set[tuple[str, str]]:
    return {(field.name, option) for field in survey.choices() for option in field.options}


def test_both_editions_are_accepted_whole(made: Made) -> None:
    assert value(made.now.accepted.count()) == AGAIN + NEWCOMERS == len(made.said)
    assert len(made.said.keys() & made.said_before.keys()) == AGAIN
    assert made.now.reconstructed
    assert made.last.reconstructed


def test_every_option_of_either_edition_has_one_row(made: Made, options: pd.DataFrame) -> None:
    now, last = places(made.now.survey), places(SURVEY)
    assert options.index.is_unique
    assert set(options.index) == now | last
    assert set(options.index[options["change"] == "new"]) == now - last
    assert set(options.index[options["change"] == "gone"]) == last - now
    assert {"ai_use", "information_channels"} == {field for field, _ in now - last}
    assert {"user_experience", "information_channels"} == {field for field, _ in last - now}


def test_what_changed_is_found_where_it_was_changed_and_nowhere_else(options: pd.DataFrame) -> None:
    def changed(flag: str) -> set[Any]:
        found = options[options[f"{flag}_changed"].eq(True)]
        return {name if flag != "wording" or name == "services" else (name, it) for name, it in found.index}

    assert changed("wording") == {"services", ("annual_events", "book_day")}
    assert changed("options") == {"information_channels"}
    assert changed("base") == {"training_types"}
    assert changed("required") == {"protocols"}
    assert changed("type") == {"challenges"}
    careful = {"services", "information_channels", "training_types", "protocols"}
    for (field, option), row in options.iterrows():
        expected = "with care" if field in careful or option == "book_day" else "yes"
        if row["change"] != "continued" or field == "challenges":
            expected = "no"
        assert row["comparable"] == expected, (field, option)


def asked(said: Said, field: str) -> dict[str, set[str]]:
    return {library: found for library, ticks in said.items() if (found := ticks.get(field)) is not None}


def test_counts_and_intervals_of_every_row(made: Made, options: pd.DataFrame) -> None:
    for (field, option), row in options.iterrows():
        figures = []
        for prefix, said in (("", made.said), ("previous_", made.said_before)):
            base = asked(said, field)
            count = sum(option in ticks for ticks in base.values())
            if row["change"] == ("gone" if said is made.said else "new"):
                assert row[[f"{prefix}asked", f"{prefix}count", f"{prefix}share"]].isna().all()
            else:
                assert (row[f"{prefix}asked"], row[f"{prefix}count"]) == (len(base), count)
                assert row[f"{prefix}share"] == count / len(base)
            figures += [count, len(base)]
        if row["comparable"] == "no":
            assert row["difference":"panel_p"].isna().all()
            continue
        assert row["difference"] == pytest.approx(row["share"] - row["previous_share"], abs=1e-15)
        expected = confint_proportions_2indep(*figures, method="newcomb", compare="diff")
        assert (row["low"], row["high"]) == pytest.approx(expected, abs=1e-9)


def test_the_panel_of_every_row(made: Made, options: pd.DataFrame) -> None:
    for (field, option), row in options[options["comparable"] != "no"].iterrows():
        now, last = asked(made.said, field), asked(made.said_before, field)
        pairs = [(option in last[library], option in now[library]) for library in now.keys() & last.keys()]
        counts = pd.crosstab(*([pair[n] for pair in pairs] for n in (0, 1))).reindex(
            index=[False, True], columns=[False, True], fill_value=0
        )
        gained, lost = counts.loc[False, True], counts.loc[True, False]
        assert (row["n_panel"], row["gained"], row["lost"]) == (len(pairs), gained, lost), (field, option)
        assert row["panel_difference"] == (gained - lost) / len(pairs)
        assert row["panel_low"] <= row["panel_difference"] <= row["panel_high"]
        assert row["panel_p"] == pytest.approx(mcnemar(counts.to_numpy(), exact=True).pvalue, abs=1e-12)


def test_all_tests_of_the_two_editions_are_one_family(options: pd.DataFrame, indices: pd.DataFrame) -> None:
    _one_family(options)
    for definition in ("sum", "mean_share"):
        tests = indices.xs(definition, level="definition")
        twice = [(name, "shared") for name in ("trust", "engagement")]
        alike = tests.loc[[(name, "all") for name, _ in twice], "panel_holm"]
        assert list(tests.loc[twice, "panel_holm"]) == list(alike)
        _one_family(tests.drop(twice))
    assert indices.xs("mean_z", level="definition")["panel_holm"].isna().all()


def _one_family(tests: pd.DataFrame) -> None:
    assert tests["panel_holm"].isna().equals(tests["panel_p"].isna())
    made = tests.dropna(subset="panel_p")
    expected = multipletests(made["panel_p"], method="holm")[1]
    np.testing.assert_allclose(made["panel_holm"], expected, atol=1e-12)
    assert (made["panel_holm"] > made["panel_p"]).any()


def test_only_what_was_moved_moved(options: pd.DataFrame) -> None:
    expected = {place: moved for place, moved in MOVES.items() if options.loc[place, "change"] == "continued"}
    expected |= {("stage", "systematic"): (FURTHER, 0), ("stage", "partial"): (0, FURTHER)}
    compared = options[options["comparable"] != "no"]
    moved = compared[(compared["gained"] > 0) | (compared["lost"] > 0)]
    assert {place: (row["gained"], row["lost"]) for place, row in moved.iterrows()} == expected
    assert set(compared["n_panel"]) == {AGAIN, options.loc[("training_types", "emergency"), "n_panel"]}


def naive_scores(said: Said, survey: Survey, name: str, items: set[tuple[str, str]]) -> pd.DataFrame:
    rows = {}
    for library, ticks in said.items():
        counted = {key: {option for asked, option in items if asked == key} for key in survey.indices[name].questions}
        counted = {key: options for key, options in counted.items() if options}
        sums = {key: len(options & (ticks[key] or set())) for key, options in counted.items()}
        shares = [sums[key] / len(options) for key, options in counted.items() if ticks[key] is not None]
        rows[library] = {"sum": sum(sums.values()), "mean_share": np.mean(shares) if shares else np.nan}
    return pd.DataFrame(rows).T


def items(survey: Survey, name: str) -> set[tuple[str, str]]:
    return {(key, option) for key in survey.indices[name].questions for option in survey.questions[key].substantive}


def each_index(made: Made) -> Iterator[tuple[tuple[str, str, str], "pd.Series[float]", "pd.Series[float]"]]:
    for name in SURVEY.indices:
        own, before = items(made.now.survey, name), items(SURVEY, name)
        for scope, of_now, of_last in (("all", own, before), ("shared", own & before, own & before)):
            now = naive_scores(made.said, made.now.survey, name, of_now)
            last = naive_scores(made.said_before, SURVEY, name, of_last)
            for definition in ("sum", "mean_share"):
                yield (name, definition, scope), now[definition].dropna(), last[definition].dropna()


def test_every_row_of_the_indices(made: Made, indices: pd.DataFrame) -> None:
    seen = 0
    for place, now, last in each_index(made):
        row = indices.loc[place]
        assert (row["n"], row["previous_n"]) == (len(now), len(last))
        assert (row["mean"], row["previous_mean"]) == pytest.approx((now.mean(), last.mean()), abs=1e-9)
        if place == ("benefit", place[1], "all"):
            assert row["comparable"] == "no"
            assert row["difference":"panel_p"].isna().all()
            continue
        welch = stats.ttest_ind(now, last, equal_var=False).confidence_interval()
        changes = (now - last).dropna()
        assert row["n_panel"] == len(changes)
        assert row["panel_difference"] == pytest.approx(changes.mean(), abs=1e-9)
        assert (row["low"], row["high"]) == pytest.approx((welch.low, welch.high), abs=1e-9)
        if np.ptp(changes) > 1e-9:
            paired = stats.ttest_rel(*(it.loc[changes.index] for it in (now, last)))
            interval = paired.confidence_interval()
            assert (row["panel_low"], row["panel_high"]) == pytest.approx((interval.low, interval.high), abs=1e-9)
            assert row["panel_p"] == pytest.approx(paired.pvalue, abs=1e-9)
        seen += 1
    assert seen == 2 * 5
    assert len(indices) == 3 * 3 * 2


def test_which_indices_compare(indices: pd.DataFrame) -> None:
    answers = indices["comparable"]
    assert set(answers.xs("mean_z", level="definition")) == {"no"}
    assert (indices.xs("mean_z", level="definition")[["mean", "previous_mean"]].abs() < 1e-9).all(axis=None)
    assert {place: answers[place] for place in answers.index if place[1] == "sum"} == {
        ("benefit", "sum", "all"): "no",
        ("benefit", "sum", "shared"): "with care",
        ("trust", "sum", "all"): "with care",
        ("trust", "sum", "shared"): "with care",
        ("engagement", "sum", "all"): "yes",
        ("engagement", "sum", "shared"): "yes",
    }


def test_the_means_of_an_unchanged_index_are_those_of_its_scores(made: Made, indices: pd.DataFrame) -> None:
    """By construction: alumni are the only option of the engagement index that anybody ticked otherwise."""
    gained, lost = MOVES["engaged_users", "alumni"]
    assert indices.loc[("engagement", "sum", "all"), "panel_difference"] == (gained - lost) / AGAIN


def test_the_years_swapped_turn_every_sign(made: Made, options: pd.DataFrame, indices: pd.DataFrame) -> None:
    turned = in_contract("option_trends", option_trends(made.last, made.now, 1)).to_pandas()
    turned = turned.set_index(["field", "option"]).reindex(options.index)
    assert turned["comparable"].equals(options["comparable"])
    assert turned["gained"].equals(options["lost"])
    assert turned["change"].replace({"new": "gone", "gone": "new"}).equals(options["change"])
    _turned(turned, options)
    back = in_contract("index_trends", index_trends(made.last, made.now, 1)).to_pandas()
    _turned(back.set_index(indices.index.names).reindex(indices.index), indices)


def _turned(one: pd.DataFrame, other: pd.DataFrame) -> None:
    for prefix in ("", "panel_"):
        for mine, its in (("low", "high"), ("high", "low")):
            np.testing.assert_allclose(one[f"{prefix}{mine}"], -other[f"{prefix}{its}"], atol=1e-9)
    for name in ("difference", "panel_difference"):
        np.testing.assert_allclose(one[name], -other[name], atol=1e-9)
    np.testing.assert_allclose(one["panel_p"], other["panel_p"], atol=1e-9)


def test_a_year_against_itself_has_not_changed(made: Made) -> None:
    options, indices = option_trends(made.last, made.last, 1), index_trends(made.last, made.last, 1)
    assert set(options["comparable"]) == {"yes"}
    for frame in (options, indices[indices["definition"] != "mean_z"]):
        assert set(frame["difference"]) == set(frame["panel_difference"]) == {0.0}
    assert set(options["panel_p"]) == {1.0}
    assert not options["gained"].any()


def test_without_an_edition_before_there_are_no_rows(made: Made) -> None:
    for name, frame in (
        ("option_trends", option_trends(made.now, None, 1)),
        ("index_trends", index_trends(made.now, None, 1)),
    ):
        assert in_contract(name, frame).num_rows == 0


@pytest.mark.parametrize("name", ["option_trends", "index_trends"])
def test_expectations_hold_of_what_is_made_and_not_of_what_is_broken(made: Made, name: str) -> None:
    frame = (option_trends if name == "option_trends" else index_trends)(made.now, made.last, 1)
    tables = {
        "selections": made.now.selections,
        "submissions": made.now.accepted.mutate(status=ibis.literal("accepted")),
        name: as_table(in_contract(name, frame)),
    }
    judged = partial(_failed, name, made, tables)
    assert judged(frame) == set()
    place = frame.index[(frame["comparable"] == "yes") & (frame["panel_low"].notna())][0]
    assert judged(_with(frame, place, "low", 1.0)) == {"low_at_most_difference"}
    assert judged(_with(frame, place, "panel_high", -1.0)) == {"panel_difference_at_most_panel_high"}
    if name == "option_trends":
        assert judged(frame.drop(place)) == {"ticks"}
        assert judged(_with(frame, place, "lost", 900)) == {"lost_at_most_n_panel"}
        assert judged(_with(frame, place, "panel_holm", 0.0)) == {"panel_p_at_most_panel_holm"}
    else:
        assert judged(_with(frame, place, "n", 900)) == {"n_accepted"}


def _with(frame: pd.DataFrame, place: Any, column: str, value: Any) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].where(frame.index != place, value)})


def _failed(name: str, made: Made, tables: dict[str, Any], frame: pd.DataFrame) -> set[str]:
    suite = suite_of(name, CONTRACTS[name], made.now.survey, tables.__getitem__)
    report = judge(suite, as_table(in_contract(name, frame)), datetime(2026, 11, 24, tzinfo=UTC))
    return {result.name for result in report.failed}


def test_trends_are_current_until_an_earlier_answer_changes(made: Made) -> None:
    stored = {"option_trends": option_trends, "index_trends": index_trends}
    tables = {name: as_table(in_contract(name, make_(made.now, made.last, 1))) for name, make_ in stored.items()}
    assert current(made.now, made.last, 1, tables.__getitem__, CONTRACTS).holds
    kept = made.last.accepted.filter(made.last.accepted.library_id != min(made.said_before))
    selections = made.last.selections.semi_join(kept, "submission_id")
    fewer = Year(SURVEY, counted(selections, SURVEY), selections, kept, reconstructed=True)
    finding = current(made.now, fewer, 1, tables.__getitem__, CONTRACTS)
    assert (finding.holds, finding.figures) == (False, {"outdated": 2})
    assert "`calm run 2024`" in finding.sentence.en
    assert "`calm run 2024`" in finding.sentence.zh
