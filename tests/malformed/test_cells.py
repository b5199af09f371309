"""Cases 28 to 34, 43 to 47 and 56 to 61: what is wrong with one cell, in a file that can be read."""

from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest

from calm_pipeline import columns
from calm_pipeline.exports.pairing import join
from calm_pipeline.exports.submission import Silence
from calm_pipeline.exports.writer import write_export
from calm_pipeline.survey import Survey
from tests.judged import judge, raw_frame
from tests.malformed.examples import LIBRARY, REGISTER, SURVEY, VALID, cells, code, export, mended, outcome, read, said


def test_case_06_mojibake_in_a_name_or_an_option() -> None:
    wrong = LIBRARY.encode().decode("latin-1"), "已实施".encode().decode("gb18030", "replace")
    made = outcome(said(1, library=wrong[0]), said(2, stage=wrong[1]))
    assert made.broken == {(1, "library__known"), (2, "stage__known_options")}
    assert made.status == {1: "quarantined", 2: "quarantined"}


def test_case_28_huge_cell() -> None:
    huge = "大" * 40_000
    made = outcome(said(1, library=huge), said(2, stage=huge), said(3, assistants="9" * 40_000))
    assert set(made.status.values()) == {"quarantined"}
    header, row = cells()
    longer = [*row[:-1], "大" * (1 << 20) + "x"]
    assert code(f"{','.join(header)}\r\n{','.join(longer)}".encode()) == "long_cell"
    assert code(f"{','.join([*header[:-1], '(' * 3000])}\r\n{','.join(row)}".encode()) == "long_cell"


