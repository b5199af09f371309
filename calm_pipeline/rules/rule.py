"""What an edit rule is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from operator import and_
from typing import Literal

import ibis.expr.types as ir

from calm_pipeline.rules.conditions import Condition, Fact
from calm_pipeline.survey import Words

Severity = Literal["error", "confirm", "warn"]


@dataclass(frozen=True)
class Rule:
    """One edit rule: conditions of which never all may hold for one submission.

    error: the submission is quarantined until it is corrected. confirm: it counts, and the library is asked whether
    the answer is meant. warn: it counts, and nobody is asked. `fields` are the fields concerned, its own first. A rule
    without conditions looks at several submissions at once and is evaluated by `verdicts` itself.

    `sentence` says what is required; `fault` says to whoever has to mend it what is wrong, and what to do.
    """

    id: str
    severity: Severity
    fields: tuple[str, ...]
    questions: tuple[str, ...]
    sentence: Words
    fault: Words
    forbids: tuple[Condition, ...] = ()

    @property
    def beyond_answers(self) -> bool:
        """Whether no change of the answers of one submission can mend it."""
        return not self.forbids or any(isinstance(condition, Fact) for condition in self.forbids)

    def holds(self, frame: ir.Table) -> ir.BooleanValue:
        """A boolean column over the clean frame; what cannot be told counts as holding."""
        return (~reduce(and_, (condition.mask(frame) for condition in self.forbids))).fill_null(True)


def rule_set(rules: Iterable[Rule]) -> str:
    """SHA-256 of what the rules say, by which a letter names the rules it was written under."""
    said = "\n".join(f"{rule.id}\t{rule.severity}\t{rule.sentence.en}\t{rule.sentence.zh}" for rule in rules)
    return sha256(said.encode()).hexdigest()
