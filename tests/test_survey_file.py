"""The edition as a file: what it must say, and that a broken one gives all its errors at once, in words."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calm_pipeline import columns, wide
from calm_pipeline.survey import SurveyError, load_survey
from calm_pipeline.survey.schema import json_schema

ROOT = Path(__file__).parents[1]

SOUND = """
edition: "2031"
title: {en: Title, zh: 标题}
theme: {en: Theme, zh: 主题}
platform: {name: wenjuanxing}
fielding: {opens: 2031-05-01, closes: 2031-06-30, timezone: Asia/Shanghai}
eligibility: {staff_at_least: 10}
dimensions: {care: {en: Care, zh: 关怀, subdimensions: {daily: {en: Daily, zh: 日常}}}}
indices: {saving: {en: Saving, zh: 节约, questions: [measures]}}
questions:
  library: {number: 1, type: text, required: true, identifies: library, en: Library, zh: 馆名}
  plan:
    number: 2
    type: single
    en: Plan
    zh: 计划
    options: {has: {en: Has one, zh: 有}, none: {en: None yet, zh: 没有}}
  measures:
    number: 3
    type: multiple
    asked_if: {plan: has}
    dimension: care
    subdimension: daily
    en: Measures
    zh: 措施
    options: {light: {en: Light, zh: 灯}, paper: {en: Paper, zh: 纸}}
