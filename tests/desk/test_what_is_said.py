"""What the letter and the desk say about a second submission, a name nobody knows and blanks, from an export on."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from rich.cells import cell_len
from rich.console import Console

from calm_pipeline.commands.desk import alerts, desk
from calm_pipeline.desk import journal
from calm_pipeline.desk.corrections import applied, load_corrections
from calm_pipeline.desk.ledger import Now, observe
from calm_pipeline.errors import CalmError
from calm_pipeline.letters.case import Difference
from calm_pipeline.letters.wording import both_said
from calm_pipeline.project import Project
from calm_pipeline.survey import Words
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
    assert "名录中查不到这一馆名" in stranger.spoken["zh-CN"]
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
    assert heads == ["甲馆", "丙馆", "丁馆", "戊己庚馆（未匹配 not matched）2031-0002"]
    assert said.index("  2031-0004 ") < said.index("戊己庚馆")
    assert "Q5: 200 / 300" in said
    assert "名录所载职工人数：9。" in said
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


def test_one_submission_is_shown_with_the_entries_that_decide_about_it(made: MadeUp) -> None:
    out = io.StringIO()
    assert desk(EDITION, Project(made.root), Console(file=out, width=200), FIRST) == 1
    shown_of_one = out.getvalue()
    assert STRANGER not in shown_of_one
    entries = yaml.safe_load(shown_of_one[shown_of_one.index("- submission") :])
    assert [(one["submission"], one["decision"], one.get("rule")) for one in entries] == [
        (FIRST, "withdrawn", None),
        (FIRST, "confirmed", "library__single_submission"),
    ]
    reasoned = [{**one, "reason": "they asked for it", "submission": FIRST} for one in entries[:1]]
    made.decide(yaml.safe_dump(reasoned))
    findings = pq.read_table(Project(made.root).file("findings", EDITION))
    raw = pq.read_table(Project(made.root).file("raw_submissions", EDITION))
    (applied_,) = applied(load_corrections(made.root.corrections(EDITION)), findings, raw, EDITION).to_pylist()
    made.root.corrections(EDITION).unlink()
    assert applied_["fits"]


def test_a_submission_without_open_findings_cannot_be_decided_about(made: MadeUp) -> None:
    with pytest.raises(CalmError) as refused:
        desk(EDITION, Project(made.root), Console(file=io.StringIO()), "2031-0009")
    assert refused.value.code == "no_open_finding"


def test_a_terminal_wraps_under_the_indent(made: MadeUp) -> None:
    out = io.StringIO()
    desk(EDITION, Project(made.root), Console(file=out, width=60, force_terminal=True, color_system=None))
    lines = out.getvalue().splitlines()
    assert max(cell_len(line) for line in lines) <= 60
    long = next(place for place, line in enumerate(lines) if line.startswith("    → Ask which submission is right"))
    assert lines[long + 1].startswith("    as withdrawn") or lines[long + 1].startswith("    record")


def test_without_channels_it_is_said_that_nobody_is_told(made: MadeUp, tmp_path: Path) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    assert alerts(EDITION, Project(made.root), console, console, tmp_path / "dry") == 0
    assert "alerts are open and nobody is told" in out.getvalue()


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("a┋b┋c", "a┋b", "Q5: c / –（另有 2 项相同 2 more in common）"),
        ("a", "b", "Q5: a / b"),
        ("", "b┋c", "Q5: （未填写） (left blank) / “b”、“c”"),
        ("a┋b", "b┋a", "Q5: “a”、“b” / “b”、“a”"),
    ],
)
def test_of_several_options_only_those_that_differ_are_said(here: str, there: str, said: str) -> None:
    assert both_said(Difference("f", 5, Words(en="?", zh="？"), here, there)) == said


def test_a_check_that_fails_in_another_way_did_not_pass() -> None:
    now = Now(datetime(2031, 5, 9, tzinfo=UTC))
    first = observe({}, "check", "files", Words(en="one", zh="一"), "error", now)
    second = observe(journal.alerts(first), "check", "files", Words(en="two", zh="二"), "error", now)
    third = observe(journal.alerts([*first, *second]), "check", "files", None, "error", now)
    told = [(event.happening, event.detail) for event in (*first, *second, *third)]
    assert told == [("opened", ""), ("closed", "it fails in another way now"), ("opened", ""), ("closed", "it passed")]
