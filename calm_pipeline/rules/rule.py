"""What an edit rule is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import ibis.expr.types as ir

from calm_pipeline.survey import Words

Severity = Literal["error", "warn"]
Mask = Callable[[ir.Table], ir.BooleanValue]


@dataclass(frozen=True)
class Rule:
    """One edit rule.

    `holds` gives a boolean column over the clean frame; null counts as holding. A rule without a mask looks at
    several submissions at once and is evaluated by `verdicts` itself.
    """

    id: str
    severity: Severity
    questions: tuple[str, ...]
    sentence: Words
    holds: Mask | None
