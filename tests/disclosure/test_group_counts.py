"""Counts by group of the 2023 edition: right, protected, and proof against who solves what is published."""

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import yaml

from calm_pipeline import by_group, checks, normalize
from calm_pipeline.by_group.cells import Cells
from calm_pipeline.by_group.counts import counted
from calm_pipeline.by_group.members import members
from calm_pipeline.disclosure import System, gathered, reach
from calm_pipeline.groupings import Grouping
from calm_pipeline.survey import Survey
from tests.published import as_table, in_contract, published
from tests.reference import PROJECT, SURVEY, tables

GROUPINGS = PROJECT.groupings()
THRESHOLD = GROUPINGS.threshold
pytestmark = pytest.mark.xdist_group("expectations")


@cache
def true_counts() -> pd.DataFrame:
    libraries = as_table(normalize.libraries(PROJECT.register().libraries, SURVEY))
    return counted(tables()["selections"], members(tables()["submissions"], libraries, GROUPINGS))


def shown_beside_true() -> pd.DataFrame:
    key = ["grouped_by", "group_name", "field", "option"]
    return published()["group_counts"].merge(true_counts(), on=key, suffixes=("", "_true"))


def test_what_is_shown_is_true_and_has_enough_on_both_sides() -> None:
    both = shown_beside_true()
    assert len(both) == len(published()["group_counts"]) == len(true_counts())
    shown = both[both["protection"] == "none"]
    assert len(shown) > 1000
    assert (shown["count"] == shown["count_true"]).all()
    fewer = np.minimum(shown["count_true"], shown["answered_true"] - shown["count_true"])
    totals = published()["option_counts"].query("count == 0 or count == accepted")
    told = {*totals[["field", "option"]].itertuples(index=False, name=None)}
    assert set(shown[fewer < THRESHOLD][["field", "option"]].itertuples(index=False, name=None)) == told
    text = (PROJECT.root.path / "docs" / "analysts.md").read_text(encoding="utf-8")
    assert all(f"`{option}`" in text for _, option in told), "the only exceptions; the guide names them"
    bases = both[both["asked"].notna()]
    assert (bases["asked"] == bases["asked_true"]).all()
    assert np.allclose(shown["share"].dropna(), (shown["count_true"] / shown["asked_true"])[shown["share"].notna()])


def test_what_is_suppressed_is_empty() -> None:
    counts = published()["group_counts"]
    hidden = counts[counts["protection"] == "suppressed"]
    assert hidden[["count", "share", "low", "high"]].isna().all(axis=None)
    assert counts[counts["asked"].isna()][["share", "answered"]].isna().all(axis=None)


def test_groups_add_up_to_all_libraries_and_none_is_small() -> None:
    groups, counts = published()["groups"], true_counts()
    assert (groups.groupby("grouped_by")["accepted"].sum() == 122).all()
    assert (groups["accepted"] >= GROUPINGS.smallest).all()
    totals = counts.groupby(["grouped_by", "field", "option"])["count"].sum().unstack("grouped_by")
    assert (totals.nunique(axis=1) == 1).all()
    expected = published()["option_counts"].set_index(["field", "option"])["count"]
    assert (totals["type"].sort_index() == expected.sort_index()).all()


@pytest.mark.parametrize("grouped_by", ["province", "type", "staff_band"])
def test_the_relations_hold_for_the_true_counts(grouped_by: str) -> None:
    system = cells(grouped_by).relations.system()
    sums = system.relations @ system.values
    assert ((sums >= system.at_least) & (sums <= system.at_most)).all()
    assert ((system.values >= system.lower) & (system.values <= system.upper)).all()


def cells(grouped_by: str) -> Cells:
    table = true_counts()
    return Cells(table[table["grouped_by"] == grouped_by], SURVEY, THRESHOLD)


@pytest.mark.parametrize("grouped_by", ["type", "staff_band"])
def test_nobody_can_work_out_what_is_suppressed(grouped_by: str) -> None:
    """The attacker starts from the published table alone, and from the totals of `option_counts`."""
    made = cells(grouped_by)
    system, hidden = made.relations.system(), np.zeros(len(made.small), bool)
    rows = published()["group_counts"].query("grouped_by == @grouped_by")
    for row in rows.to_dict("records"):
        place = (row["field"], row["group_name"])
        hidden[made.ticks[*place, row["option"]]] = row["protection"] == "suppressed"
        for base in ("asked", "answered"):
            hidden[made.bases[*place, base]] |= pd.isna(row[base])
    everything = np.ones(len(hidden), bool)
    most = reach(system, everything, np.full(len(hidden), THRESHOLD)).width
    found = reach(system, hidden, np.full(len(hidden), THRESHOLD)).width
    small = np.array(made.small)
    assert hidden.sum() > 100
    assert (found[hidden] >= 1).all()
    assert (found[hidden & small] >= np.minimum(most, THRESHOLD)[hidden & small]).all()
    assert (most[small & ~hidden] == 0).all()


