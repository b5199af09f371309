"""Every chart is Vega-Lite as its schema has it, holds no code made of labels, and becomes an image with text in it."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft7Validator

from calm_pipeline.pages import script_json
from calm_pipeline.report.charts import bars, counts, dot, dots, ranges, room, wrapped
from calm_pipeline.report.drawing import CONFIG, picture
from calm_pipeline.report.model import Panel
from tests.report.warehouse import page

ROW = {"label": "图书馆</script>\u2028", "share": 0.5, "low": 0.4, "high": 0.6, "count": 61, "asked": 122}
TIPS = {"name": "Option", "figure": "Share"}
SPANS = dict.fromkeys(("x", "n", "mean_shown", "median_shown", "span"), "x")


def specs(lang: str) -> list[dict[str, Any]]:
    return [json.loads(found) for found in re.findall(r'data-spec="[a-z]+">(.*?)</script>', page(lang))]


def test_every_specification_keeps_the_schema() -> None:
    import altair as alt

    schema, found = Draft7Validator(alt.Root._schema), specs("en")
    assert len(found) > 60
    assert not schema.is_valid({**found[0], "height": "high"})
    for spec in found:
        schema.validate({**spec, "config": CONFIG})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_label_is_part_of_an_expression(lang: str) -> None:
    for spec in specs(lang):
        text = json.dumps(spec, ensure_ascii=False)
        assert '"sort": [' not in text
        assert '"expr"' not in text
        assert '"signal"' not in text
        assert "labelExpr" not in text
        assert '"url"' not in text


def test_a_hostile_label_stays_a_label() -> None:
    panel = bars([ROW], TIPS, "note")
    svg = picture(panel.spec, "figure-x")
    assert "</script>" not in svg
    assert "&lt;/script&gt;" in svg
    assert "图书馆" in svg
    assert "note" in svg
    assert "</script" not in script_json(panel.spec)
    assert json.loads(script_json(panel.spec)) == panel.spec


def test_the_text_of_a_picture_takes_the_fonts_of_the_page() -> None:
    svg = picture(bars([ROW], TIPS, "").spec, "figure-x")
    assert "<text" in svg
    assert "font-family" not in svg
    assert 'aria-hidden="true"' in svg


def test_what_does_not_exist_is_not_drawn() -> None:
    nothing = {**ROW, "share": None, "low": None, "high": None}
    assert bars([ROW, nothing], TIPS, "").spec["layer"][0] == bars([ROW], TIPS, "").spec["layer"][0]
    row = {"label": "r", "value": float("nan"), "low": None, "high": None, "figure": "–"}
    panel = dots([row], {"title": "r", "domain": [0.0, 1.0]}, "")
    assert "–" not in json.dumps(panel.spec, ensure_ascii=False)


def marked(panel: Panel, name: str) -> list[Any]:
    """What the marks of a picture hold under a name."""
    return [row[name] for rows in panel.spec["datasets"].values() for row in rows if name in row]


def test_whole_numbers_have_a_bar_each_and_those_that_nobody_has_keep_their_place() -> None:
    panel = counts([{"start": 1.0, "count": 7}, {"start": 4.0, "count": 2}], {"x": "x", "y": "y"}, "", "")
    assert marked(panel, "value") == [1, 2, 3, 4]
    assert marked(panel, "count") == [7, 0, 0, 2]
    assert panel.spec["encoding"]["x"]["type"] == "ordinal"


def test_rows_of_one_label_stay_rows_of_their_own() -> None:
    row = {"label": "Others", "value": 0.1, "low": 0.0, "high": 0.2, "figure": "x"}
    panel = dots([row, row, row], {"title": "r", "domain": [0.0, 1.0]}, "")
    assert len(set(marked(panel, "label"))) == 3
    assert {label.rstrip("\u200b") for label in marked(panel, "label")} == {"Others"}


def test_a_label_of_many_lines_has_room() -> None:
    row = {"minimum": 1, "maximum": 9, "below": 2, "above": 8, "median": 5, "mean": 5, "n": "12"}
    long = ranges([{**row, "label": "one two three four five six seven eight nine ten"}], {**TIPS, **SPANS}, "", "")
    assert long.narrow is not None
    assert long.narrow["height"] > long.spec["height"] >= 30


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_height_is_a_step_which_vega_lite_warns_of(lang: str) -> None:
    assert all(isinstance(spec["height"], int) for spec in specs(lang))


@pytest.mark.parametrize(
    ("label", "width", "lines", "expected"),
    [
        ("short", 20, 2, "short"),
        ("one two three four", 9, 2, "one two\nthree …"),
        ("图书馆主页与社交媒体账号", 12, 2, "图书馆主页与\n社交媒体账号"),
        ("", 10, 2, ""),
    ],
)
def test_labels_wrap(label: str, width: int, lines: int, expected: str) -> None:
    assert wrapped(label, width, lines) == expected


def test_room_for_labels_is_reckoned_by_their_longest_line() -> None:
    assert room(["馆馆", "ab\nabcd"]) == room(["abcd"])
    assert room([])["minExtent"] > 0


def test_a_picture_is_the_same_whatever_was_drawn_before() -> None:
    panel = dots([dot("a", (0.5, 0.4, 0.6), "0.5")], {"title": "r", "domain": [0.0, 1.0]}, "")
    first = picture(panel.spec, "figure-x")
    picture(panel.spec, "figure-y")
    assert picture(panel.spec, "figure-x") == first
    assert 'id="figure-x-1"' in first
