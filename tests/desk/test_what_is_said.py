"""What the letter and the desk say about a second submission, a name nobody knows and blanks, from an export on."""

import io

import pytest
from rich.console import Console

from calm_pipeline.commands.desk import desk
from calm_pipeline.project import Project
from tests.desk.made_up import EDITION, MadeUp, row
from tests.letters.pages import Page

FIRST, STRANGER, BLANK, SECOND = "2031-0001", "2031-0002", "2031-0003", "2031-0004"
WITHDRAWN = """
- submission: 2031-0002
  decision: withdrawn
  expect: 2031/5/9 9:06:07
  reason: sent again as 2031-0005
  decided_on: 2031-07-01
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeUp:
    made = MadeUp(tmp_path_factory.mktemp("said"), EDITION)
    first, stranger = row(1, "甲馆", watts="200"), row(2, "戊己庚馆", minute=6)
    made.receive(
        first, stranger, row(3, "丙馆", measures="(空)"), row(4, "甲馆", watts="300", minute=8), row(5, "丁馆")
    )
    made.run()
    return made


def shown(made: MadeUp) -> str:
    out = io.StringIO()
    assert desk(EDITION, Project(made.root), Console(file=out, width=200)) == 1
    return out.getvalue()


def test_each_letter_about_two_submissions_names_the_other_and_where_they_differ(made: MadeUp) -> None:
    for one, other, here, there, time in (
        (FIRST, SECOND, "200", "300", "2031-05-09 09:08:07"),
        (SECOND, FIRST, "300", "200", "2031-05-09 09:05:07"),
    ):
        page, twin = made.letter(one)
        (named,) = twin["others"]
        assert (named["submission_id"], named["submitted_at"]) == (other, time.replace(" ", "T"))
        assert [(d["field"], d["here"], d["there"]) for d in named["differences"]] == [("watts", here, there)]
        assert twin["findings"][0]["answers"] == []
        spoken = Page(page).spoken
        for language, words in (
            ("zh-CN", ("功率", "请告知以哪一份为准，或重新提交一份更正后的答卷")),
            ("en", ("Watts?", "Please tell us which one is right, or send one corrected submission")),
        ):
            assert all(part in spoken[language] for part in (*words, other, time)), language


def test_a_letter_about_others_holds_nothing_of_other_libraries(made: MadeUp) -> None:
    for one in (FIRST, SECOND):
        page, _ = made.letter(one)
        assert not [text for text in (STRANGER, BLANK, "戊己庚馆", "丙馆", "丁馆") if text in page]


def test_a_fault_is_said_as_a_fault_and_a_blank_as_a_blank(made: MadeUp) -> None:
    stranger, blank = (Page(made.letter(one)[0]) for one in (STRANGER, BLANK))
    assert "登记表中查不到这一馆名" in stranger.spoken["zh-CN"]
    assert "We do not find this name in our register." in stranger.spoken["en"]
    assert "来信注明答卷编号 2031-0002" in stranger.spoken["zh-CN"]
    assert "Once corrected, please submit the questionnaire again" in blank.spoken["en"]
    assert "第3题未填写，请作答" in blank.spoken["zh-CN"]
    assert "Q3 was left blank; please answer it." in blank.spoken["en"]
    assert "(空)" not in blank.text
    assert "未填写" in blank.text


def test_the_desk_groups_by_library_oldest_first_and_speaks_to_the_desk(made: MadeUp) -> None:
    said = shown(made)
    heads = [line for line in said.splitlines() if line and not line.startswith(" ") and EDITION not in line[:6]]
    assert heads == ["甲馆", "戊己庚馆（未匹配 not matched）2031-0002", "丙馆", "丁馆"]
    assert said.index("  2031-0004 ") < said.index("戊己庚馆")
    assert "Q5: 200 / 300" in said
    assert "登记表所载职工人数：9。" in said
    assert "Q1: 甲馆" not in said
    assert "Q1: 丁馆" not in said
    assert not [text for text in ("贵馆", "your library", "(空)", "┋", "≠") if text in said]
    assert "No later submission closes it by itself" in said


def test_a_submission_of_no_library_is_closed_by_the_desk_and_by_nothing_else(made: MadeUp) -> None:
    text = (made.root.raw(EDITION) / "export.csv").read_text(encoding="utf-8").splitlines()[1:]
    made.receive(*text, row(6, "乙馆", minute=9))
    made.run()
    assert made.statuses[6] == "accepted"
    assert made.alerts[STRANGER, "library__known"] == ["open"]
    made.decide(WITHDRAWN)
    made.run()
    assert made.alerts[STRANGER, "library__known"] == ["closed"]
    (why,) = [alert["ended_because"] for alert in made.table("alerts") if alert["subject"] == STRANGER]
    assert why == "withdrawn: sent again as 2031-0005"