def audited(stored: pd.DataFrame) -> dict[str, list[str]]:
    of = [as_table(published()[name]) for name in ("selections", "submissions", "libraries")]
    return by_group.audit(as_table(in_contract("group_counts", stored)), *of, SURVEY, GROUPINGS)


def test_the_stored_table_passes_its_audit() -> None:
    places = audited(published()["group_counts"])
    assert places == {"untrue": [], "exposed": []}
    assert checks.no_library_is_told(places).holds


def companions() -> tuple[pd.Series, pd.Series]:
    """Of a line in which two counts are hidden: the one that is small, and the one that is not and only hides it."""
    both = shown_beside_true()
    both["small"] = np.minimum(both["count_true"], both["answered_true"] - both["count_true"]) < THRESHOLD
    hidden = both[(both["protection"] == "suppressed") & both["asked"].notna()]
    for _, line in hidden.groupby(["grouped_by", "field", "option"]):
        if sorted(line["small"]) == [False, True]:
            return line[line["small"]].iloc[0], line[~line["small"]].iloc[0]
    raise AssertionError("no line has a companion")


def place(row: pd.Series) -> str:
    return " / ".join(row[["grouped_by", "group_name", "field", "option"]])


def leaking(row: pd.Series, **shown: float | str) -> pd.DataFrame:
    """The published table with figures put into one of its rows."""
    stored = published()["group_counts"].copy()
    key = ["grouped_by", "group_name", "field", "option"]
    stored.loc[(stored[key] == row[key].to_numpy()).all(axis=1), list(shown)] = list(shown.values())
    return stored


def test_a_count_that_follows_from_its_companion_is_found() -> None:
    small, companion = companions()
    places = audited(leaking(companion, count=companion["count_true"]))
    assert place(small) in places["exposed"]
    assert not places["untrue"]
    finding = checks.no_library_is_told(places)
    assert not finding.holds
    assert place(small) in finding.sentence.en
    assert place(small) in finding.sentence.zh
    assert finding.figures["exposed"] == len(places["exposed"])


@pytest.mark.parametrize("figure", ["count", "share", "low", "high"])
def test_a_small_count_that_any_figure_shows_is_found(figure: str) -> None:
    small, _ = companions()
    value = small["count_true"] if figure == "count" else small["count_true"] / small["asked_true"]
    assert place(small) in audited(leaking(small, **{figure: value}))["exposed"]


def test_a_count_that_is_not_that_of_the_answers_is_found() -> None:
    row = shown_beside_true().query("protection == 'none' and count > 5").iloc[0]
    places = audited(leaking(row, count=row["count"] - 1))
    assert places["untrue"] == [place(row)]
    assert not checks.no_library_is_told(places).holds


def test_a_group_that_is_not_there_is_untrue_and_missing_rows_are_hidden() -> None:
    row = shown_beside_true().query("protection == 'none' and count > 5").iloc[0]
    elsewhere = place(row).replace(row["group_name"], "nowhere")
    assert audited(leaking(row, group_name="nowhere")) == {"untrue": [elsewhere], "exposed": []}
    assert audited(published()["group_counts"].head(0)) == {"untrue": [], "exposed": []}


def test_a_base_that_tells_how_its_gate_was_answered_is_suppressed() -> None:
    """Three libraries hold no training: groups without one of them would be told by a base that is whole."""
    counts = published()["group_counts"]
    assert counts[counts["field"] == "training_types"]["asked"].isna().all()
    assert counts[counts["field"] == "services"]["asked"].notna().all()


GATED = """
  q1: {number: 2, type: TYPE, required: REQUIRED, en: "?", zh: 问,
    options: {a: {en: A, zh: 甲}, b: {en: B, zh: 乙}, c: {en: C, zh: 丙}}}
  q2: {number: 3, type: multiple, GATE, en: "?", zh: 问, options: {x: {en: X, zh: 甲}, y: {en: Y, zh: 乙}}}
"""


