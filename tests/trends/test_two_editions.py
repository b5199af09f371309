"""Two small editions from their exports to the warehouse: every row of both tables of trends, counted by hand."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from calm_pipeline.report.sections.comparable import SENTENCE
from calm_pipeline.trends.comparable import CAUTIONING, FORBIDDING
from tests.commands import calm
from tests.report.test_readers import cells, text
from tests.trends.pair import write_pair

pytestmark = pytest.mark.xdist_group("trends")
NOTHING = (None, None, None)

# field, option: change, comparable, what changed, asked and count in both editions, n, gained and lost of the panel
OPTIONS: dict[tuple[str, str], tuple[Any, ...]] = {
    ("plan", "has"): ("continued", "yes", "", (6, 4), (6, 4), (4, 1, 1)),
    ("plan", "none"): ("continued", "yes", "", (6, 2), (6, 2), (4, 1, 1)),
    ("measures", "light"): ("continued", "with care", "wording base", (6, 3), (4, 3), NOTHING),
    ("measures", "paper"): ("continued", "with care", "base", (6, 4), (4, 2), NOTHING),
    ("plants", "fern"): ("continued", "with care", "options required", (6, 4), (6, 4), (4, 1, 0)),
    ("plants", "moss"): ("new", "no", "options required", (6, 3), (None, None), NOTHING),
    ("plants", "palm"): ("gone", "no", "options required", (None, None), (6, 2), NOTHING),
    ("order", "cost"): ("continued", "no", "type", (6, 3), (6, 6), NOTHING),
    ("order", "health"): ("continued", "no", "type", (6, 4), (6, 6), NOTHING),
    ("dropped", "this"): ("gone", "no", None, (None, None), (6, 4), NOTHING),
    ("dropped", "that"): ("gone", "no", None, (None, None), (6, 2), NOTHING),
    ("books", "old"): ("continued", "yes", "", (6, 4), (6, 5), (4, 1, 0)),
    ("books", "new"): ("continued", "yes", "", (6, 5), (6, 2), (4, 2, 0)),
    ("added", "left"): ("new", "no", None, (6, 4), (None, None), NOTHING),
    ("added", "right"): ("new", "no", None, (6, 2), (None, None), NOTHING),
    ("rooms__upper", "cold"): ("continued", "with care", "wording", (6, 4), (6, 4), (4, 1, 0)),
    ("rooms__upper", "warm"): ("continued", "with care", "wording", (6, 2), (6, 2), (4, 0, 1)),
    ("rooms__lower", "cold"): ("continued", "yes", "", (6, 0), (6, 2), (4, 0, 1)),
    ("rooms__lower", "warm"): ("continued", "yes", "", (6, 6), (6, 4), (4, 1, 0)),
}

# index, scope, definition: comparable, items in both, mean in both, changes of the libraries of the panel
INDICES: dict[tuple[str, str, str], tuple[Any, ...]] = {
    ("saving", "all", "sum"): ("with care", (2, 2), (7 / 6, 5 / 6), (1, -1, 1, 1)),
    ("saving", "all", "mean_share"): ("with care", (2, 2), (3.5 / 6, 2.5 / 4), (0.5, -0.5)),
    ("caring", "all", "sum"): ("no", (4, 4), (16 / 6, 13 / 6), None),
    ("caring", "shared", "sum"): ("with care", (3, 3), (13 / 6, 11 / 6), (2, 1, 0, 1)),
    ("reading", "all", "sum"): ("yes", (2, 2), (9 / 6, 7 / 6), (1, 1, 0, 1)),
    ("reading", "all", "mean_share"): ("yes", (2, 2), (9 / 12, 7 / 12), (0.5, 0.5, 0, 0.5)),
    ("reading", "shared", "sum"): ("yes", (2, 2), (9 / 6, 7 / 6), (1, 1, 0, 1)),
    ("reading", "all", "mean_z"): ("no", (2, 2), (0, 0), None),
    ("gained", "all", "sum"): ("no", (2, None), (1, None), None),
    ("lost", "all", "sum"): ("no", (None, 2), (None, 1), None),
}
FLAGS = ("wording", "options", "type", "base", "required")


def table(root: Path, name: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(root / "data" / "warehouse" / "current" / "calm.duckdb"), read_only=True) as database:
        rows = database.sql(f"SELECT * FROM {name}")
        return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The later edition is run first, then the earlier one, then the later one again."""
    root = write_pair(tmp_path_factory.mktemp("pair"), "2031", "2032")
    alone = calm(root, "run", "2032")
    assert alone.returncode == 0, alone.stderr + alone.stdout
    assert (table(root, "option_trends"), table(root, "index_trends")) == ([], [])
    earlier = calm(root, "run", "2031")
    assert earlier.returncode == 0, earlier.stderr + earlier.stdout
    assert "the trends of 2032 do not show what 2031 says now; run `calm run 2032` again" in earlier.stderr
    assert "请重新运行 `calm run 2032`" in earlier.stderr
    assert table(root, "option_trends") == []
    again = calm(root, "run", "2032")
    assert again.returncode == 0, again.stderr + again.stdout
    assert "later_edition" not in again.stderr
    return root


