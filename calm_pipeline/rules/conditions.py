"""What an edit rule forbids to hold together: conditions on one submission, each a boolean over the clean frame.

Null stands for "cannot be told", as where a gate's own answer is malformed. The same conditions become linear
constraints in `program`, so that what is forbidden is written once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as about
from functools import reduce
from operator import or_

import ibis.expr.types as ir

from calm_pipeline import columns, gates
from calm_pipeline.survey import Field, Survey

Mask = Callable[[ir.Table], ir.BooleanValue]
SILENT = ("blank", "not_asked")


@dataclass(frozen=True)
class Asked:
    """The question was to be asked, or was not."""

    key: str
    survey: Survey = about(repr=False, compare=False)
    asked: bool = True

    def mask(self, frame: ir.Table) -> ir.BooleanValue:
        open_ = gates.asked(frame, self.survey, self.key)
        return open_ if self.asked else ~open_


@dataclass(frozen=True)
class Silent:
    """The field holds nothing, or holds something."""

    field: Field
    silent: bool = True

    def mask(self, frame: ir.Table) -> ir.BooleanValue:
        silent = frame[columns.state(self.field.name)].isin(SILENT)
        return silent if self.silent else ~silent


@dataclass(frozen=True)
class Ticked:
    """One of the options is ticked, or none of them is."""

    field: Field
    options: tuple[str, ...]
    ticked: bool = True

    def mask(self, frame: ir.Table) -> ir.BooleanValue:
        any_ = reduce(or_, (self._chosen(frame, option) for option in self.options))
        return any_ if self.ticked else ~any_

    def _chosen(self, frame: ir.Table, option: str) -> ir.BooleanValue:
        if self.field.type == "single":
            return frame[self.field.name] == option
        return frame[columns.tick(self.field.name, option)] == 1


@dataclass(frozen=True)
class Filled:
    """The blank of an option is filled, or is not."""

    field: Field
    option: str
    filled: bool = True

    def mask(self, frame: ir.Table) -> ir.BooleanValue:
        text = frame[columns.specify(self.field.name, self.option)]
        return text.notnull() if self.filled else text.isnull()


@dataclass(frozen=True)
class Outside:
    """The number lies outside the bounds of its field."""

    field: Field

    def mask(self, frame: ir.Table) -> ir.BooleanValue:
        value, (low, high) = frame[self.field.name], self.field.bounds
        return reduce(or_, ([value < low] if low is not None else []) + ([value > high] if high is not None else []))


@dataclass(frozen=True)
class MoreThan:
    """One number is larger than another."""

    field: Field
    other: Field

    def mask(self, frame: ir.Table) -> ir.BooleanValue:
        return frame[self.field.name] > frame[self.other.name]


@dataclass(frozen=True)
class Fault:
    """Something is wrong with what the field holds, whatever the other fields hold; any sound answer mends it."""

    field: Field
    name: str
    test: Mask = about(repr=False, compare=False)
    malformed: bool = False

    def mask(self, frame: ir.Table) -> ir.BooleanValue:
        return self.test(frame)


@dataclass(frozen=True)
class Fact:
    """Something about the submission or its library that no answer can change."""

    name: str
    test: Mask = about(repr=False, compare=False)

    def mask(self, frame: ir.Table) -> ir.BooleanValue:
        return self.test(frame)


Condition = Asked | Silent | Ticked | Filled | Outside | MoreThan | Fault | Fact
