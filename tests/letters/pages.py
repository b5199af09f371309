"""Reading a letter as a browser would, as far as the tests need it."""

from html.parser import HTMLParser

VOID = {"meta", "br"}
INERT = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "footer",
        "section",
        "article",
        "div",
        "p",
        "a",
    ),
    *(
        "h1",
        "h2",
        "h3",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "ol",
        "li",
        "span",
        "strong",
        "bdi",
        "code",
        "br",
    ),
}
HARMLESS = {
    *("lang", "charset", "name", "content", "http-equiv", "class", "id", "role", "href"),
    *("aria-label", "aria-labelledby", "scope", "colspan"),
}


class Page(HTMLParser):
    """Elements, attributes and text of a page, the text also by the language it stands in."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.spoken = {"zh-CN": "", "en": ""}
        self.style = ""
        self.feed(source)
        self.close()
        assert not self.open, "elements that are never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs), "an attribute given twice"
        self.elements.append((tag, given))
        if tag not in VOID:
            self.open.append((tag, given.get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, "elements that overlap"

    def handle_data(self, data: str) -> None:
        tag, language = self.open[-1] if self.open else ("", "zh-CN")
        if tag == "style":
            self.style += data
        else:
            self.text += data
            self.spoken[language] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a letter has no comments: {data}")

    def all(self, tag: str) -> list[dict[str, str]]:
        return [given for name, given in self.elements if name == tag]

    def values(self, attribute: str) -> list[str]:
        return [given[attribute] for _, given in self.elements if attribute in given]
