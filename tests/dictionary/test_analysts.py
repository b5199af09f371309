"""docs/analysts.md: every statement runs, gives the columns it says, and what it says of them is so."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from tests.commands import HOME, calm
from tests.published import published
from tests.reference import EDITION, SURVEY, frame
from tests.warehouse import ask, built

pytestmark = pytest.mark.xdist_group("expectations")
TEXT = (HOME / "docs" / "analysts.md").read_text(encoding="utf-8")


STATEMENTS = re.findall(r"```sql\n(.+?)```", TEXT, re.S)


class Worked(NamedTuple):
    """A question in both languages, its statement, and the columns of the answer."""

    number: int
    question: str
    statement: str
    columns: list[str]


def worked() -> list[Worked]:
    found = re.findall(r"^### (\d+)\. (.+?)\n\n```sql\n(.+?)```\n\nColumns: (.+?)\. ", TEXT, re.M | re.S)
    return [Worked(int(n), question, sql, re.findall("`(.+?)`", columns)) for n, question, sql, columns in found]


WORKED = worked()


def answer(number: int) -> pd.DataFrame:
    return ask(WORKED[number - 1].statement)


def test_there_are_twelve_each_asked_in_both_languages() -> None:
    assert [one.number for one in WORKED] == list(range(1, 13))
    assert len(STATEMENTS) == 13
    assert all(re.search(r"[a-z]\? .*[\u4e00-\u9fff].*？$", one.question) for one in WORKED)


@pytest.mark.parametrize("one", WORKED, ids=[str(one.number) for one in WORKED])
def test_the_statement_runs_and_gives_the_columns_it_says(one: Worked) -> None:
    found = ask(one.statement)
    assert len(found)
    assert list(found.columns) == one.columns


def test_1_submissions() -> None:
    expected = frame("submissions")["status"].value_counts().to_dict()
    assert dict(answer(1).itertuples(index=False)) == expected
    assert expected["accepted"] == 122
    assert sum(expected.values()) == 158


def ticks(field: str) -> pd.DataFrame:
    rows = frame("selections").query("field == @field")
    return rows.pivot(index="submission_id", columns="option", values="selected").astype(float)


def test_2_the_most_frequent_services() -> None:
    assert answer(2)["count"].tolist() == sorted(ticks("services").sum(), reverse=True)[:5]
    assert (answer(2)["asked"] == 122).all()


def test_3_no_interval_is_wider_than_said() -> None:
    assert (answer(3)["high"] - answer(3)["low"]).max() <= 0.18


def test_4_the_base() -> None:
    """Choices, numbers and texts alike: every question with a gate, and no other."""
    found = answer(4).set_index("number")
    gated = {question.number for question in SURVEY.questions.values() if question.gated}
    assert set(found.index) == gated
    assert {15, 22, 23, 24} <= gated
    assert found["asked"].to_dict() == {number: len(asked(number)) for number in gated}
    assert found.loc[15, "asked"] == 119


def asked(number: int) -> set[str]:
    """The submissions that were asked a question, read off the answers to its gate."""
    question = next(one for one in SURVEY.questions.values() if one.number == number)
    everybody = set(frame("selections")["submission_id"])
    opened = [everybody - ticked(*gate) for gate in question.asked_unless.items()]
    opened += [ticked(*gate) for gate in question.asked_if.items()]
    return set.intersection(*opened)


def ticked(field: str, options: tuple[str, ...]) -> set[str]:
    rows = frame("selections").query("field == @field and selected == 1")
    return set(rows[rows["option"].isin(options)]["submission_id"])


def test_5_types() -> None:
    found = answer(5)
    libraries = published()["submissions"].query("status == 'accepted'").merge(published()["libraries"])
    joined = libraries.merge(ticks("engagement_methods"), left_on="submission_id", right_index=True)
    expected = joined.groupby("type")["volunteers"].agg(["sum", "size"])
    labels = published()["groups"].query("grouped_by == 'type'").set_index("label_en")["group_name"]
    for row in found.to_dict("records"):
        true = expected.loc[labels[row["group_en"]]]
        assert row["accepted"] == true["size"]
        assert row["protection"] == "suppressed" or row["count"] == true["sum"]
    overlap = found.dropna()
    assert len(overlap) > 1
    assert overlap["low"].max() < overlap["high"].max()


def test_6_provinces() -> None:
    assert answer(6)["accepted"].sum() == 122
    assert (answer(6)["options"] == 176).all()
    assert answer(6)["shown"].max() == answer(6)["shown"].iloc[-1], "most can be said of those that are gathered"


def test_7_both_shares_are_shown() -> None:
    found = answer(7)
    assert np.allclose(found["larger"] - found["smaller"], found["difference"])


def test_8_what_one_library_does_not_do() -> None:
    first = published()["submissions"].query("status == 'accepted'").sort_values("library_id")["submission_id"].iloc[0]
    selections = frame("selections")
    mine = selections[(selections["submission_id"] == first) & (selections["selected"] == 0)]
    common = published()["option_counts"].query("share > 0.5")
    assert len(answer(8)) == len(mine.merge(common, on=["field", "option"]))


def test_9_the_standing_of_one_library() -> None:
    scores = published()["index_scores"]
    accepted = published()["submissions"].query("status == 'accepted'").sort_values("library_id").iloc[0]
    for row in answer(9).to_dict("records"):
        all_ = scores[scores["index_name"] == row["index_name"]].set_index("submission_id")["sum"]
        mine = all_[accepted["submission_id"]]
        assert (row["sum"], row["libraries"], row["median"]) == (mine, len(all_), all_.median())
        assert row["rank"] == (all_ > mine).sum() + 1
        assert row["quantile"] == pytest.approx((all_ <= mine).mean(), abs=0.005)


def test_10_pairs_of_practices() -> None:
    one, other = ticks("services"), ticks("engagement_methods")
    for row in answer(10).to_dict("records"):
        assert row["phi"] == pytest.approx(one[row["one"]].corr(other[row["other"]]), abs=0.006)


def test_11_how_many_groups() -> None:
    options = published()["options"].query("question == 'target_groups' and role == 'substantive'")["option"]
    expected = ticks("target_groups")[list(options)].sum(axis=1).value_counts().to_dict()
    assert dict(answer(11).itertuples(index=False)) == expected
    assert answer(11)["libraries"].sum() == 122


def test_12_every_share_is_explained() -> None:
    assert answer(12).notna().all(axis=None)


def test_a_statement_runs_from_the_command_line() -> None:
    said = calm(built().root.path, "sql", "--csv", WORKED[0].statement)
    assert said.stdout.splitlines()[:2] == ["status,submissions", "accepted,122"]


def test_years_side_by_side() -> None:
    """The statement after the twelve: one column an edition, in the order of the questionnaire."""
    found = ask(STATEMENTS[-1])
    assert list(found.columns) == ["number", "position", "option_zh", EDITION]
    shares = published()["option_counts"].query("question == 'services'")["share"]
    assert sorted(found[EDITION]) == pytest.approx(sorted(shares), abs=0.005)
