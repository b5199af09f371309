"""First steps of cleaning: every cell taken apart, by text and by number, before anything is decided about it."""

import ibis
import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.clean.cells import chosen, integer, labels, said, said_by_numbers, tokens
from calm_pipeline.survey import Field

Columns = dict[str, ir.Value]
_NO_CELL = ibis.literal("").nullif("")
_NOTHING: Columns = {"number": _NO_CELL, "said_by_number": ibis.literal("blank"), "cells": _NO_CELL.split("┋")}


class Apart:
    """The parts of one field, once `take_apart` has put them into the frame.

    Where nothing was exported by number, these parts are constants: an engine sees through them, and need not compute
    for each row what comes of nothing.
    """

    def __init__(self, frame: ir.Table, field: Field, by_number: bool) -> None:
        self._frame, self._field = frame, field

        def part(name: str) -> ir.Value:
            return frame[columns.scratch(field.name, name)] if by_number or name not in _NOTHING else _NOTHING[name]

        self.text: ir.StringValue = frame[field.name]
        self.number: ir.StringValue = part("number")
        self.said: ir.StringValue = part("said")
        self.said_by_number: ir.StringValue = part("said_by_number")
        if field.options:
            self.labels: ir.ArrayValue = part("labels")
            self.tokens: ir.ArrayValue = part("tokens")
            self.cells: ir.ArrayValue = part("cells")

    @property
    def chosen(self) -> dict[str, ir.BooleanValue]:
        """Whether each option was chosen, by text."""
        return {key: self._part(f"chosen {key}") for key in self._field.options}

    @property
    def read(self) -> ir.IntegerValue:
        """The number, by text if there is one."""
        return self._part("read")

    def _part(self, name: str) -> ir.Value:
        return self._frame[columns.scratch(self._field.name, name)]

    @property
    def both(self) -> ir.BooleanValue:
        """Whether the field stands in both exports."""
        return self.text.notnull() & self.number.notnull()


def take_apart(raw: ir.Table, field: Field, by_number: bool) -> Columns:
    """The scratch columns of `field`: what each cell says, its tokens and its option cells."""
    text = raw[field.name]
    parts: Columns = {"said": said(text)}
    if field.options:
        parts |= {"labels": labels(text), "tokens": tokens(text)}
    if by_number:
        parts |= _by_number(field, raw[columns.number(field.name)])
    return {columns.scratch(field.name, name): part for name, part in parts.items()}


def recognise(apart: ir.Table, field: Field, by_number: bool) -> Columns:
    """More of them: options chosen and numbers read, since an answer and what is wrong with it are told by the same."""
    cell, parts = Apart(apart, field, by_number), Columns()
    if field.type == "multiple":
        parts = {f"chosen {key}": chosen(cell.labels, option) for key, option in field.options.items()}
    elif field.type == "integer":
        parts = {"read": integer(cell.text.coalesce(cell.number))}
    return {columns.scratch(field.name, name): part for name, part in parts.items()}


def _by_number(field: Field, number: ir.StringValue) -> Columns:
    if field.options:
        number = number.re_replace(r"\.0+(┋|\z)", r"\1")
    parts: Columns = {"number": number, "said_by_number": _said_by_number(field, number)}
    return parts | {"cells": number.split("┋")} if field.options else parts


def _said_by_number(field: Field, number: ir.StringValue) -> ir.StringValue:
    """-2 and -3 are marks of silence in choices, and in numbers that cannot be negative; in a text they are text."""
    low, _ = field.bounds
    if field.options or (low is not None and low >= 0):
        return said_by_numbers(number, zero_is_blank=field.type == "multiple")
    return said(number)
