"""XML elements of a codebook, put together in order."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from calm_pipeline.dissemination.refusals import LANGUAGES
from calm_pipeline.dissemination.wording import plain
from calm_pipeline.survey import Words

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACE = "ddi:codebook:2_5"
SCHEMA = f"{NAMESPACE} http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"


def root(language: str) -> Element:
    """The element around a whole codebook."""
    about = {"xmlns": NAMESPACE, "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "version": "2.5"}
    return Element("codeBook", {**about, "xsi:schemaLocation": SCHEMA, LANG: language})


def add(parent: Element, tag: str, text: str | None = None, /, **attributes: str) -> Element:
    """Append an element and return it; its text is in one line and holds nothing that XML forbids."""
    child = SubElement(parent, tag, attributes)
    child.text = None if text is None else plain(text).replace("\ufffe", "").replace("\uffff", "")
    return child


def add_words(parent: Element, tag: str, words: Words, /, **attributes: str) -> None:
    """Append the element once in each language."""
    for language in LANGUAGES:
        add(parent, tag, getattr(words, language), **attributes).set(LANG, language)


def as_text(element: Element) -> str:
    """The document."""
    indent(element, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(element, encoding="unicode") + "\n"