@pytest.mark.parametrize("piece", ["9", "a@", "〖", "1.3", "138-"])
def test_case_28_a_huge_cell_takes_no_more_than_its_share_of_time(piece: str) -> None:
    """Ten times the cell, about ten times the work: counted in processor time, and only against each other."""

    def taken(length: int) -> float:
        huge, begun = piece * (length // len(piece)), process_time()
        export(cells([said(advice=huge, stage=huge, library=huge)]))
        return process_time() - begun

    taken(1000)
    assert taken(300_000) < 40 * taken(30_000)


UNSEEN = ["\x01", "\x1b", "\x9b", "\xad", "\u200b", "\u202e", "\u2066", "\ufeff", "\U000e0041"]


def test_case_29_control_zero_width_and_bidi_characters() -> None:
    sent = [said(n, advice=f"多{unseen}开门") for n, unseen in enumerate(UNSEEN, 1)]
    made = outcome(*sent, said(10, library=f"\u200b{LIBRARY}\u202e", stage="已\u200b实施"))
    assert made.broken == set()
    assert {row["advice"] for row in made.clean} == {"多开门"}
    assert made.raw["advice"].to_pylist() == [*(f"多{unseen}开门" for unseen in UNSEEN), "多开门"]
    assert mended(*sent) == {("advice", "unseen_characters", f"多{unseen}开门", "多开门") for unseen in UNSEEN}


UNSEEN_IN_LABELS = ["\x80", "\x9f", "\u061c", "\u180e", "\ufff9", "\ufffb", "\U000e0041", "\u200b", "\u202e", "\x01"]


def test_case_29_unseen_characters_in_names_and_options() -> None:
    sent = [
        said(
            n,
            library=f"甲大{unseen}学图书馆",
            stage=f"已{unseen}实施{unseen}",
            methods=f"学生{unseen}助理┋学生组织（社团等）",
        )
        for n, unseen in enumerate(UNSEEN_IN_LABELS, 1)
    ]
    made = outcome(*sent)
    assert made.broken == set()
    assert {row["library_id"] for row in made.clean} == {"L1"}
    assert {row["stage"] for row in made.clean} == {"done"}
    assert {row["methods__assistants"] for row in made.clean} == {1}
    assert {(field, rule) for field, rule, *_ in mended(*sent)} == {
        ("library", "library_name"), ("stage", "option_spelling"), ("methods", "option_spelling")
    }  # fmt: skip


def test_case_29_no_character_that_shows_is_taken_away() -> None:
    shown = "".join(map(chr, (*range(0x3A, 0x7F), *range(0xA1, 0xAD), 0x3000, 0x4E00, 0x1F600, 0xFE0F)))
    assert outcome(said(advice=f"a{shown}b")).clean[0]["advice"] == f"a{shown}b"


FORMULAS = ["=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1"]


def test_case_30_formula_like_text(tmp_path: Path) -> None:
    sent = [said(n, advice=formula) for n, formula in enumerate(FORMULAS, 1)]
    made = outcome(*sent)
    assert [row["advice"] for row in made.clean] == [formula.strip() for formula in FORMULAS]
    assert {rule for _, rule in made.broken} == {"library__single_submission"}
    write_export(SURVEY, sent, tmp_path / "export.xlsx", "text")
    assert read((tmp_path / "export.xlsx").read_bytes(), "export.xlsx").frame["advice"].to_pylist() == FORMULAS


MARKUP = "<script>alert(1)</script> **b** [x](javascript:1) \x1b[31mred"


def test_case_31_markup_and_ansi_in_text() -> None:
    made = outcome(said(advice=MARKUP))
    assert made.status == {1: "accepted"}
    assert made.clean[0]["advice"] == MARKUP.replace("\x1b", "")


def test_case_32_unknown_option() -> None:
    made = outcome(said(1, methods="学生助理┋志愿者"), said(2, stage="进行中"))
    assert made.broken == {
        (1, "methods__known_options"), (2, "stage__known_options")
    }  # fmt: skip
    assert made.status == {1: "quarantined", 2: "quarantined"}
    by_number = outcome(said(1, stage="7"), kinds=("number",))
    assert by_number.status == {1: "quarantined"}


def test_case_33_option_with_other_punctuation() -> None:
    spelled = ["学生组织(社团等)", "学生组织 （社团等） ", "学生组织（社团等）\u200b"]
    sent = [said(n, methods=f"学生助理┋{label}") for n, label in enumerate(spelled, 1)]
    made = outcome(*sent)
    assert made.broken == set()
    assert [row["methods__orgs"] for row in made.clean] == [1, 1, 1]
    after = "学生助理┋学生组织（社团等）"
    assert mended(*sent) == {("methods", "option_spelling", f"学生助理┋{label}", after) for label in spelled}


def test_case_34_none_na_and_null_typed_as_an_answer() -> None:
    made = outcome(*(said(n, advice=typed) for n, typed in enumerate(("None", "NA", "null", "nan", "#N/A"), 1)))
    assert [row["advice"] for row in made.clean] == ["None", "NA", "null", "nan", "#N/A"]
    assert outcome(said(assistants="NA", library="null")).broken == {(1, "assistants__number"), (1, "library__known")}


NUMBERS = {
    "case_43_negative": ("-5", "range"),
    "case_43_decimal": ("3.5", "number"),
    "case_43_inf": ("inf", "number"),
    "case_43_exponent": ("2e2", "number"),
    "case_43_above": ("200001", "range"),
    "case_43_beyond_any_integer": ("99999999999999999999", "number"),
    "case_44_words": ("约200人", "number"),
    "case_44_range": ("200-300", "number"),
    "case_44_chinese": ("二百", "number"),
    "case_45_superscript": ("2²", "number"),
    "case_45_circled": ("①", "number"),
    "case_45_underscore": ("1_000", "number"),
    "case_45_thousands": ("1,000", "number"),
    "case_45_arabic_indic": ("٢٠٠", "number"),
    "case_46_zero_where_the_parent_is_ticked": ("0", "range"),
}


@pytest.mark.parametrize("kind", ["text", "number"])
def test_case_43_to_46_counts_that_are_quarantined(kind: str) -> None:
    sent = [said(n, assistants=written) for n, (written, _) in enumerate(NUMBERS.values(), 1)]
    made = outcome(*sent, kinds=(kind,))
    assert made.broken == {(n, f"assistants__{rule}") for n, (_, rule) in enumerate(NUMBERS.values(), 1)}
    assert set(made.status.values()) == {"quarantined"}


def test_case_45_full_width_digits() -> None:
    written = ["２００", "200.0", " 200 "]
    sent = [said(n, assistants=number) for n, number in enumerate(written, 1)]
    made = outcome(*sent)
    assert made.broken == set()
    assert [row["assistants"] for row in made.clean] == [200, 200, 200]
    assert mended(*sent) == {("assistants", "number_format", number, "200") for number in written}


def test_case_47_two_blanks_in_one_cell() -> None:
    joined = export(cells(dialect="joined_blanks"))
    made = judge(SURVEY, join([joined], SURVEY), REGISTER)
    assert made.status == {1: "accepted"}
    assert (made.clean[0]["orgs__groups"], made.clean[0]["orgs__members"]) == (12, 300)


def test_case_47_two_blanks_swapped_beyond_their_range() -> None:
    assert outcome(said(orgs__groups=3000, orgs__members=12)).broken == {
        (1, "orgs__groups__range"),
        (1, "orgs__groups__at_most"),
    }


def test_case_47_two_blanks_swapped_within_their_range() -> None:
    made = outcome(said(orgs__groups=300, orgs__members=12))
    assert (made.broken, made.status) == ({(1, "orgs__groups__at_most")}, {1: "quarantined"})
    assert outcome(said(orgs__groups=12, orgs__members=12)).broken == set()


def test_a_blank_in_a_ranking() -> None:
    declared = SURVEY.model_dump(mode="json", exclude_unset=True)
    declared["questions"]["stage"]["type"] = "ranking"
    survey = Survey.model_validate(declared)
    answers = {**VALID.answers, "stage": {"done": "", "other": "试点→推广", "plan": ""}}
    made = judge(survey, raw_frame(survey, [replace(VALID, answers=answers)], ["text", "number"]), REGISTER)
    assert (made.broken, made.status) == (set(), {1: "accepted"})
    ranks = [made.clean[0][columns.rank("stage", key)] for key in ("done", "other", "plan")]
    assert (ranks, made.clean[0][columns.specify("stage", "other")]) == ([1, 2, 3], "试点→推广")


TIMES = {
    "2030/4/5 9:05:07": set(),
    "2030-04-05 09:05:07": set(),
    "2030-04-05T09:05:07": set(),
    "47578.3785": {"submission__time"},
    "05/04/2030 09:05:07": {"submission__time"},
    "2030年4月5日 9:05:07": {"submission__time"},
    "2030/13/45 9:05:07": {"submission__time"},
    "2030/4/5": {"submission__time"},
    "2030/2/28 23:59:59": {"submission__in_fielding"},
    "2030/3/1 0:00:00": set(),
    "2030/6/30 23:59:59": set(),
    "2099/1/1 0:00:00": {"submission__in_fielding"},
}


def test_case_56_and_57_dates_and_time_zone() -> None:
    header, *rows = cells([replace(VALID, sequence=n) for n, _ in enumerate(TIMES, 1)])
    place = header.index("提交答卷时间")
    records = [[*row[:place], time, *row[place + 1 :]] for row, time in zip(rows, TIMES, strict=True)]
    made = judge(SURVEY, join([export([header, *records])], SURVEY), REGISTER)
    broken = {time: {rule for n, rule in made.broken if n == place} for place, time in enumerate(TIMES, 1)}
    assert broken == TIMES
    unread = [n for n, rules in enumerate(TIMES.values(), 1) if "submission__time" in rules]
    assert [n for n, status in made.status.items() if status == "quarantined"] == unread


def test_case_58_mobile_in_another_form() -> None:
    mobiles = ["1.38E+10", "13800000000.0", "010-62751051", "+86 13800000000"]
    made = outcome(*(said(n, mobile=mobile) for n, mobile in enumerate(mobiles, 1)))
    assert made.broken == {(n, "mobile__form") for n in (1, 2, 3, 4)}
    assert set(made.status.values()) == {"accepted", "duplicate"}
    assert made.raw["mobile"].to_pylist() == ["given otherwise"] * 4


def test_case_59_name_and_mobile_typed_into_free_text() -> None:
    one = said(advice="请联系某某某，电话13800000000", stage={"other": "某某某 138 0000 0000"})
    made = outcome(one)
    assert made.status == {1: "accepted"}
    assert made.clean[0]["advice"] == "请联系〔姓名已隐去〕，电话〔手机号已隐去〕"
    seen = {str(cell) for name in made.raw.column_names for cell in made.raw[name].to_pylist()}
    assert not [cell for cell in seen if "某某某" in cell or "138" in cell]
    assert {(field, before) for field, rule, before, _ in mended(one) if rule == "personal_data_withheld"} == {
        ("advice", None), ("stage", None)
    }  # fmt: skip


def test_case_60_test_preview_and_unfinished_submissions() -> None:
    preview, unfinished = replace(VALID, sequence=2, source="预览答题"), replace(VALID, sequence=3, source="未完成")
    made = outcome(VALID, preview, unfinished, said(4, library=" 测试 "), said(5, library="测试大学图书馆"))
    assert made.status == {1: "accepted", 2: "dropped", 3: "dropped", 4: "dropped", 5: "quarantined"}
    assert made.broken == {(5, "library__known")}


def test_case_61_upload_of_any_type() -> None:
    made = outcome(said(files="https://files.example.org/a/run.exe?token=abc&e=1"))
    assert made.status == {1: "accepted"}
    assert made.clean[0]["files"] == "run.exe"
    assert outcome(said(files=Silence.BLANK)).status == {1: "accepted"}
