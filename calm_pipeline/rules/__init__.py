"""The edit rules of an edition, derived from the survey, and their verdicts on every submission.

A rule holds for a submission or is broken by it. Which submissions count in the end is decided in `validate`.
"""

from calm_pipeline.rules.derive import compared, derive_rules
from calm_pipeline.rules.rule import Rule, Severity, rule_set
from calm_pipeline.rules.verdicts import verdicts

__all__ = ["Rule", "Severity", "compared", "derive_rules", "rule_set", "verdicts"]
