"""The codebook that lies beside the data: DDI-Codebook 2.5, both languages, with the frequency of every category."""

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from calm_pipeline.dissemination.citation import author, cited
from calm_pipeline.dissemination.codebook_columns import add_columns
from calm_pipeline.dissemination.codebook_variables import add_groups, add_variables
from calm_pipeline.dissemination.coding import Coding
from calm_pipeline.dissemination.edition import RECONSTRUCTED, Edition
from calm_pipeline.dissemination.elements import LANG, add, add_words, as_text, root
from calm_pipeline.dissemination.matrix import Matrix
from calm_pipeline.dissemination.variables import Variable
from calm_pipeline.survey import Words

_UNIT = Words(en="Academic library", zh="高校图书馆")
_KIND = Words(en="Survey data", zh="调查数据")
_CITE = Words(en="Cite the data set with its version, as in CITATION.cff.", zh="使用数据时请按 CITATION.cff 注明版本。")


class DataFile(NamedTuple):
    """A file, or a sheet of one, that holds data. `table` is empty for the file with one row a submission."""

    name: str
    about: Words
    rows: int
    columns: int
    table: str = ""

    @property
    def xml_id(self) -> str:
        return f"F.{self.table or 'submissions_wide'}"


def codebook(
    edition: Edition,
    variables: Sequence[Variable],
    cells: Matrix,
    files: Sequence[DataFile],
    coding: Coding,
    language: str,
) -> str:
    """The codebook of an export, whose main language is `language`.

    That of a public export describes columns only: smallest and largest answers are answers of single libraries.
    """
    book = root(language)
    _document(book, edition, language)
    _study(book, edition, language)
    for file in files:
        _file(book, edition, file, language)
    described = add(book, "dataDscr")
    if not edition.public:
        add_groups(described, variables)
        add_variables(described, edition, variables, cells, coding)
    if not coding.wide:
        add_columns(described, edition)
    return as_text(book)


def _titles(parent: Element, words: Words, language: str) -> Element:
    statement = add(parent, "titlStmt")
    other = "zh" if language == "en" else "en"
    add(statement, "titl", getattr(words, language)).set(LANG, language)
    add(statement, "parTitl", getattr(words, other)).set(LANG, other)
    return statement


def _document(book: Element, edition: Edition, language: str) -> None:
    title = edition.survey.title
    citation = add(add(book, "docDscr"), "citation")
    _titles(citation, Words(en=f"Codebook: {title.en}", zh=f"数据编码手册：{title.zh}"), language)
    add(add(citation, "prodStmt"), "software", "calm_pipeline")
    add(add(citation, "verStmt"), "version", edition.version)


def _study(book: Element, edition: Edition, language: str) -> None:
    study = add(book, "stdyDscr")
    citation = add(study, "citation")
    add(_titles(citation, edition.survey.title, language), "IDNo", edition.version)
    add(add(citation, "rspStmt"), "AuthEnty", author(edition, language))
    add(add(citation, "verStmt"), "version", edition.version)
    add(citation, "biblCit", cited(edition, language))
    _about(add(study, "stdyInfo"), edition)
    use = add(add(study, "dataAccs"), "useStmt")
    add_words(use, "citReq", _CITE)
    add_words(use, "conditions", edition.use)
    if edition.reconstructed:
        add_words(study, "notes", RECONSTRUCTED, type="reconstructed")


def _about(info: Element, edition: Edition) -> None:
    survey, accepted, received = edition.survey, len(edition.accepted), edition.tables["submissions"].num_rows
    add_words(add(info, "subject"), "keyword", survey.theme)
    en = f"{survey.title.en}: {survey.theme.en}. {received} submissions were received, {accepted} of them count."
    zh = f"{survey.title.zh}：{survey.theme.zh}。共收到答卷 {received} 份，计入 {accepted} 份。"
    mark = RECONSTRUCTED if edition.reconstructed else None
    add_words(info, "abstract", Words(en=f"{mark.en} {en}", zh=f"{mark.zh}{zh}") if mark else Words(en=en, zh=zh))
    summary = add(info, "sumDscr")
    for event, day in (("start", survey.fielding.opens), ("end", survey.fielding.closes)):
        add(summary, "collDate", day.isoformat(), date=day.isoformat(), event=event)
    add_words(summary, "anlyUnit", _UNIT)
    least = survey.eligibility.staff_at_least
    add_words(
        summary,
        "universe",
        Words(en=f"Academic libraries with a staff of {least} or more", zh=f"职工人数不少于 {least} 人的高校图书馆"),
    )
    add_words(summary, "dataKind", _KIND)
    if survey.fielding.note:
        add_words(info, "notes", survey.fielding.note)


def _file(book: Element, edition: Edition, file: DataFile, language: str) -> None:
    described = add(book, "fileDscr", ID=file.xml_id)
    text = add(described, "fileTxt")
    add(text, "fileName", file.name)
    add(text, "fileCont", getattr(file.about, language)).set(LANG, language)
    dimensions = add(text, "dimensns")
    add(dimensions, "caseQnty", str(file.rows))
    add(dimensions, "varQnty", str(file.columns))
    add(text, "fileType", file.name.rpartition(".")[2], charset="UTF-8")
    notes = [Words(en=file.about.en, zh=file.about.zh), *([RECONSTRUCTED] if edition.reconstructed else [])]
    for words in notes:
        add_words(described, "notes", words)
