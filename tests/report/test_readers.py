"""What a reader of the report stumbled over once: heads, captions, marks, small groups, and where figures come from."""

import html
import re

import pytest

from tests.published import published
from tests.report.warehouse import page, reference

LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


def text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def block(lang: str, key: str) -> str:
    """The markup of a table or figure."""
    found = re.search(rf'<(div|figure) class="numbered[^"]*" id="{key}".*?</\1>\n', page(lang), re.DOTALL)
    assert found, key
    return page(lang)[found.start() :].partition("</table>")[0]


def cells(markup: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", markup.partition("</thead>")[2], re.DOTALL)
    return [[text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


@LANGUAGES
def test_no_table_has_two_columns_headed_alike(lang: str) -> None:
    for heads in re.findall(r"<thead>(.*?)</thead>", page(lang), re.DOTALL):
        names = [text(head) for head in re.findall(r"<th[^>]*>(.*?)</th>", heads, re.DOTALL)]
        assert len(set(names)) == len(names), names


@LANGUAGES
def test_no_caption_is_a_question(lang: str) -> None:
    captions = [text(one) for one in re.findall(r'<span class="says">(.*?)</span>', page(lang), re.DOTALL)]
    assert len(captions) > 60
    assert not [one for one in captions if re.search("[?？]", one)]


@LANGUAGES
def test_every_table_of_answers_names_the_raw_files(lang: str) -> None:
    digests = [digest[:8] for (digest,) in reference().execute("SELECT sha256 FROM files ORDER BY file").fetchall()]
    captions = re.findall(
        r'<(?:caption|figcaption) id="([^"]+)-caption">(.*?)</(?:fig)?caption>', page(lang), re.DOTALL
    )
    assert len(captions) > 60
    assert 'id="table-sources"' in page(lang)
    for key, caption in captions:
        if "mark printed" not in caption:
            named = re.search(r'<a class="raw" href="#table-sources">(.*?)</a>', caption)
            assert named, key
            assert all(digest in named[1] for digest in digests), key


def test_numbers_of_tables_and_figures_stand_in_chinese_without_gaps() -> None:
    body = re.sub(r"<(script|style)>.*?</\1>", "", page("zh"), flags=re.DOTALL)
    assert re.search(r"图\d", body)
    assert not re.search(r"[图表] \d", text(body))


def test_a_claim_says_apart_what_rests_on_printed_figures_and_what_on_reconstructed_answers() -> None:
    found = re.findall(
        r'<li class="[a-z-]+"><p class="claim">(.*?)</p><p class="facts">(.*?)</p>', page("en"), re.DOTALL
    )
    facts = dict(found)
    mixed = facts["The indices of benefit, trust and engagement correlate positively and significantly"]
    assert "printed figures bear it; reconstructed answers: 90 of 90 variants bear it" in text(mixed)
    assert re.findall(r'class="mark (\w+)"', mixed) == ["printed", "answers"]
    printed = facts["More than nine in ten libraries plan ahead for the year or longer"]
    assert re.findall(r'class="mark (\w+)"', printed) == ["printed"]
    cause = facts["Systematic plans bring about benefit, trust and engagement"]
    assert "no variant of the indices can decide it" in cause
    assert "0 of 0" not in page("en")


@LANGUAGES
def test_no_score_of_few_libraries_is_printed(lang: str) -> None:
    stages = published()["stage_comparison"]
    hidden = stages[(stages["definition"] == "sum") & (stages["protection"] == "suppressed")]
    rows = cells(block(lang, "table-stages"))
    empty = [row for row in rows if set(row[2:]) == {"–"}]
    assert len(empty) == len(hidden) == 6
    assert sorted(row[1] for row in empty) == ["2"] * 3 + ["4"] * 3


def test_stages_stand_in_the_order_of_the_questionnaire() -> None:
    order = "SELECT label_en FROM options WHERE question = 'stage' ORDER BY position"
    labels = [label for (label,) in reference().execute(order).fetchall()]
    for key in ("table-stage", "table-stages", "table-effects"):
        shown = [row[0] for row in cells(block("en", key))]
        assert shown[: len(labels) - 1] == labels[:-1], key


@LANGUAGES
def test_a_chi_square_of_small_expected_counts_is_printed_with_a_warning(lang: str) -> None:
    warning = {"en": "not to be relied on", "zh": "不宜采信"}[lang]
    tests = reference().execute("SELECT DISTINCT grouped_by FROM coverage WHERE smallest_expected < 5").fetchall()
    assert len(tests) == page(lang).count(warning) == 1


@LANGUAGES
def test_the_methods_name_what_was_computed(lang: str) -> None:
    methods = page(lang).partition('<section id="methods"')[2].partition("</section>")[0]
    for name in ("Holm", "BCa", "20231122", "Omega", "alpha", "Welch", "Hedges", "Cliff", "χ²", "Feldt"):
        assert name in methods, name
