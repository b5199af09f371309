"""A letter says everything it has to in both languages, and nothing in it runs, fetches or hides."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from calm_pipeline.letters.case import Case
from calm_pipeline.letters.html import index_html, letter_html
from calm_pipeline.letters.wording import SEVERITY, day
from calm_pipeline.text import shortened, visible
from tests.letters.examples import ALL, AMBIGUOUS, GATED, HOSTILE, TWICE, UNKNOWN_OPTION, answer, case, hostile, survey
from tests.letters.pages import HARMLESS, INERT, Page

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def index(*cases: Case) -> str:
    return index_html(cases, "2023", survey().title)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    page = Page(letter_html(hostile(text)))
    # Parts of an answer are shown one by one, and white space at the ends of a cell does not show.
    assert page.text.count(visible(shortened(text))) >= 9


@pytest.mark.parametrize("one", [*ALL, *map(hostile, HOSTILE)])
@pytest.mark.parametrize("lay_out", [letter_html, index])
def test_nothing_runs_and_nothing_is_fetched(one: Case, lay_out: object) -> None:
    source = lay_out(one)
    page = Page(source)
    assert {tag for tag, _ in page.elements} <= INERT
    assert {name for _, given in page.elements for name in given} <= HARMLESS
    assert [given["content"] for given in page.all("meta") if "http-equiv" in given] == [POLICY]
    assert not re.search(r"url\(|@import|expression|/\*|</", page.style)
    mail, files = "mailto:desk@calm.example?subject=2023-", rf"{one.submission_id}\.(html|json)|desk\.xlsx"
    assert all(link.startswith(mail) or re.fullmatch(files, link) for link in page.values("href"))
    assert source == visible(source)


@pytest.mark.parametrize("one", [*ALL, hostile(HOSTILE[0])])
def test_a_letter_can_be_heard_and_walked_through(one: Case) -> None:
    page = Page(letter_html(one))
    assert page.all("html") == [{"lang": "zh-CN"}]
    assert set(page.values("lang")) == {"zh-CN", "en"}
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(lower - upper <= 1 for upper, lower in pairwise(levels))
    assert all(given["scope"] in ("row", "col", "rowgroup") for given in page.all("th"))
    assert all("aria-label" in given or "aria-labelledby" in given for given in page.all("table"))
    assert len(set(page.values("id"))) == len(page.values("id"))
    assert set(page.values("aria-labelledby")) <= set(page.values("id"))


@pytest.mark.parametrize("one", ALL)
def test_all_that_a_letter_has_to_say_is_said_in_both_languages(one: Case) -> None:
    page = Page(letter_html(one))
    words = [one.title, one.consequence, one.contact, *one.steps, day(one.deadline), day(one.opened)]
    words += [one.library] if one.library else []
    for finding in one.findings:
        required = [] if finding.severity == "warn" else [finding.sentence]
        words += [finding.fault, *required, SEVERITY[finding.severity], *([finding.hint] if finding.hint else [])]
        words += (
            [] if finding.severity == "warn" else [given.question for given in (*finding.answers, *finding.conflicts)]
        )
    words += [given.question for given in one.review]
    words += [given.question for other in one.others for given in other.differences]
    words += [part for repair in one.repairs for part in (repair.question, repair.reason)]
    assert [said.zh for said in words if said.zh not in page.spoken["zh-CN"]] == []
    assert [said.en for said in words if said.en not in page.spoken["en"]] == []


@pytest.mark.parametrize("one", ALL)
def test_what_stands_in_no_language_is_said_too(one: Case) -> None:
    page = Page(letter_html(one))
    said = [one.submission_id, one.edition, one.library_written, one.contact_mail, one.rule_set]
    said += [f"{one.submitted_at}（Asia/Shanghai）"] if one.submitted_at else ["无法识别", "unreadable"]
    for finding in one.findings:
        said += [part for given in (*finding.answers, *finding.conflicts) for part in given.value.split("┋")]
        said += [finding.rule, finding.fingerprint] if finding.severity != "warn" else []
    for other in one.others:
        said += [other.submission_id, str(other.submitted_at)]
        said += [part for given in other.differences for part in (given.here, given.there)]
    said += [text for repair in one.repairs for text in (repair.before, repair.after) if text]
    assert [text for text in said if text not in page.text] == []


def test_a_letter_begins_and_ends_as_letters_do() -> None:
    spoken = Page(letter_html(GATED)).spoken
    zh = [
        spoken["zh-CN"].index(part) for part in ("尊敬的笙溪农林大学图书馆：", "您好！", "请贵馆办理", "此致", "敬礼！")
    ]
    en = [spoken["en"].index(part) for part in ("Dear colleagues at Shengxi", "What to do", "Yours sincerely")]
    assert zh == sorted(zh)
    assert en == sorted(en)


def test_what_is_to_be_done_stands_before_what_was_found() -> None:
    text = Page(letter_html(UNKNOWN_OPTION)).text
    places = [
        text.index(part) for part in ("请据实核对下列答案", "如逾期未获答复", "核对发现的问题", "提示（无需办理）")
    ]
    assert places == sorted(places)


def test_errors_come_before_what_is_only_to_be_confirmed_and_notes_ask_for_nothing() -> None:
    text = Page(letter_html(replace(UNKNOWN_OPTION, findings=UNKNOWN_OPTION.findings[::-1]))).text
    places = [text.index(f"{n}. {SEVERITY[severity].zh}") for n, severity in ((1, "error"), (2, "confirm"))]
    assert places == sorted(places)
    assert f"3. {SEVERITY['warn'].zh}" not in text
    assert "有 1 处必须更正，另有 1 处请贵馆确认或更正" in text
    assert "1 point that must be corrected and 1 to confirm or correct" in text


def test_only_what_is_to_be_confirmed_asks_for_no_new_submission() -> None:
    _, confirm, _ = UNKNOWN_OPTION.findings
    page = Page(letter_html(case(findings=(confirm,), review=confirm.answers)))
    assert "改动最少" not in page.text
    assert "如果属实，请回信告知" in page.spoken["zh-CN"]
    assert "if the answer is true, please write to us" in page.spoken["en"]


def test_notes_alone_set_no_deadline() -> None:
    *_, note = UNKNOWN_OPTION.findings
    page = Page(letter_html(case(findings=(note,), review=())))
    assert "无需办理" in page.spoken["zh-CN"]
    assert "nothing is to be done" in page.spoken["en"]
    assert day(GATED.deadline).zh not in page.text


def test_steps_say_what_to_do_where_no_answer_can_mend_it() -> None:
    page = Page(letter_html(AMBIGUOUS))
    assert "请告知贵馆全称" in page.spoken["zh-CN"]
    assert "更正这" not in page.text


def test_an_unknown_library_is_addressed_as_it_wrote_and_called_unmatched() -> None:
    page = Page(letter_html(AMBIGUOUS))
    assert "尊敬的“笙溪高校联合图书馆”（馆名按答卷所填，尚未与名录对应）：" in page.spoken["zh-CN"]
    assert "not yet matched with our register" in page.spoken["en"]
    nameless = Page(letter_html(replace(AMBIGUOUS, library_written=" ")))
    assert "尊敬的图书馆同仁（答卷未填馆名）：" in nameless.spoken["zh-CN"]
    assert "Dear colleagues (the submission names no library)," in nameless.spoken["en"]


def test_reconstructed_answers_are_called_so_before_anything_else() -> None:
    page = Page(letter_html(TWICE))
    body = page.text.partition("please check your submission")[2].split()
    assert body[0] == "本函依据重建的模拟答卷生成，并非任何图书馆所填，请勿寄出，也无需答复。"
    assert "no letter to send" in page.spoken["en"]
    assert "重建" not in Page(letter_html(GATED)).text


def test_personal_data_and_blanks_are_named_and_not_left_empty() -> None:
    page = Page(letter_html(case(review=(answer("stage", ""),))))
    assert "（未填写）" in page.spoken["zh-CN"]
    assert "(left blank)" in page.spoken["en"]
    assert "（个人信息，已隐去）" in page.spoken["zh-CN"]
    assert "(personal data, withheld)" in page.spoken["en"]


def test_what_each_export_says_is_told_where_they_differ() -> None:
    page = Page(letter_html(case(review=(replace(answer("stage", "甲┋乙"), by_number="乙"),))))
    assert "≠" not in page.text
    assert "┋" not in page.text
    text = " ".join(page.text.split())
    assert "按文本： By text: 甲 乙" in text.replace("甲乙", "甲 乙")
    assert "按序号： By number: 乙" in text


def test_only_where_answers_conflict_another_one_may_be_at_fault() -> None:
    (finding,) = GATED.findings
    alone = replace(GATED, findings=(replace(finding, conflicts=()),))
    assert "与之不一致的答案" in Page(letter_html(GATED)).spoken["zh-CN"]
    assert "an answer that it conflicts with" in Page(letter_html(GATED)).spoken["en"]
    assert "改动最少" not in Page(letter_html(alone)).text
    assert "changes the least" not in Page(letter_html(alone)).text


def test_no_letter_is_longer_than_a_few_pages() -> None:
    assert len(letter_html(hostile("长" * 30_000))) < 60_000


def test_the_index_lists_the_oldest_first_and_counts() -> None:
    page = Page(index(*ALL))
    assert [link for link in page.values("href") if link.endswith(".html")] == [
        f"{one.submission_id}.html" for one in (UNKNOWN_OPTION, AMBIGUOUS, GATED, TWICE)
    ]
    assert "信函一览（4 份）" in page.spoken["zh-CN"]
    assert "none to send" in page.spoken["en"]
    assert "目前没有待办事项" in Page(index()).text
    assert "重建" not in Page(index(GATED)).text


def test_days_are_said_as_people_say_them() -> None:
    assert day(date(2023, 7, 3)).model_dump() == {"zh": "2023年7月3日", "en": "3 July 2023"}


LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    for block in Page(letter_html(GATED)).style.split("@media", 1)
)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(("text", ground) for ground in ("page", "panel", "error-panel", "confirm-panel")),
        *(("muted", ground) for ground in ("page", "panel", "error-panel", "confirm-panel")),
        *(("accent", "page"), ("error", "error-panel"), ("confirm", "confirm-panel")),
    ],
)
def test_text_stands_out_from_its_ground(scheme: dict[str, str], ink: str, ground: str) -> None:
    dark, light = sorted((_luminance(scheme[ink]), _luminance(scheme[ground])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    """Relative luminance after WCAG 2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
