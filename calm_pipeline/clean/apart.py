"""First step of cleaning: every cell taken apart, by text and by number, before anything is decided about it."""

import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.clean.cells import labels, said, said_by_numbers, tokens
from calm_pipeline.survey import Field

Columns = dict[str, ir.Value]


class Apart:
    """The parts of one field, once `take_apart` has put them into the frame."""

    def __init__(self, frame: ir.Table, field: Field) -> None:
        def part(name: str) -> ir.Value:
            return frame[columns.scratch(field.name, name)]

        self.text: ir.StringValue = frame[field.name]
        self.number: ir.StringValue = part("number")
        self.said: ir.StringValue = part("said")
        self.said_by_number: ir.StringValue = part("said_by_number")
        if field.options:
            self.labels: ir.ArrayValue = part("labels")
            self.tokens: ir.ArrayValue = part("tokens")
            self.cells: ir.ArrayValue = part("cells")

    @property
    def both(self) -> ir.BooleanValue:
        """Whether the field stands in both exports."""
        return self.text.notnull() & self.number.notnull()


def take_apart(raw: ir.Table, field: Field) -> Columns:
    """The scratch columns of `field`: what each cell says, its tokens and its option cells."""
    text, number = raw[field.name], raw[columns.number(field.name)]
    if field.options:
        number = number.re_replace(r"\.0+(┋|\z)", r"\1")
    parts: Columns = {"number": number, "said": said(text), "said_by_number": _said_by_number(field, number)}
    if field.options:
        parts |= {"labels": labels(text), "tokens": tokens(text), "cells": number.split("┋")}
    return {columns.scratch(field.name, name): part for name, part in parts.items()}


def _said_by_number(field: Field, number: ir.StringValue) -> ir.StringValue:
    """-2 and -3 are marks of silence in choices, and in numbers that cannot be negative; in a text they are text."""
    low, _ = field.bounds
    if field.options or (low is not None and low >= 0):
        return said_by_numbers(number, zero_is_blank=field.type == "multiple")
    return said(number)