tables: {measures: {en: Measures, zh: 措施, question: measures}}
"""


def problems(tmp_path: Path, text: str, name: str = "2031.yaml") -> list[str]:
    error = refused(tmp_path, text.encode(), name)
    return [str(problem) for problem in error.problems] if error else []


def refused(tmp_path: Path, content: bytes, name: str = "2031.yaml") -> SurveyError | None:
    file = tmp_path / name
    file.write_bytes(content)
    try:
        load_survey(file)
    except SurveyError as error:
        return error
    return None


def test_the_sound_file_is_sound(tmp_path: Path) -> None:
    assert problems(tmp_path, SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "{plan: has}",
            "{plam: has}",
            "questions.measures.asked_if.plam: no question is called plam; did you mean plan?",
        ),
        ("{plan: has}", "{plan: hass}", "questions.measures.asked_if.plan: plan has no option hass; did you mean has?"),
        ("{plan: has}", "{measures: light}", "questions.measures.asked_if.measures: looks forward"),
        ("{plan: has}", "{library: has}", "questions.measures.asked_if.library: is not a choice question"),
        ("none: {en: None yet", "has: {en: None yet", "questions.plan.options.has: stands twice, on lines 17 and 17"),
        ("zh: 没有", "zh: 有", "questions.plan.options.none: cannot be told from has in an export"),
        ("en: None yet", "en: HAS ONE ", "questions.plan.options.none: cannot be told from has in an export"),
        ("[measures]", "[library]", "indices.saving.questions.0: library is a text question"),
        (
            "[measures]",
            "[mesures]",
            "indices.saving.questions.0: no question is called mesures; did you mean measures?",
        ),
        ("en: Plan", "en: 2031", "questions.plan.en: was read as 2031; put the words in quotation marks"),
        ("en: Plan", "en: Yes", "questions.plan.en: was read as True; put the words in quotation marks"),
        (
            "en: Plan",
            "en: Plan: one",
            "(file): a label that contains a colon and a space must stand in quotation",
        ),
        ("type: single", "type: singel", "questions.plan.type: is 'singel'; it must be one of"),
        ("en: Plan\n", "en: Plan\n    colour: red\n", "questions.plan.colour: is not a word of the survey file"),
        ("    zh: 计划\n", "", "questions.plan.zh: is missing"),
        ("  plan:", "  Plan Nr 1:", "questions.Plan Nr 1: must be a name of small letters"),
        ("identifies: library, ", "", "questions: exactly one question must say `identifies: library`; 0 do"),
        ("number: 3", "number: 2", "questions.measures.number: is 2, which does not follow 2"),
        (
            "subdimension: daily",
            "subdimension: nightly",
            "questions.measures.subdimension: its dimension has no nightly",
        ),
        ("dimension: care", "dimension: core", "questions.measures.dimension: no dimension is called core"),
        ("question: measures}", "question: measure}", "tables.measures.question: no question is called measure"),
        (
            "question: measures}",
            "question: measures, omits: [lamp]}",
            "tables.measures.omits: measures has no option lamp",
        ),
        ("closes: 2031-06-30", "closes: 2031-04-30", "fielding.closes: lies before the opening day"),
        ("Asia/Shanghai", "Beijing", "fielding.timezone: is no time zone"),
        (
            "options: {light",
            "rows: {a: {en: a, zh: 甲}}\n    options: {light",
            "questions.measures.rows: only single and integer",
        ),
        (
            "number: 2\n",
            "number: 2\n    minimum: 3\n",
            "questions.plan: minimum and maximum belong to integer questions",
        ),
        (
            "{light: {en: Light, zh: 灯}, paper",
            "{paper",
            "questions.measures.options: a multiple question needs at least two",
        ),
        ("zh: 灯}", "zh: 灯, group: big}", "questions.measures.options.light.group: no group is called big"),
        ("zh: 有}", "zh: 有, exclusive: true}", "questions.plan.options.has.exclusive: means something in multiple"),
        ("  plan:", "  staff_count:", "questions.staff_count: is a name that the pipeline uses itself"),
        ("none: {en: None yet", "state: {en: None yet", "questions.plan.options.state: is a name that the pipeline"),
        ("zh: 没有", "zh: 有→无", "questions.plan.options.none: holds one of"),
        ("type: text, required: true, ", "type: text, ", "questions.library: the library must be named in a required"),
        ("zh: 标题", "zh: &a 标题", "(file): a label that begins with * or &"),
        ("theme: {en: Theme", "theme: &t {en: *t", "(file): a label that begins with * or &"),
    ],
)
def test_each_error_names_its_path(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in SOUND
    found = problems(tmp_path, SOUND.replace(old, new, 1))
    assert any(problem.startswith(expected) for problem in found) or (not expected and not found), found


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (SOUND.replace("en: Plan", "en: Plan: one"), "label_colon", 15),
        (SOUND.replace("en: Plan", "en: *plan"), "label_mark", 15),
        (SOUND.replace("zh: 计划", "zh: '计划"), "not_yaml", 28),
        (SOUND.replace("zh: 计划", "zh: 计\x07划"), "control_character", 16),
        (SOUND.replace("2031-05-01", "2031-02-30"), "no_such_value", 6),
        (SOUND.replace("number: 2", "number: !!timestamp x"), "yaml_tag", 13),
        (SOUND.replace("number: 2", "number: 2nd"), "wrong_type", 13),
        ("", "no_mapping", 1),
        ("- a", "no_mapping", 1),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(tmp_path: Path, content: str, code: str, line: int) -> None:
    error = refused(tmp_path, content.encode())
    assert error is not None
    assert (code, line) in [(one.problem.code, one.line) for one in error.listed]


def test_a_file_in_another_encoding_is_told_by_the_first_line_that_is_not_utf8(tmp_path: Path) -> None:
    error = refused(tmp_path, SOUND.encode("gb18030"))
    assert error is not None
    assert [(one.problem.code, one.line) for one in error.listed] == [("not_utf8", 3)]


def test_all_problems_are_told_in_both_languages_with_line_path_and_code(tmp_path: Path) -> None:
    error = refused(tmp_path, SOUND.replace("{plan: has}", "{plam: has}").replace("en: Plan", "en: 7").encode())
    assert error is not None
    assert error.told.splitlines() == [
        "[survey_file] 2031.yaml: the file has 2 problem(s). Mend each line named here.",
        "  line 15, questions.plan.en: was read as 7; put the words in quotation marks [not_text]",
        "  line 21, questions.measures.asked_if.plam: no question is called plam; did you mean plan? If not, "
        "take a name that stands under questions [unknown_question]",
        "2031.yaml：该文件有 2 处问题。请逐行更正下列各处。",
        "  第 15 行，questions.plan.en：被读作 7；若为文字，请加引号",
        "  第 21 行，questions.measures.asked_if.plam：没有名为 plam 的题目；"
        "是否应为 plan？若不是，请使用 questions 下已有的名称",
    ]
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (copy.told, copy.problems) == (error.told, error.problems)


@given(st.data())
def test_whatever_stands_in_the_file_is_a_survey_or_a_list_of_problems(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(SOUND)))
    upto = data.draw(st.integers(at, min(at + 20, len(SOUND))))
    mark = data.draw(st.text(max_size=3) | st.sampled_from(["!!int", "2031-99-99", "{", "~", "1e400", "- ", "null"]))
    error = refused(tmp_path_factory.mktemp("mutated"), (SOUND[:at] + mark + SOUND[upto:]).encode())
    assert error is None or error.problems


def test_all_errors_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    broken = SOUND
    for old, new in [
        ("en: Plan", "en: 7"),
        ("{plan: has}", "{plam: has}"),
        ("[measures]", "[library]"),
        ("zh: 标题", ""),
    ]:
        broken = broken.replace(old, new, 1)
    assert [problem.split(":")[0] for problem in problems(tmp_path, broken)] == [
        "title.zh",
        "indices.saving.questions.0",
        "questions.plan.en",
        "questions.measures.asked_if.plam",
    ]


def test_a_broken_question_does_not_make_its_users_look_broken(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SOUND.replace("type: single", "type: singel"))
    assert problem.startswith("questions.plan.type: is 'singel'")


def test_a_broken_index_or_dimension_is_not_reported_as_missing(tmp_path: Path) -> None:
    broken = SOUND.replace("{en: Care, zh: 关怀, subdimensions", "{en: Care, subdimensions").replace("zh: 节约, ", "")
    assert problems(tmp_path, broken) == [
        "dimensions.care.zh: is missing; add it",
        "indices.saving.zh: is missing; add it",
    ]


def test_the_names_the_pipeline_uses_are_reserved() -> None:
    assert {*wide.IDENTITY, *wide.RECEIVED, *wide.CLEANED} == set(columns.OWN)


def test_the_edition_is_named_like_its_file(tmp_path: Path) -> None:
    assert problems(tmp_path, SOUND, "2032.yaml") == [
        "edition: is '2031', but the file is named 2032.yaml; let both say the same"
    ]


def test_the_schema_for_editors_is_fresh() -> None:
    committed = (ROOT / "schemas" / "survey.schema.json").read_text(encoding="utf-8")
    assert committed == json_schema(), "run `make schema`"
