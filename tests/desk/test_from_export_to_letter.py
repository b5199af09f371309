"""From an export to letters and back: hints are offered, a jump is asked about, and what the desk decides holds."""

from pathlib import Path

import pytest

from tests.desk.made_up import BEFORE, EDITION, MadeUp, row
from tests.letters.pages import Page

DECISIONS = """
- submission: 2031-0001
  decision: confirmed
  rule: watts__range
  expect: "9001"
  reason: the plant of the whole campus
  decided_on: 2031-07-01
- submission: 2031-0002
  decision: withdrawn
  expect: 2031/5/9 9:05:07
  reason: the other one counts
  decided_on: 2031-07-01
"""
RANGE, SECOND, THIRD = (
    ("2031-0001", "watts__range"),
    ("2031-0002", "library__single_submission"),
    ("2031-0003", "library__single_submission"),
)
FIT = ("corrections: decisions_fit", "")


@pytest.mark.parametrize(
    ("wrong", "rule", "zh", "en"),
    [
        (
            row(1, "丙馆", measures="节能照明灯"),
            "measures__known_options",
            "问卷中最接近的选项：“节能灯”；请按实际情况选择。",
            'Nearest in the questionnaire: "Light"; please choose what applies.',
        ),
        (
            row(1, "丙大馆"),
            "library__known",
            "名录中相近的有：丙馆。",
            "The register has: Library C.",
        ),
    ],
)
def test_the_letter_offers_what_may_have_been_meant(tmp_path: Path, wrong: str, rule: str, zh: str, en: str) -> None:
    """Cases 32 and 53."""
    made = MadeUp(tmp_path, EDITION)
    made.receive(wrong, row(2, "乙馆"))
    made.run()
    assert made.statuses == {1: "quarantined", 2: "accepted"}
    assert made.lettered == {"2031-0001"}
    page, twin = made.letter("2031-0001")
    assert [(one["rule"], one["hint"]) for one in twin["findings"]] == [(rule, {"en": en, "zh": zh})]
    spoken = Page(page).spoken
    assert zh in spoken["zh-CN"]
    assert en in spoken["en"]


def test_case_48_a_jump_is_asked_about_and_counts(tmp_path: Path) -> None:
    made = MadeUp(tmp_path, BEFORE, EDITION)
    made.receive(row(1, "甲馆", watts="10"), row(2, "乙馆", watts="150"), edition=BEFORE)
    made.receive(row(1, "甲馆", watts="100"), row(2, "乙馆", watts="200"), row(3, "丙馆", watts="9000"))
    made.run(EDITION)
    assert (made.table("violations"), made.alerts, made.lettered) == ([], {}, set())
    made.run(BEFORE, EDITION)
    assert [(one["submission_id"], one["rule"], one["severity"]) for one in made.table("violations")] == [
        ("2031-0001", "watts__jump", "confirm")
    ]
    assert made.statuses == {1: "accepted", 2: "accepted", 3: "accepted"}
    assert made.alerts == {("2031-0001", "watts__jump"): ["open"]}
    assert made.lettered == {"2031-0001"}
    page, twin = made.letter("2031-0001")
    (finding,) = twin["findings"]
    assert (finding["rule"], finding["severity"], finding["answers"][0]["value"]) == ("watts__jump", "confirm", "100")
    assert twin["review"] == []
    assert finding["fault"]["zh"] in Page(page).spoken["zh-CN"]


def test_what_the_desk_decides_holds_until_the_source_is_mended(tmp_path: Path) -> None:
    made = MadeUp(tmp_path, EDITION)
    wrong, other, third = row(1, "甲馆", watts="9001"), row(2, "乙馆", watts="200"), row(3, "乙馆", watts="300")
    made.receive(wrong, other, third)
    made.run()
    assert set(made.statuses.values()) == {"quarantined"}
    assert made.alerts == {RANGE: ["open"], SECOND: ["open"], THIRD: ["open"]}
    assert made.lettered == {"2031-0001", "2031-0002", "2031-0003"}

    made.decide(DECISIONS)
    made.run()
    assert made.statuses == {1: "quarantined", 2: "dropped", 3: "accepted"}
    assert made.alerts == {RANGE: ["confirmed"], SECOND: ["closed"], THIRD: ["closed"]}
    assert made.lettered == set()
    assert [one["fits"] for one in made.table("corrections")] == [True, True]

    made.receive(row(1, "甲馆", watts="9002"), row(2, "乙馆", watts="200", minute=6), third)
    made.run()
    assert set(made.statuses.values()) == {"quarantined"}
    assert [one["fits"] for one in made.table("corrections")] == [False, False]
    assert made.alerts[RANGE] == ["confirmed", "open"]
    assert [made.alerts[one][-1] for one in (SECOND, THIRD, FIT)] == ["open"] * 3
    assert made.lettered == {"2031-0001", "2031-0002", "2031-0003"}

    made.receive(row(1, "甲馆", watts="900"), other, third)
    made.run()
    assert made.statuses == {1: "accepted", 2: "dropped", 3: "accepted"}
    assert [one["fits"] for one in made.table("corrections")] == [False, True]
    assert made.alerts[RANGE] == ["confirmed", "closed"]
    assert "open" in made.alerts[FIT]
    assert made.lettered == set()
