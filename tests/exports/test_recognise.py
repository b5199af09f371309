"""Headers as authors and years have written them, matched without guessing."""

import pytest

from calm_pipeline.exports.file_name import Hint, hint
from calm_pipeline.exports.headers import DIALECTS, Column, layout
from calm_pipeline.exports.recognise import recognise
from tests.exports.examples import SURVEY

HEADERS = {
    "numbered": [
        *("4、贵馆有哪些渠道？(官网)", "4、(微信（公众号）)"),
        *("7、请评价以下各项—图书", "7、座位", "24、学生社团—1", "24、2"),
    ],
    "hidden": ["贵馆有哪些渠道？(官网)", "4(微信（公众号）)", "请评价以下各项—图书", "座位", "学生社团—1", "2"],
    "of_2018": ["第4题(官网)", "第4题(微信（公众号）)", "第7题(图书)", "第7题(座位)", "第24题(1)", "第24题(2)"],
    "of_2019": ["4、(官网)", "4、(微信（公众号）)", "7、(图书)", "7、(座位)", "24、(1)", "24、(2)"],
}


@pytest.mark.parametrize("dialect", HEADERS)
def test_each_dialect_is_spelled_as_the_platform_spelled_it(dialect: str) -> None:
    titles = dict(layout(SURVEY, "number", dialect))
    places = [
        Column("channels", None, "site"),
        Column("channels", None, "wechat"),
        Column("satisfaction", "books"),
        Column("satisfaction", "seats"),
        Column("clubs", "clubs"),
        Column("clubs", "members"),
    ]
    assert [titles[place] for place in places] == HEADERS[dialect]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", ["text", "number"])
def test_every_header_of_every_dialect_finds_its_column(dialect: str, kind: str) -> None:
    columns, titles = zip(*layout(SURVEY, "number" if kind == "number" else "text", dialect), strict=True)
    assert list(recognise(list(titles), SURVEY, "x.csv").columns) == list(columns)


@pytest.mark.parametrize(
    ("titles", "columns"),
    [
        (["4、贵馆使用哪些渠道 "], [Column("channels")]),
        (["4. In English: 贵馆有哪些渠道?"], [Column("channels")]),
        (["6、4.贵馆有哪些渠道？\n"], [Column("channels")]),
        (
            ["17 贵馆有哪些渠道?(官网)", "17(微信(公众号))"],
            [Column("channels", None, "site"), Column("channels", None, "wechat")],
        ),
        (["2030年有何建议？"], [Column("advice")]),
        (["30、2030年有何建议？"], [Column("advice")]),
        (["请再次评价-图书", "请再次评价-座位"], [Column("comfort", "books"), Column("comfort", "seats")]),
        (["24、学生社团—社团数", "人数"], [Column("clubs", "clubs"), Column("clubs", "members")]),
        (["24、学生社团"], [Column("clubs")]),
    ],
)  # fmt: skip
def test_numbers_and_wordings_may_vary(titles: list[str], columns: list[Column]) -> None:
    assert list(recognise(titles, SURVEY, "x.csv").columns) == columns


def test_the_question_before_decides_between_equal_rows() -> None:
    titles = ["请评价以下各项—图书", "座位", "请再次评价—图书", "座位"]
    rows = [(column.key, column.row) for column in recognise(titles, SURVEY, "x.csv").columns]
    assert rows == [("satisfaction", "books"), ("satisfaction", "seats"), ("comfort", "books"), ("comfort", "seats")]


def test_a_question_may_be_called_like_a_blank_of_the_one_before() -> None:
    renamed = SURVEY.questions["advice"].model_copy(update={"zh": "人数"})
    survey = SURVEY.model_copy(update={"questions": {**SURVEY.questions, "advice": renamed}})
    assert list(recognise(["学生社团", "人数"], survey, "x.csv").columns) == [Column("clubs"), Column("advice")]


def test_what_belongs_to_nobody_is_kept_aside() -> None:
    found = recognise(["序号", "总分", "来源", "座位", "4、贵馆有哪些渠道？", "99、多出的题", "座位"], SURVEY, "x.csv")
    assert found.metadata == {"sequence": 0, "score": 1, "source": 2}
    assert found.columns == {Column("channels"): 4}
    assert found.extra == [3, 5, 6]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("123456789_按文本_用户：调查（2023）_3025_2246.xlsx", Hint("text", 2246)),
        ("123456789_按序号_调查.csv", Hint("number", None)),
        ("调查_800_800_0.xls", Hint("text")),
        ("调查_800_800_2.xls", Hint("number")),
        ("123456789_按分数_调查_8_8.xlsx", Hint("score", 8)),
        ("123456789_1699999999999.xlsx", Hint("summary")),
        ("by_text.xlsx", Hint()),
    ],
)
def test_file_names(name: str, expected: Hint) -> None:
    assert hint(name) == expected
