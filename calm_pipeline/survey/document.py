"""YAML with a memory: plain data, the line of every path, and what is wrong with the text itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from calm_pipeline.survey.problem import Listed, Place, Problem

LONGEST, DEEPEST = 1 << 20, 30
DIGITS = 18
"""What 64 bits hold. PyYAML makes a number of any length, which takes minutes or fails where it is printed."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBERS = {"tag:yaml.org,2002:int": DIGITS, "tag:yaml.org,2002:float": 2 * DIGITS}
_SYNTAX_CODES = {
    "mapping values are not allowed": "label_colon",
    "found undefined alias": "label_mark",
    "did not find expected alphabetic": "label_mark",
    "": "not_yaml",
}


@dataclass
class Document:
    """The file's data, with the line on which each path begins."""

    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of `place`, or of the nearest place around it that the file has."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def listed(self, problems: Iterable[Problem]) -> Iterator[Listed]:
        """The problems, each with its line."""
        return (Listed(self.line(problem.place), problem) for problem in problems)


def parse(content: bytes) -> Document:
    """Read YAML without tags, anchors or repeated keys; what is wrong is collected, not raised.

    At most `LONGEST` bytes and `DEEPEST` levels are read. Without anchors a file is never larger than it looks.
    """
    if len(content) > LONGEST:
        return _unreadable(0, "too_long")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _unreadable(content.count(b"\n", 0, error.start), "not_utf8")
    try:
        if unwanted := next(_unwanted(text), None):
            return unwanted
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return _unreadable(error.problem_mark.line if error.problem_mark else 0, _syntax(error.problem))
    except yaml.reader.ReaderError as error:
        return _unreadable(content.count(b"\n", 0, error.position), "control_character")
    document = Document()
    if root is not None:
        document.data = _data(root, (), document)
    return document


def _unwanted(text: str) -> Iterator[Document]:
    """What must be found before the file is put together, which would follow every anchor and level."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line if event.start_mark else 0
        if getattr(event, "anchor", None) is not None:
            yield _unreadable(line, "label_mark")
        if getattr(event, "tag", None) is not None:
            yield _unreadable(line, "yaml_tag")
        if depth > DEEPEST:
            yield _unreadable(line, "too_deep")


def _unreadable(line: int, code: str) -> Document:
    return Document(lines={(): line + 1}, problems=[Problem.of((), code)])


def _syntax(problem: str | None) -> str:
    return next(code for words, code in _SYNTAX_CODES.items() if words in (problem or ""))


def _data(node: yaml.Node, place: Place, document: Document) -> Any:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return dict(_items(node, place, document))
    if isinstance(node, yaml.SequenceNode):
        return [_data(item, (*place, n), document) for n, item in enumerate(node.value)]
    return _scalar(node, place, document)


def _scalar(node: yaml.Node, place: Place, document: Document) -> Any:
    """The value of one node; a day such as 30 February is found out only here.

    10:30 is a text, as in YAML 1.2; it was a number of minutes once.
    """
    if node.tag in _NUMBERS and ":" in node.value:
        return node.value
    try:
        if node.tag in _NUMBERS and len(node.value.lstrip("+-")) > _NUMBERS[node.tag]:
            raise ValueError
        return yaml.SafeLoader("").construct_object(node)
    except (ValueError, LookupError, AttributeError, yaml.YAMLError):
        document.problems.append(Problem.of(place, "no_such_value"))
        return None


def _items(node: yaml.MappingNode, place: Place, document: Document) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in seen:
            document.problems.append(Problem.of((*place, key), "key_twice", first=seen[key], second=line))
        else:
            seen[key] = line
            document.lines[(*place, key)] = line
            yield key, _data(value_node, (*place, key), document)
