"""YAML with a memory: plain data, the line of every path, and what is wrong with the text itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from calm_pipeline.survey.problem import Place, Problem

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def parse(text: str) -> Document:
    """Read YAML without tags, anchors or repeated keys; what is wrong is collected, not raised."""
    document = Document()
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        document.problems.append(Problem((), f"line {line}: {_syntax(error.problem or 'unreadable')}"))
        return document
    if root is not None:
        document.data = _data(root, (), document, frozenset())
    return document


def _syntax(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "a label that contains a colon and a space must stand in quotation marks"
    if "found undefined alias" in problem or "did not find expected alphabetic" in problem:
        return "a label that begins with * or & must stand in quotation marks"
    return f"this is not YAML ({problem}); look for a missing quotation mark, bracket or indentation"


def _data(node: yaml.Node, place: Place, document: Document, above: frozenset[int]) -> Any:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if id(node) in above or node.tag.startswith("!"):
        document.problems.append(Problem(place, "tags and references to itself have no meaning here; write it out"))
        return None
    if isinstance(node, yaml.MappingNode):
        return dict(_items(node, place, document, above | {id(node)}))
    if isinstance(node, yaml.SequenceNode):
        return [_data(item, (*place, n), document, above | {id(node)}) for n, item in enumerate(node.value)]
    return yaml.SafeLoader("").construct_object(node)


def _items(
    node: yaml.MappingNode, place: Place, document: Document, above: frozenset[int]
) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in seen:
            sentence = f"stands twice, on lines {seen[key]} and {line}; give one of them another name"
            document.problems.append(Problem((*place, key), sentence))
        else:
            seen[key] = line
            document.lines[(*place, key)] = line
            yield key, _data(value_node, (*place, key), document, above)
