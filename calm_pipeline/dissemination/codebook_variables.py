"""Variables in a codebook: label, question, who was asked, codes, how often each occurs."""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean, stdev
from xml.etree.ElementTree import Element

from calm_pipeline.dissemination.coding import Coding
from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.elements import add, add_words
from calm_pipeline.dissemination.matrix import Cell, Matrix
from calm_pipeline.dissemination.variables import Missing, Variable
from calm_pipeline.gates import EVERYBODY, gate_sentence
from calm_pipeline.survey import Field, Survey, Words

_DOMAINS = {"multiple": "multiple", "ranking": "multiple", "single": "category", "integer": "numeric"}
_NATURES = {"count": "ratio", "number": "ratio", "score": "interval", "rank": "ordinal"}
_MEASURED = ("count", "number", "score")


def xml_id(one: Variable) -> str:
    """The id of a variable in the document."""
    return f"V.{one.name}"


def add_groups(parent: Element, variables: Sequence[Variable]) -> None:
    """The ticks of each question as a group of one multiple response."""
    ticks: dict[str, list[Variable]] = {}
    for one in variables:
        if one.kind == "tick" and one.field:
            ticks.setdefault(one.field.name, []).append(one)
    for name, members in ticks.items():
        ids = " ".join(map(xml_id, members))
        group = add(parent, "varGrp", ID=f"G.{name}", type="multipleResp", name=name, var=ids)
        if field := members[0].field:
            add_words(group, "labl", Words(en=field.question.en, zh=field.question.zh))


def add_variables(
    parent: Element, edition: Edition, variables: Sequence[Variable], cells: Matrix, coding: Coding
) -> None:
    """A variable each, in their order."""
    for one in variables:
        _variable(parent, edition.survey, one, cells[one.name], coding)


def _variable(parent: Element, survey: Survey, one: Variable, cells: Sequence[Cell], coding: Coding) -> None:
    continuous = "contin" if one.kind in (*_MEASURED, "time") else "discrete"
    file = f"F.{'submissions_wide' if coding.wide else coding.table(one)}"
    nature = _NATURES.get(one.kind, "nominal")
    var = add(parent, "var", ID=xml_id(one), name=one.name, files=file, intrvl=continuous, nature=nature)
    add_words(var, "labl", one.label)
    if one.field:
        _question(var, one.field)
    _ranges(var, one, coding)
    add_words(var, "universe", (gate_sentence(survey, one.field.key) if one.field else None) or EVERYBODY, clusion="I")
    _statistics(var, one, cells)
    _categories(var, one, cells, coding)
    if one.field and (dimension := survey.dimensions.get(one.field.question.dimension or "")):
        add_words(var, "concept", Words(en=dimension.en, zh=dimension.zh))
    add(var, "varFormat", type="character" if one.is_text else "numeric")
    if not coding.wide and one.field:
        add(var, "notes", f"field = {one.source[0]}, option = {one.source[1]}", type="place in the table")


def _question(var: Element, field: Field) -> None:
    question = field.question
    domain = _DOMAINS.get(field.type, "text")
    asked = add(var, "qstn", seqNo=str(question.number), responseDomainType=domain)
    row = question.rows[field.row] if field.row else None
    words = Words(en=f"{question.en} {row.en}", zh=f"{question.zh} {row.zh}") if row else question
    add_words(asked, "qstnLit", words)
    if question.note:
        add_words(asked, "postQTxt", question.note)


def _ranges(var: Element, one: Variable, coding: Coding) -> None:
    low, high = one.field.bounds if one.field and one.kind == "number" else (None, None)
    bounds = {name: str(value) for name, value in (("min", low), ("max", high)) if value is not None}
    if bounds:
        add(add(var, "valrng"), "range", UNITS="INT", **bounds)
    if one.silent:
        silent = add(var, "invalrng")
        for reason in Missing:
            add(silent, "item", VALUE=coding.silence[reason])


def _statistics(var: Element, one: Variable, cells: Sequence[Cell]) -> None:
    known = [cell for cell in cells if cell not in (None, "") and not isinstance(cell, Missing)]
    add(var, "sumStat", str(len(known)), type="vald")
    add(var, "sumStat", str(len(cells) - len(known)), type="invd")
    numbers = [float(cell) for cell in known if isinstance(cell, int | float)] if one.kind in _MEASURED else []
    if numbers:
        figures = {"min": min(numbers), "max": max(numbers), "mean": fmean(numbers)}
        for kind, figure in {**figures, **({"stdev": stdev(numbers)} if len(numbers) > 1 else {})}.items():
            add(var, "sumStat", f"{figure:.12g}", type=kind)


def _categories(var: Element, one: Variable, cells: Sequence[Cell], coding: Coding) -> None:
    """Every category, those that nobody chose too; silence is marked as missing."""
    counts = Counter(cells)
    for value, words in one.values.items():
        _category(var, coding.value(one, value), words, counts[value])
    for reason in Missing if one.silent else ():
        _category(var, coding.silence[reason], reason.label, counts[reason], missing="Y", missType=reason.value)


def _category(var: Element, value: str, words: Words, count: int, **missing: str) -> None:
    category = add(var, "catgry", **missing)
    add(category, "catValu", value)
    add_words(category, "labl", words)
    add(category, "catStat", str(count), type="freq")