def test_every_option_of_either_edition_has_its_row(root: Path) -> None:
    rows = {(row["field"], row["option"]): row for row in table(root, "option_trends")}
    found = {
        place: (
            row["change"],
            row["comparable"],
            None if row["type_changed"] is None else " ".join(flag for flag in FLAGS if row[f"{flag}_changed"]),
            (row["asked"], row["count"]),
            (row["previous_asked"], row["previous_count"]),
            (row["n_panel"], row["gained"], row["lost"]),
        )
        for place, row in rows.items()
    }
    assert found == OPTIONS
    assert {(row["edition"], row["previous_edition"]) for row in rows.values()} == {("2032", "2031")}
    assert {row["reconstructed"] for row in rows.values()} == {True}
    assert {row["population_changed"] for row in rows.values()} == {False}


def test_differences_are_those_of_the_counts(root: Path) -> None:
    for row in table(root, "option_trends"):
        if row["comparable"] == "no":
            assert row["difference"] is row["low"] is row["panel_difference"] is row["panel_p"] is None
            continue
        difference = row["count"] / row["asked"] - row["previous_count"] / row["previous_asked"]
        assert row["difference"] == pytest.approx(difference, abs=1e-12)
        assert row["low"] < difference < row["high"]
        if row["n_panel"] is None:  # two libraries answered both times
            assert row["panel_difference"] is row["panel_low"] is row["panel_p"] is None
            continue
        assert row["panel_difference"] == (row["gained"] - row["lost"]) / row["n_panel"]
        assert row["panel_low"] < row["panel_difference"] < row["panel_high"]
        assert row["panel_p"] == 1 or row["gained"] + row["lost"] > 1


def test_reasons_are_given_in_both_languages_and_only_where_there_are_any(root: Path) -> None:
    rows = {(row["field"], row["option"]): row for row in table(root, "option_trends")}
    assert all((row["reason_en"] is None) == (row["comparable"] == "yes") for row in rows.values())
    light, moss = rows["measures", "light"], rows["plants", "moss"]
    assert light["reason_en"] == "The wording changed. It is decided otherwise who is asked."
    assert light["reason_zh"] == "文字有改动。询问对象的确定方式有变。"
    assert moss["reason_en"].startswith("The edition before did not ask it.")


def test_every_index_of_either_edition_has_its_rows(root: Path) -> None:
    rows = {(row["index_name"], row["scope"], row["definition"]): row for row in table(root, "index_trends")}
    assert len(rows) == 3 * (2 * 3 + 2)  # three definitions; both scopes of the indices of both editions, else one
    for place, (comparable, items, means, changes) in INDICES.items():
        row = rows[place]
        assert (row["comparable"], (row["items"], row["previous_items"])) == (comparable, items), place
        assert (row["mean"], row["previous_mean"]) == pytest.approx(means, abs=1e-12), place
        panel = (row["n_panel"], row["panel_difference"])
        told = changes is not None and len(changes) >= 3
        assert panel == ((len(changes), sum(changes) / len(changes)) if changes and told else (None, None)), place
        if changes is not None:
            assert row["difference"] == pytest.approx(means[0] - means[1], abs=1e-12)
            assert row["low"] < row["difference"] < row["high"]
            assert not told or row["panel_low"] < row["panel_difference"] < row["panel_high"]


