"""The codebook: in the order of DDI-Codebook 2.5, whole in both languages, and true to the data."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from calm_pipeline.dissemination import coding
from calm_pipeline.dissemination.codebook import DataFile, codebook
from calm_pipeline.dissemination.coding import Coding
from calm_pipeline.dissemination.edition import PUBLIC, RECONSTRUCTED, RESTRICTED, Edition
from calm_pipeline.dissemination.matrix import matrix
from calm_pipeline.dissemination.variables import Missing, variables
from calm_pipeline.gates import gate_sentence
from calm_pipeline.survey import Words
from tests.dissemination.editions import CONTRACTS, made, options, reference, small_survey, words
from tests.reference import SURVEY

NS, LANG = "{ddi:codebook:2_5}", "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA = os.environ.get("CALM_DDI_XSD")
ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "docDscr": "citation guide docStatus docSrc controlledVocabUsed notes",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs othrStdyMat notes",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "rspStmt": "AuthEnty othId",
    "prodStmt": "producer copyright prodDate prodPlac software fundAg grantNo",
    "verStmt": "version verResp notes",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation",
    "subject": "keyword topcClas",
    "sumDscr": "timePrd collDate nation geogCover geogUnit geoBndBox boundPoly anlyUnit universe dataKind",
    "dataAccs": "setAvail useStmt notes",
    "useStmt": "confDec specPerm restrctn contact citReq deposReq conditions disclaimer",
    "fileDscr": "fileTxt locMap notes",
    "fileTxt": "fileName fileCitation dataFingerprint fileCont fileStrc dimensns fileType format filePlac",
    "dimensns": "caseQnty varQnty logRecL recPrCas recNumTot",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "varGrp": "labl txt concept defntn universe notes",
    "var": "location labl imputation security embargo respUnit anlysUnit qstn valrng invalrng undocCod universe"
    " TotlResp sumStat txt stdCatgry catgryGrp catgry codInstr verStmt concept derivation varFormat geoMap catLevel"
    " notes",
    "qstn": "preQTxt qstnLit postQTxt forward backward ivuInstr",
    "valrng": "item range key notes",
    "invalrng": "item range key notes",
    "catgry": "catValu labl txt catStat mrow",
}
"""What may stand in each element, in this order, of the elements that we write."""
ONCE = {"titl", "catValu", "varFormat", "titlStmt", "rspStmt", "prodStmt", "dimensns", "fileCont"}
WANTED = {"codeBook": "stdyDscr", "citation": "titlStmt", "titlStmt": "titl", "stdyDscr": "citation"}


def book(edition: Edition, how: Coding = coding.SAV, language: str = "en") -> Element:
    return fromstring(_text(edition, how, language))  # noqa: S314


def _text(edition: Edition, how: Coding, language: str = "en") -> str:
    found = variables(edition.survey)
    files = [DataFile("a.sav", Words(en="All of it.", zh="全部。"), len(edition.accepted), len(found))]
    if not how.wide:
        files = [DataFile(f"{name}.csv", CONTRACTS[name], 1, 1, name) for name in edition.handed_on]
    return codebook(edition, found, matrix(edition, found), files, how, language)


def own(tag: str) -> str:
    return tag.removeprefix(NS)


def said(parent: Element, tag: str) -> dict[str | None, str | None]:
    return {child.get(LANG): child.text for child in parent.findall(NS + tag)}


def named(parent: Element, name: str) -> Element:
    return next(var for var in parent.iter(f"{NS}var") if var.get("name") == name)


BOOKS = {
    "sav": lambda: book(reference()),
    "dta": lambda: book(reference(), coding.DTA, "zh"),
    "tables": lambda: book(reference(), coding.TABLES),
    "small": lambda: book(made(small_survey())),
    "nobody": lambda: book(made(small_survey(), ()), coding.TABLES),
}


@pytest.fixture(params=BOOKS)
def any_book(request: pytest.FixtureRequest) -> Element:
    return BOOKS[request.param]()


def test_elements_stand_in_the_order_of_the_standard(any_book: Element) -> None:
    for element in any_book.iter():
        children = [own(child.tag) for child in element]
        assert not children or own(element.tag) in ORDER, element.tag
        allowed = ORDER.get(own(element.tag), "").split()
        assert [allowed.index(child) for child in children] == sorted(allowed.index(child) for child in children)
        assert all(children.count(child) == 1 for child in ONCE & set(children))
        assert WANTED.get(own(element.tag), children[0] if children else None) in (*children, None)


def test_ids_are_unique_and_every_reference_resolves(any_book: Element) -> None:
    ids = [str(one) for element in any_book.iter() if (one := element.get("ID")) is not None]
    assert len(ids) == len(set(ids))
    assert all(one[0].isalpha() and one.replace(".", "").replace("_", "").isalnum() and one.isascii() for one in ids)
    referred = [
        one for element in any_book.iter() for name in ("files", "var") for one in element.get(name, "").split()
    ]
    assert referred
    assert set(referred) <= set(ids)


def test_whatever_is_said_in_one_language_is_said_in_the_other(any_book: Element) -> None:
    for element in any_book.iter():
        spoken = [(own(child.tag), child.get(LANG)) for child in element if child.get(LANG)]
        for tag in {tag for tag, _ in spoken} - {"titl", "parTitl", "fileCont"}:
            assert spoken.count((tag, "en")) == spoken.count((tag, "zh")) > 0
    assert all(
        (element.text or "").strip()
        for element in any_book.iter()
        if element.get(LANG) and not len(element) and own(element.tag) != "codeBook"
    )


def test_frequencies_add_up_to_the_accepted_submissions() -> None:
    edition = reference()
    for var in book(edition).iter(f"{NS}var"):
        stats = {stat.get("type"): stat.text for stat in var.findall(f"{NS}sumStat")}
        assert int(stats["vald"] or "") + int(stats["invd"] or "") == len(edition.accepted)
        counts = [int(count.text or "") for count in var.iter(f"{NS}catStat")]
        if counts and var.find(f"{NS}valrng") is None:
            assert sum(counts) == len(edition.accepted)


def test_categories_are_the_options_with_the_published_counts() -> None:
    parent = book(reference())
    counted = {(row["field"], row["option"]): row["count"] for row in reference().rows("option_counts")}
    stage = named(parent, "stage")
    options_ = SURVEY.questions["stage"].options
    categories = [one for one in stage.findall(f"{NS}catgry") if one.get("missing") is None]
    assert [said(one, "labl") for one in categories] == [{"en": one.en, "zh": one.zh} for one in options_.values()]
    assert [int(one.findtext(f"{NS}catStat") or "") for one in categories] == [
        counted["stage", key] for key in options_
    ]


@pytest.mark.parametrize(
    ("how", "codes"),
    [(coding.SAV, ["-3", "-2"]), (coding.DTA, [".a", ".b"]), (coding.TABLES, ["not_asked", "blank"])],
    ids=["sav", "dta", "tables"],
)
def test_codes_of_silence_are_those_of_the_format(how: Coding, codes: list[str]) -> None:
    var = named(book(reference(), how), "trai_type_emergency")
    assert [item.get("VALUE") for item in var.iter(f"{NS}item")] == codes
    missing = [one for one in var.findall(f"{NS}catgry") if one.get("missing") == "Y"]
    assert [one.findtext(f"{NS}catValu") for one in missing] == codes
    assert [one.get("missType") for one in missing] == [reason.value for reason in Missing]


def test_in_tables_a_chosen_option_stands_by_its_name_and_its_place_is_told() -> None:
    var = named(book(reference(), coding.TABLES), "stage")
    values = [one.findtext(f"{NS}catValu") for one in var.findall(f"{NS}catgry") if one.get("missing") is None]
    assert values == list(SURVEY.questions["stage"].options)
    assert var.get("files") == "F.selections"
    assert var.findtext(f"{NS}notes") == "field = stage, option ="


def test_a_public_codebook_describes_columns_and_no_answers() -> None:
    public = book(replace(reference(), public=True), coding.TABLES)
    ids = {str(var.get("ID")) for var in public.iter(f"{NS}var")}
    assert ids == {
        f"C.{name}.{column}" for name, table in CONTRACTS.items() if table.public for column in table.columns
    }
    assert not list(public.iter(f"{NS}varGrp"))
    assert {stat.get("type") for stat in public.iter(f"{NS}sumStat")} == {"vald", "invd"}
    conditions = next(public.iter(f"{NS}useStmt"))
    assert said(conditions, "conditions") == {"en": PUBLIC.en, "zh": PUBLIC.zh}


def test_in_tables_every_column_is_described() -> None:
    ids = {var.get("ID") for var in book(reference(), coding.TABLES).iter(f"{NS}var")}
    assert {f"C.{name}.{column}" for name, contract in CONTRACTS.items() for column in contract.columns} <= ids


def test_who_was_asked_is_the_gate_in_words() -> None:
    parent = book(reference())
    gate = gate_sentence(SURVEY, "training_types")
    assert gate is not None
    assert said(named(parent, "trai_type_emergency"), "universe") == {"en": gate.en, "zh": gate.zh}
    assert said(named(parent, "stage"), "universe")["en"] == "All accepted submissions"


def test_every_variable_of_a_question_quotes_it_in_both_languages() -> None:
    parent = book(reference())
    for one in variables(SURVEY):
        if one.field:
            asked = named(parent, one.name).find(f"{NS}qstn")
            assert asked is not None
            assert asked.get("seqNo") == str(one.field.question.number)
            literal = said(asked, "qstnLit")
            assert str(literal["en"]).startswith(one.field.question.en)
            assert str(literal["zh"]).startswith(one.field.question.zh)


def test_sets_of_ticks_are_groups() -> None:
    groups = {group.get("name"): group for group in book(reference()).iter(f"{NS}varGrp")}
    assert set(groups) == {field.name for field in SURVEY.choices() if field.type == "multiple"}
    assert {group.get("type") for group in groups.values()} == {"multipleResp"}
    assert len((groups["stage"] if "stage" in groups else groups["services"]).get("var", "").split()) == 24


@pytest.mark.parametrize("language", ["en", "zh"])
def test_reconstructed_answers_are_marked_in_abstract_notes_and_citation(language: str) -> None:
    parent = book(reference(), coding.SAV, language)
    study = parent.find(f"{NS}stdyDscr")
    assert study is not None
    for element in (next(study.iter(f"{NS}abstract")), *study.findall(f"{NS}notes")):
        assert getattr(RECONSTRUCTED, str(element.get(LANG))) in str(element.text)
    assert len(study.findall(f"{NS}notes")) == 2
    assert {"en": "reconstructed", "zh": "重建"}[language] in str(next(study.iter(f"{NS}biblCit")).text)
    assert parent.get(LANG) == language
    assert next(study.iter(f"{NS}titl")).text == getattr(SURVEY.title, language)


def test_who_gets_the_data_is_told_that_libraries_can_be_recognised() -> None:
    use = next(book(reference()).iter(f"{NS}useStmt"))
    assert said(use, "conditions") == {"en": RESTRICTED.en, "zh": RESTRICTED.zh}


def test_answers_that_are_not_reconstructed_carry_no_mark() -> None:
    assert "econstructed" not in _text(made(small_survey()), coding.SAV)


def test_wordings_that_xml_does_not_allow_or_takes_for_markup_are_still_words() -> None:
    nasty = "</labl><x>&amp;\x01\ud7ff\ufffe ]]> it"
    asked = {"type": "multiple", "en": nasty, "zh": nasty, "options": {**options("a"), "b": {"en": nasty, "zh": nasty}}}
    parent = book(made(small_survey(two=asked, why={"type": "text", **words("why")}), ()))
    label = said(named(parent, "two_b"), "labl")["en"]
    assert label == "Q2 </labl><x>&amp; \ud7ff ]]> it"


def _texts() -> Iterator[tuple[str, str]]:
    yield "sav", _text(reference(), coding.SAV)
    yield "dta", _text(reference(), coding.DTA, "zh")
    yield "tables", _text(reference(), coding.TABLES)
    yield "small", _text(made(small_survey()), coding.SAV)


if SCHEMA:  # no package ships it, so there is nothing to skip where nobody names a copy

    def test_the_schema_of_ddi_accepts_it(tmp_path: Path) -> None:
        for name, text in _texts():
            (tmp_path / f"{name}.xml").write_text(text, encoding="utf-8")
        command = ["xmllint", "--noout", "--nonet", "--schema", str(SCHEMA), *map(str, tmp_path.iterdir())]
        checked = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        assert checked.returncode == 0, checked.stderr[:2000]
