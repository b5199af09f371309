"""The survey and its rules as a linear program over 0 and 1: which answers can stand together at all.

One set of variables describes a submission: whether a field is answered, which options are ticked, which blanks filled,
which number given, what is wrong with it. HiGHS (scipy) solves it; a survey of 31 questions takes some milliseconds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as about
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from calm_pipeline.rules.conditions import (
    Asked,
    Condition,
    Fact,
    Fault,
    Filled,
    MoreThan,
    Outside,
    Silent,
    Ticked,
)
from calm_pipeline.survey import Field, Survey

Name = tuple[str, ...]
Terms = Mapping[Name, float]
INFEASIBLE = 2
LARGEST, EXACT = 1e6, 1e-6
"""Numbers without a bound of their own are taken to lie within LARGEST; a solution must hold up to EXACT."""


@dataclass(frozen=True)
class Linear:
    """A sum of variables and a constant."""

    terms: Terms
    constant: float = 0

    def __invert__(self) -> "Linear":
        return Linear({name: -factor for name, factor in self.terms.items()}, 1 - self.constant)


@dataclass
class Program:
    """Variables with bounds and constraints over them, added as the conditions that need them are met."""

    survey: Survey
    low: dict[Name, float] = about(default_factory=dict)
    high: dict[Name, float] = about(default_factory=dict)
    rows: list[tuple[Terms, float, float]] = about(default_factory=list)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field by name."""
        return {field.name: field for field in self.survey.fields()}

    def variable(self, *name: str, low: float = 0, high: float = 1) -> Name:
        """A variable, made when it is first asked for."""
        self.low.setdefault(name, low)
        self.high.setdefault(name, high)
        return name

    def bound(self, terms: Terms, low: float = -np.inf, high: float = np.inf) -> None:
        """Keep a sum between two numbers."""
        self.rows.append((terms, low, high))

    def solve(self, cost: Callable[[Name], float] = lambda _: 0) -> dict[Name, float] | None:
        """The cheapest assignment; None if there is none.

        Raises:
            ArithmeticError: the solver gave up; it says so with its own status number.
        """
        names = list(self.low)
        place = {name: n for n, name in enumerate(names)}
        found = milp(
            np.array([cost(name) for name in names]),
            integrality=np.ones(len(names), dtype=np.int64),
            bounds=Bounds(np.array(list(self.low.values())), np.array(list(self.high.values()))),
            constraints=[self._matrix(place)] if self.rows else [],
        )
        if found.status == INFEASIBLE:
            return None
        if found.x is None:
            raise ArithmeticError(f"HiGHS ended with status {found.status}")
        solution = dict(zip(names, np.round(found.x).tolist(), strict=True))
        if not all(low - EXACT <= _value(terms, solution) <= high + EXACT for terms, low, high in self.rows):
            raise ArithmeticError("the solution of HiGHS does not hold once its numbers are rounded to whole ones")
        return solution

    def _matrix(self, place: Mapping[Name, int]) -> LinearConstraint:
        entries = [
            (n, place[name], factor) for n, (terms, _, _) in enumerate(self.rows) for name, factor in terms.items()
        ]
        at, columns, factors = zip(*entries, strict=True)
        matrix = csr_array((factors, (at, columns)), shape=(len(self.rows), len(place)))
        return LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])

    def answered(self, name: str) -> Name:
        """Whether a field holds a sound answer, with the shape that such an answer has."""
        if ("answered", name) in self.low:
            return ("answered", name)
        answered, field = self.variable("answered", name), self.fields[name]
        if field.options:
            ticks = {self.variable("tick", name, option): 1.0 for option in field.options}
            if field.type == "single":
                self.bound({**ticks, answered: -1}, 0, 0)
            else:
                self.bound({**ticks, answered: -1}, 0)
                for tick in ticks:
                    self.bound({answered: 1, tick: -1}, 0)
        for option, about_it in field.options.items():
            if about_it.specify:
                self.bound({answered: 1, self.variable("filled", name, option): -1}, 0)
        return answered

    def malformed(self, name: str) -> Name:
        """Whether what a field holds is no answer at all."""
        known = ("malformed", name) in self.low
        malformed = self.variable("malformed", name)
        if not known:
            self.bound({self.answered(name): 1, malformed: 1}, high=1)
        return malformed

    def number(self, name: str) -> Name:
        """The number of a field, within what the rows of its question accept and one beyond: it can be wrong."""
        bounds = [other.bounds for other in self.fields.values() if other.key == self.fields[name].key]
        low = min(-LARGEST if low is None else low for low, _ in bounds) - 1
        high = max(LARGEST if high is None else high for _, high in bounds) + 1
        return self.variable("number", name, low=low, high=high)

    def truth(self, condition: Condition) -> Linear:
        """A sum that is 1 where the condition holds and 0 where it does not."""
        match condition:
            case Asked(key, _, asked):
                return self._asked(key) if asked else ~self._asked(key)
            case Silent(field, silent):
                said = Linear({self.answered(field.name): 1, self.malformed(field.name): 1})
                return ~said if silent else said
            case Ticked(field, options, ticked):
                any_ = self._any(Linear({self._tick(field.name, option): 1}) for option in options)
                return any_ if ticked else ~any_
            case Filled(field, option, filled):
                self.answered(field.name)
                is_filled = Linear({("filled", field.name, option): 1})
                return is_filled if filled else ~is_filled
            case Outside(field):
                return self._outside(field)
            case MoreThan(field, other):
                return self._more_than(field, other)
            case Fault(field, name, _, malformed):
                return self._fault(field.name, name, malformed)
            case Fact(name):
                return Linear({self.variable("fact", name): 1})

    def _tick(self, name: str, option: str) -> Name:
        self.answered(name)
        return ("tick", name, option)

    def _asked(self, key: str) -> Linear:
        question = self.survey.questions[key]
        parts = [self._agrees(question.asked_if)] if question.asked_if else []
        parts += [~self._agrees(question.asked_unless)] if question.asked_unless else []
        return self._all(parts)

    def _agrees(self, gate: Mapping[str, tuple[str, ...]]) -> Linear:
        return self._all(
            [self._any(Linear({self._tick(key, option): 1}) for option in options) for key, options in gate.items()]
        )

    def _any(self, parts: Iterable[Linear]) -> Linear:
        return ~self._all([~part for part in parts])

    def _all(self, parts: list[Linear]) -> Linear:
        """A new variable that is 1 if and only if all the parts are."""
        if len(parts) == 1:
            return parts[0]
        both = self.variable("all", str(len(self.rows)))
        for part in parts:
            self.bound({**part.terms, both: part.terms.get(both, 0) - 1}, -part.constant)
        total, constant = _total(parts)
        self.bound({**total, both: -1}, high=len(parts) - 1 - constant)
        return Linear({both: 1})

    def _outside(self, field: Field) -> Linear:
        outside, number = self.variable("outside", field.name), self.number(field.name)
        low, high = field.bounds
        self.bound({self.answered(field.name): 1, outside: -1}, 0)
        if low is not None:
            self.bound({number: 1, outside: low - self.low[number]}, low)
        if high is not None:
            self.bound({number: 1, outside: high - self.high[number]}, high=high)
        return Linear({outside: 1})

    def _more_than(self, field: Field, other: Field) -> Linear:
        """Both must be answered; 1 asks for a difference of at least 1, 0 for none."""
        more, one, two = self.variable("more", field.name, other.name), self.number(field.name), self.number(other.name)
        silent = self.variable("silent", field.name, other.name)
        span = max(self.high[one] - self.low[two], 0) + max(self.high[two] - self.low[one], 0) + 1
        self.bound({silent: 1, self.answered(field.name): 1, self.answered(other.name): 1}, high=2)
        self.bound({silent: 2, self.answered(field.name): 1, self.answered(other.name): 1}, 2)
        self.bound({more: 1, silent: 1}, high=1)
        self.bound({one: 1, two: -1, more: -span, silent: -span}, high=0)
        self.bound({one: 1, two: -1, more: -span}, 1 - span)
        return Linear({more: 1})

    def _fault(self, name: str, fault: str, malformed: bool) -> Linear:
        there = self.variable("fault", name, fault)
        if malformed:
            self.bound({self.malformed(name): 1, there: -1}, 0)
        return Linear({there: 1})

    def forbid(self, conditions: Iterable[Condition]) -> None:
        """Let not all of the conditions hold together."""
        parts = [self.truth(condition) for condition in conditions]
        total, constant = _total(parts)
        self.bound(total, high=len(parts) - 1 - constant)

    def demand(self, conditions: Iterable[Condition]) -> None:
        """Let all of the conditions hold together."""
        for part in [self.truth(condition) for condition in conditions]:
            self.bound(part.terms, 1 - part.constant)


def _value(terms: Terms, solution: Mapping[Name, float]) -> float:
    return sum(factor * solution[name] for name, factor in terms.items())


def _total(parts: list[Linear]) -> tuple[dict[Name, float], float]:
    total: dict[Name, float] = {}
    for part in parts:
        for name, factor in part.terms.items():
            total[name] = total.get(name, 0) + factor
    return total, sum(part.constant for part in parts)