def survey_with(kind: str, required: str, gate: str) -> Survey:
    head = {name: getattr(SURVEY, name).model_dump() for name in ("title", "theme", "platform", "fielding")}
    text = GATED.replace("TYPE", kind).replace("REQUIRED", required).replace("GATE", gate)
    library = {"number": 1, "type": "text", "identifies": "library", "en": "?", "zh": "馆"}
    questions = {"library": library, **yaml.safe_load(text)}
    return Survey.model_validate({"edition": "0", "eligibility": {"staff_at_least": 1}, "questions": questions, **head})


GATES = ["asked_if: {q1: a}", "asked_if: {q1: [a, b]}", "asked_unless: {q1: a}", "asked_unless: {q1: [a, b]}"]


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize(("kind", "required"), [("single", "true"), ("multiple", "true"), ("multiple", "false")])
def test_every_gate_gives_relations_that_hold(kind: str, required: str, gate: str) -> None:
    survey = survey_with(kind, required, gate)
    chance = np.random.default_rng(7)
    opened = survey.questions["q2"]
    options = (opened.asked_if or opened.asked_unless)["q1"]
    rows = []
    for library in range(40):
        ticks = dict.fromkeys("abc", 0)
        if kind == "single":
            ticks[chance.choice(list("abc"))] = 1
        elif required == "true" or library % 3:
            ticks = {option: int(chance.integers(2)) for option in "abc"} | {"c": 1}
        chosen = any(ticks[option] for option in options)
        asked = chosen if opened.asked_if else not chosen
        second = {"x": int(chance.integers(2)), "y": 1} if asked and library % 2 else {"x": None, "y": None}
        states = (
            "answered" if sum(ticks.values()) else "blank",
            "not_asked" if not asked else "answered" if second["y"] else "blank",
        )
        for name, found, state in (("q1", ticks, states[0]), ("q2", second, states[1])):
            rows += [(str(library), name, name, option, state, tick) for option, tick in found.items()]
    selections = pd.DataFrame(rows, columns=["submission_id", "question", "field", "option", "state", "selected"])
    groups = pd.DataFrame({"submission_id": [str(library) for library in range(40)], "grouped_by": "type"})
    groups["group_name"] = np.where(groups.index < 17, "one", "two")
    system: System = Cells(counted(as_table(selections), groups), survey, 3).relations.system()
    sums = system.relations @ system.values
    assert ((sums >= system.at_least) & (sums <= system.at_most)).all()


@pytest.mark.parametrize(
    ("sizes", "left"),
    [
        ({"a": (6, 9), "b": (7, 9)}, set()),
        ({"a": (5, 9), "b": (7, 9), "c": (9, 9)}, {"a", "b"}),  # alone, it would be as small as what it hides
        ({"a": (1, 9), "b": (2, 9), "c": (3, 9), "d": (6, 9)}, {"a", "b", "c"}),
        ({"a": (9, 2), "b": (7, 9), "c": (8, 9)}, {"a", "b"}),
        ({"a": (9, 0), "b": (7, 2), "c": (8, 9), "d": (9, 9)}, {"a", "b", "c"}),
        ({"a": (1, 9), "b": (2, 9)}, {"a", "b"}),
        ({}, set()),
    ],
)
def test_small_groups_are_gathered(sizes: dict[str, tuple[int, int]], left: set[str]) -> None:
    assert gathered(sizes, (6, 3)) == left


def test_bands_follow_each_other_without_gap() -> None:
    band = Grouping(column="staff_count", begins=(80, 100, 150), en="Staff", zh="职工")
    names = [band.group(staff) for staff in range(300)]
    changes = [staff + 1 for staff, (one, other) in enumerate(pairwise(names)) if one != other]
    assert changes == [80, 100, 150]
    assert sorted(set(names), key=band.place) == ["0-79", "80-99", "100-149", "150+"]
    assert band.label("100-149").en == "100–149 staff"
    assert [band.label(name).zh for name in ("100-149", "150+")] == ["100–149 人", "150 人及以上"]


def test_a_group_that_is_not_declared_is_shown_by_its_name() -> None:
    types = GROUPINGS.groupings["type"]
    assert types.label("military").en == "military"
    assert types.place("military") > types.place("arts_sports")


def test_every_province_and_type_of_the_register_has_its_words() -> None:
    register = PROJECT.register().libraries.to_pandas()
    for column in ("province", "type"):
        assert set(register[column]) <= set(GROUPINGS.groupings[column].groups)
