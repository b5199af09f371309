"""What counts as a change of the questionnaire, one change at a time, and which edition is the one before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import pytest
import yaml

from assets.trends import AND_EARLIER
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.survey import Survey
from calm_pipeline.trends import Year, index_trends, option_trends
from calm_pipeline.trends.comparable import CAUTIONING, FORBIDDING, verdict
from calm_pipeline.trends.questionnaires import Questionnaires
from tests.published import CONTRACTS, in_contract
from tests.trends.counted import counted
from tests.trends.pair import FIRST, write_pair

Said = dict[str, Any]


def said() -> Said:
    survey = yaml.safe_load(FIRST.format(edition="2031"))
    options = {"a": {"en": "A", "zh": "甲"}, "b": {"en": "B", "zh": "乙"}}
    gates = {"asked_if": {"measures": ["light", "paper"]}}
    survey["questions"]["after"] = {"number": 9, "type": "multiple", "en": "After?", "zh": "其后？", "options": options}
    survey["questions"]["after"] |= gates
    return survey


def questions(change: Callable[[Said], Any]) -> Said:
    survey = said()
    change(survey["questions"])
    return survey


def changed(now: Said, key: str, option: str, row: str = "") -> set[str] | None:
    both = Questionnaires(Survey.model_validate(now), Survey.model_validate(said()))
    flags = both.changes(key, option, row)
    return None if flags is None else {name.removesuffix("_changed") for name, found in flags.items() if found}


CHANGES: list[tuple[str, Callable[[Said], Any], set[str]]] = [
    ("nothing", lambda q: q["after"].update(note=None), set()),
    ("the number", lambda q: q["after"].update(number=12), set()),
    ("an alias", lambda q: q["after"].update(aliases=["之后？"]), set()),
    ("the order of options", lambda q: q["after"].update(options=dict(reversed(q["after"]["options"].items()))), set()),
    ("case and width", lambda q: q["after"].update(en="AFTER ?", zh="其后?"), set()),
    ("English", lambda q: q["after"].update(en="And after?"), {"wording"}),
    ("Chinese", lambda q: q["after"].update(zh="然后？"), {"wording"}),
    ("this option", lambda q: q["after"]["options"]["a"].update(zh="子"), {"wording"}),
    ("another option", lambda q: q["after"]["options"]["b"].update(zh="丑"), set()),
    ("one option more", lambda q: q["after"]["options"].update(c={"en": "C", "zh": "丙"}), {"options"}),
    ("the kind", lambda q: q["after"].update(type="ranking"), {"type"}),
    ("required", lambda q: q["after"].update(required=True), {"required"}),
    ("no gate", lambda q: q["after"].pop("asked_if"), {"base"}),
    ("a wider gate", lambda q: q["after"].update(asked_if={"measures": "light"}), {"base"}),
    ("the order in a gate", lambda q: q["after"].update(asked_if={"measures": ["paper", "light"]}), set()),
    ("a gate turned round", lambda q: q["after"].update(asked_unless=q["after"].pop("asked_if")), {"base"}),
    ("the wording of a gate's question", lambda q: q["measures"].update(zh="有何措施？"), {"base"}),
    ("the wording of a gate's option", lambda q: q["measures"]["options"]["light"].update(zh="灯"), {"base"}),
    ("a gate before the gate", lambda q: q["measures"].pop("asked_if"), {"base"}),
    ("another option of a gate before the gate", lambda q: q["plan"]["options"]["none"].update(zh="无"), set()),
    ("an option of a gate before the gate", lambda q: q["plan"]["options"]["has"].update(zh="有的"), {"base"}),
]


@pytest.mark.parametrize(("change", "expected"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_a_change_is_called_by_its_name(change: Callable[[Said], Any], expected: set[str]) -> None:
    assert changed(questions(change), "after", "a") == expected


def test_the_wording_of_a_row_belongs_to_that_row() -> None:
    now = questions(lambda q: q["rooms"]["rows"]["upper"].update(zh="阁楼"))
    assert changed(now, "rooms", "cold", "upper") == {"wording"}
    assert changed(now, "rooms", "cold", "lower") == set()


def test_nothing_is_said_of_a_question_that_only_one_edition_asks() -> None:
    now = questions(lambda q: q.update(fresh=q.pop("after")))
    assert changed(now, "fresh", "a") is None


def test_verdicts_and_their_order() -> None:
    assert verdict({}) == {"comparable": "yes", "reason_en": None, "reason_zh": None}
    for name in CAUTIONING:
        assert verdict({name: True, "continued": True})["comparable"] == "with care"
    for name in FORBIDDING:
        assert verdict({name: True, **dict.fromkeys(CAUTIONING, True)})["comparable"] == "no"
    both = verdict({"wording_changed": True, "type_changed": True, "base_changed": None})
    assert both["reason_en"] == "The question is of another kind. The wording changed."
    assert both["reason_zh"] == "题型不同。文字有改动。"


def year(survey: Survey) -> Year:
    """An edition of which no submission was accepted."""
    selection = dict.fromkeys(("edition", "submission_id", "question", "field", "option", "state"), "string")
    selections = ibis.memtable([], schema={**selection, "selected": "int64", "rank": "int64"})
    accepted = ibis.memtable([], schema={"submission_id": "string", "library_id": "string"})
    return Year(survey, counted(selections, survey), selections, accepted, reconstructed=False)


def test_editions_of_which_nothing_counts_are_not_compared() -> None:
    last, now = (Survey.model_validate(one | {"edition": edition}) for one, edition in ((said(), "1"), (said(), "2")))
    options, indices = option_trends(year(now), year(last), 1), index_trends(year(now), year(last), 1)
    assert set(options["reason_en"]) == {FORBIDDING["nobody_asked"].en}
    assert all(FORBIDDING["nobody_scored"].en in reason for reason in indices["reason_en"])
    for name, frame in (("option_trends", options), ("index_trends", indices)):
        stored = in_contract(name, frame).to_pandas()
        assert stored["panel_difference"].isna().all()
        assert set(stored["comparable"]) == {"no"}


def test_another_population_asks_for_care() -> None:
    now = Survey.model_validate(said() | {"eligibility": {"staff_at_least": 11}})
    assert Questionnaires(now, Survey.model_validate(said())).population_changed


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Editions 2031 to 2034, all of them finished but 2033."""
    write_pair(tmp_path, "2031", "2032")
    for edition in ("2033", "2034"):
        (tmp_path / "schemas" / "surveys" / f"{edition}.yaml").write_text(FIRST.format(edition=edition), "utf-8")
    project = Project(Root(tmp_path))
    for name in CONTRACTS:
        for edition in ("2031", "2032", "2034"):
            file = project.file(name, edition)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    return project


def test_the_edition_before_is_the_latest_that_came_to_its_end(project: Project) -> None:
    assert [project.compared_with(edition) for edition in ("2031", "2032", "2033", "2034")] == [
        *(None, "2031", "2032", "2032")
    ]
    assert [project.compared_next(edition) for edition in ("2031", "2032", "2033", "2034")] == [
        *("2032", "2034", "2034", None)
    ]


def test_an_edition_whose_survey_file_cannot_be_read_is_passed_over(project: Project) -> None:
    project.root.survey("2032").write_text("edition: [", encoding="utf-8")
    assert project.compared_with("2034") == "2031"


def test_an_edition_of_which_a_table_is_missing_is_passed_over(project: Project) -> None:
    project.file("alerts", "2032").unlink()
    assert project.compared_with("2034") == "2031"


def test_dagster_knows_that_an_edition_looks_back() -> None:
    found = AND_EARLIER.downstream_partition_keys_by_upstream_partition_key
    assert all(edition in found[edition] and min(found[edition]) == edition for edition in found)