def test_an_index_says_what_changed_in_it(root: Path) -> None:
    rows = {(row["index_name"], row["scope"], row["definition"]): row for row in table(root, "index_trends")}
    assert [rows[name, "all", "sum"]["items_changed"] for name in ("saving", "caring", "gained")] == [False, True, None]
    saving, caring = rows["saving", "shared", "sum"], rows["caring", "shared", "sum"]
    assert [saving[f"{flag}_changed"] for flag in ("wording", "options", "base", "required")] == [
        True,
        False,
        True,
        False,
    ]
    assert [caring[f"{flag}_changed"] for flag in ("wording", "options", "base", "required")] == [
        False,
        True,
        False,
        True,
    ]
    assert rows["reading", "all", "mean_z"]["reason_en"] == "z-scores are taken within each edition."
    assert rows["caring", "all", "sum"]["reason_zh"].startswith("指数计入的选项不同。")


def section(root: Path, lang: str, key: str) -> str:
    """The markup of a section of the report that the run has written, with what follows it."""
    html = (root / "data" / "warehouse" / "report" / "2032" / f"{lang}.html").read_text(encoding="utf-8")
    return html.partition(f'<section id="{key}"')[2]


def groups(table: str) -> list[list[str]]:
    """What stands at the head of each group: its name, and what is said of all of it."""
    heads = re.findall(r'<tr class="group">(.*?)</tr>', table.partition("</table>")[0], re.DOTALL)
    return [[text(part) for part in head.split('<span class="more">')] for head in heads]


def test_the_report_says_once_what_stands_against_comparing_a_question(root: Path) -> None:
    table = section(root, "en", "trends").partition('id="table-trends"')[2]
    assert groups(table) == [
        ["Q2. Is there a plan?"],
        ["Q3. Which measures?", "It is decided otherwise who is asked."],
        ["Q4. Which plants?", "The question offers other options. It was required in one edition only."],
        ["Q5. What matters most?", "The question is of another kind."],
        ["Q6. Which books?"],
        ["Q6 in 2031. Which of these?", "This edition does not ask it."],
        ["Q7. Which of those?", "The edition before did not ask it."],
        ["Q8. How are the rooms?"],
    ]
    said = {row[0]: row[1] for row in cells(table.partition("</table>")[0])}
    assert [said[name] for name in ("Light", "PAPER", "Moss", "Old ones", "This")] == [
        "with care The wording changed.",
        "with care",
        "no (new) The edition before did not ask it.",
        "yes",
        "no (gone)",
    ]


@pytest.mark.parametrize(("lang", "names"), [("en", ["Gained", "Lost"]), ("zh", ["得到", "失去"])])
def test_an_index_of_the_earlier_edition_is_called_as_it_was_there(root: Path, lang: str, names: list[str]) -> None:
    table = section(root, lang, "trends").partition('id="table-index-trends"')[2]
    assert [name for name, *_ in groups(table)][-2:] == names


def test_changes_in_the_picture_come_with_a_caution_and_with_adjusted_tests(root: Path) -> None:
    notes = re.findall(r'<p class="note">(.*?)</p>', section(root, "en", "trends").partition("</figure>")[0])
    tests = [row["panel_holm"] for row in table(root, "option_trends") if row["panel_holm"] is not None]
    assert text(notes[0]).startswith("The 11 changes stand in the order of their size.")
    assert text(notes[1]).startswith(
        f"Of {len(tests)} tests among the libraries that answered in both editions, 0 keep"
    )
    assert "for changes since the edition before" in section(root, "en", "methods")


@pytest.mark.parametrize(("lang", "few"), [("en", "cannot be interpreted"), ("zh", "不宜解释")])
def test_what_a_small_edition_cannot_tell_is_said_or_left_out(root: Path, lang: str, few: str) -> None:
    whole = section(root, lang, "summary")
    negative = "SELECT 1 FROM index_items WHERE edition = '2032' AND alpha_without < 0"
    with duckdb.connect(str(root / "data" / "warehouse" / "current" / "calm.duckdb"), read_only=True) as database:
        told = bool(database.execute(negative).fetchall())
    assert (few in section(root, lang, "items").partition("</section>")[0]) == told
    assert few in section(root, lang, "reliability").partition("</section>")[0]
    assert {key for key in ("open", "stages", "effects", "attenuation") if f'id="table-{key}"' in whole} == set()
    for key in ("stages", "attenuation"):
        assert text(section(root, lang, key).partition("<p>")[2].partition("</p>")[0])
    assert "0 of 0" not in whole
    assert "0 对指数" not in whole
    assert 'id="open-questions"' not in whole


def test_every_reason_is_one_sentence_as_the_report_takes_them_apart() -> None:
    for reason in {**FORBIDDING, **CAUTIONING}.values():
        assert SENTENCE.findall(reason.en) == [reason.en]
        assert SENTENCE.findall(reason.zh) == [reason.zh]
