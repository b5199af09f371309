"""What stands in the data for a value of a variable, for each kind of file."""

from collections.abc import Mapping
from dataclasses import dataclass

from calm_pipeline.dissemination import spss, stata
from calm_pipeline.dissemination.variables import Missing, Variable

_TABLES = {"tick": "selections", "rank": "selections", "single": "selections", "score": "index_scores"}


@dataclass(frozen=True)
class Coding:
    """How a format writes silence, and whether it has one variable a column or the published tables."""

    silence: Mapping[Missing, str]
    wide: bool

    def value(self, one: Variable, value: int) -> str:
        """What stands for a value: in the published tables a chosen option stands by its name."""
        if self.wide or one.field is None or one.kind != "single":
            return str(value)
        return list(one.field.options)[value - 1]

    def table(self, one: Variable) -> str:
        """The published table that holds the variable."""
        return one.source[0] if one.kind in ("id", "time", "count") else _TABLES.get(one.kind, "answers")


SAV = Coding({reason: str(code) for reason, code in spss.CODES.items()}, wide=True)
DTA = Coding({reason: f".{code}" for reason, code in stata.CODES.items()}, wide=True)
TABLES = Coding({reason: reason.value for reason in Missing}, wide=False)
