"""Which codes the source raises, read off its syntax: literals at the place of a code, and the tables named *_CODES."""

import ast
from collections.abc import Iterator
from pathlib import Path

from calm_pipeline.errors import CalmError


def error_classes(cls: type = CalmError) -> set[str]:
    return {cls.__name__}.union(*(error_classes(child) for child in cls.__subclasses__()))


def raised(folders: list[Path]) -> set[str]:
    """Every code that the modules of `folders` raise.

    A function that hands its own parameter on as a code is a raiser itself, so its callers are looked at in turn.
    """
    modules = [ast.parse(file.read_text(encoding="utf-8")) for folder in folders for file in folder.rglob("*.py")]
    raisers = {"of": 1, "listing": 0, **dict.fromkeys(error_classes(), 0), "NotDelivered": 1, "Failed": 0}
    while True:
        known = dict(raisers)
        codes = {code for module in modules for code in _of_module(module, raisers)}
        if raisers == known:
            return codes


def _of_module(module: ast.Module, raisers: dict[str, int]) -> Iterator[str]:
    tables = [
        value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        if isinstance(node.targets[0], ast.Name) and node.targets[0].id.endswith("_CODES")
        for value in node.value.values
        if isinstance(value, ast.Constant)
    ]
    for function in [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]:
        parameters = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
            place = raisers.get(_called(call.func), 99)
            if place >= len(call.args):
                continue
            for code in _choices(call.args[place]):
                if isinstance(code, ast.Name) and code.id in parameters:
                    raisers[function.name] = parameters.index(code.id)
                elif not isinstance(code, ast.Starred):
                    yield from _literals(code, tables, ast.unparse(call))


def _choices(code: ast.expr) -> list[ast.expr]:
    return [*_choices(code.body), *_choices(code.orelse)] if isinstance(code, ast.IfExp) else [code]


def _literals(code: ast.expr, tables: list[str], call: str) -> Iterator[str]:
    own = [node.value for node in ast.walk(code) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found = own if isinstance(code, ast.Constant) else [*own, *tables]
    assert found, f"no code can be read off {call}"
    yield from found


def _called(function: ast.expr) -> str:
    """The name of what is called; `of` makes an error only of the classes that are errors."""
    if isinstance(function, ast.Attribute) and function.attr == "of" and isinstance(function.value, ast.Name):
        return "of" if function.value.id in {*error_classes(), "Problem", "cls"} else ""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
