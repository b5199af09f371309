"""What may have been meant is offered from the questionnaire and the register only, whatever was received."""

from dataclasses import replace
from time import perf_counter

import pytest

from calm_pipeline.clean.register import from_rows
from calm_pipeline.desk.hints import MANY, library_hint, option_hint
from calm_pipeline.survey import Field, Words
from tests.malformed.examples import LIBRARY, REGISTER, SURVEY, words

FIELDS = {field.name: field for field in SURVEY.fields()}
METHODS, STAGE = FIELDS["methods"], FIELDS["stage"]
ORGS, HELP = "学生组织（社团等）", "学生助理"
HOSTILE = [
    "<script>alert(1)</script>",
    "<b>学生助</b>",
    '=HYPERLINK("http://example.org","学生助理x")',
    "+学生助\t理们",
    "\x1b[31m学生助\x1b[0m\u202e",
    "{{ survey }}{% raw %}",
    "学生助" * 100_000,
    "┋".join(["〖"] * 10_000),
    "┋".join(f"学生助{n}" for n in range(50_000)),
]


def offered(hint: Words | None) -> list[str]:
    """The candidates of a hint by their Chinese names."""
    if hint is None:
        return []
    assert hint.en.startswith(("Nearest in the questionnaire: ", "The register has: "))
    listed = hint.zh.removeprefix("问卷中最接近的选项：").removesuffix("；请按实际情况选择。")
    listed = listed.removeprefix("名录中相近的有：").rstrip("。")
    return listed.replace("；", "、").split("、")


@pytest.mark.parametrize(
    ("received", "options"),
    [
        ("学生助里", [HELP]),
        ("学生助理┋学生助里", [HELP]),
        ("学生组织", [ORGS]),
        ("学生组织社团", [ORGS]),
        ("尚未开张┋学生助里", ["尚未开展", HELP]),
        ("学生助里┋学生助哩┋学生助裡┋In English: 学生助里", [HELP]),
        ("学生助里〖学生组织〗┋其他（请注明）〖尚未开张〗", [HELP]),
        ("学生助里→学生组织", [HELP, ORGS]),
        ("学生助里 ≠ 尚未开张", [HELP]),
        ("in english: 学生助里", [HELP]),
        ("学生助理", []),
        ("In English: 学生助理", []),
        ("雨天闭馆", []),
        ("9", []),
        ("", []),
    ],
)
def test_for_each_unknown_label_the_nearest_option(received: str, options: list[str]) -> None:
    assert offered(option_hint(METHODS, received)) == [f"“{option}”" for option in options]


def test_an_alias_is_known_and_one_nearly_written_names_the_option_itself() -> None:
    options = {
        **METHODS.options,
        "assistants": METHODS.options["assistants"].model_copy(update={"aliases": ("勤工岗",)}),
    }
    field = replace(METHODS, question=METHODS.question.model_copy(update={"options": options}))
    assert option_hint(field, "勤工岗") is None
    assert offered(option_hint(field, "勤工俭学岗")) == [f"“{HELP}”"]


def with_options(*labels: str) -> Field:
    options = {f"o{n}": STAGE.options["plan"].model_copy(update=words(label)) for n, label in enumerate(labels)}
    return replace(STAGE, question=STAGE.question.model_copy(update={"options": options}))


def test_of_options_that_are_equally_near_the_same_is_named_in_any_order() -> None:
    either, turned = with_options("规划一", "规划二"), with_options("规划二", "规划一")
    assert option_hint(either, "规划三") == option_hint(turned, "规划三") is not None


@pytest.mark.parametrize("received", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_was_received_is_repeated_and_no_length_takes_long(received: str) -> None:
    started = perf_counter()
    option, library = option_hint(METHODS, received), library_hint(REGISTER, received)
    assert perf_counter() - started < 5
    assert {*offered(option)} <= {f"“{one.zh}”" for one in METHODS.options.values()}
    assert len(offered(option)) <= MANY
    assert library is None


@pytest.mark.parametrize(
    ("received", "ids"),
    [
        ("乙大学圕", ["L2"]),
        ("甲大学图书", ["L1", "L2", "L3", "L4"]),
        ("大学图书馆", ["L2", "L3"]),
        (" 大学 图书馆\u200b", ["L2", "L3"]),
        ("Librery A", ["L1", "L2", "L3", "L4", "L5"]),
        ("某市少年宫", []),
        ("", []),
    ],
)
def test_the_libraries_that_share_a_name_or_come_near_it(received: str, ids: list[str]) -> None:
    names = {row["library_id"]: row["name_zh"] for row in REGISTER.libraries.to_pylist()}
    assert offered(library_hint(REGISTER, received)) == [names[one] for one in ids]


def test_no_more_libraries_are_named_than_a_reader_can_compare() -> None:
    about = {"name_en": "", "aliases": "师大图书馆", "province": "浙江", "type": "comprehensive", "staff_count": "100"}
    many = from_rows([{**about, "library_id": f"L{n}", "name_zh": f"第{n}师范大学图书馆"} for n in range(3 * MANY)])
    assert [len(offered(library_hint(many, name))) for name in ("师大图书馆", "第师范大学图书馆")] == [MANY, MANY]


def test_a_library_without_an_english_name_is_named_in_chinese() -> None:
    about = {"name_en": "", "aliases": "", "province": "浙江", "type": "comprehensive", "staff_count": "100"}
    register = from_rows([{**about, "library_id": "L1", "name_zh": LIBRARY}])
    assert library_hint(register, "甲大学图书") == Words(
        en=f"The register has: {LIBRARY}.", zh=f"名录中相近的有：{LIBRARY}。"
    )
    assert library_hint(register, "（请注明）") is None
