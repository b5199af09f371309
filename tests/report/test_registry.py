"""Numbers and cross-references are made by the code: what points nowhere is an error, not a blank."""

import re

import pytest

from calm_pipeline.report import words
from calm_pipeline.report.model import Paragraph, Ref, Section, Table, say
from calm_pipeline.report.registry import DanglingReferenceError, Registry
from calm_pipeline.report.render import Page
from calm_pipeline.report.source import Source
from calm_pipeline.report.write import asking
from tests.reference import SURVEY
from tests.report.warehouse import STAMP, page, reference


def table(key: str) -> Table:
    return Table(key, say(words.STATUS_TABLE), "SELECT 1", [], "answers", ())


def section(key: str, *blocks: Table, parts: tuple[Section, ...] = (), appendix: bool = False) -> Section:
    return Section(key, say(words.METHODS), blocks, parts, appendix)


def test_numbers_follow_the_order_of_the_report() -> None:
    inner = section("inner", table("second"))
    found = Registry([section("z", appendix=True), section("a", table("first"), parts=(inner,)), section("b")])
    assert [found.number(key) for key in ("a", "inner", "b", "z")] == ["1", "1.1", "2", "A"]
    assert [found.name(key, "en") for key in ("first", "second")] == ["Table 1", "Table 2"]
    assert found.name("second", "zh") == "表2"
    assert found.link(Ref("inner"), "en") == '<a class="ref" href="#inner">Section 1.1</a>'
    assert found.name("z", "zh") == "附录A"


def test_a_reference_to_nothing_fails() -> None:
    source = Source(asking(reference()), SURVEY, STAMP, "en")
    shown = Page(source, Registry([section("a", table("first"))]))
    assert "Table 1" in shown.say(say(words.OPEN_SAYS, table=Ref("first")))
    with pytest.raises(DanglingReferenceError, match="nowhere"):
        shown.say(say(words.OPEN_SAYS, table=Ref("nowhere")))


def test_two_parts_of_one_name_fail() -> None:
    with pytest.raises(ValueError, match="two parts of the report are called same"):
        Registry([section("a", table("same"), table("same"))])


def test_a_sentence_without_one_of_its_values_fails() -> None:
    source = Source(asking(reference()), SURVEY, STAMP, "en")
    with pytest.raises(KeyError):
        Page(source, Registry([])).paragraph(Paragraph((say(words.ASKED_ONLY, gate="x"),)).sentences)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_link_in_the_page_leads_somewhere_and_every_id_is_unique(lang: str) -> None:
    html = page(lang)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    linked = re.findall(r'href="#([^"]+)"', html)
    assert len(linked) > 100
    assert set(linked) <= set(ids)
    assert set(re.findall(r'aria-labelledby="([^"]+)"', html)) <= set(ids)
    clipped = set(re.findall(r"url\(#([^)]+)\)", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)))
    assert clipped <= set(ids)
