"""Every check, and which of them are gates: those that block, of each of which a publish demands a proof."""

from assets.checks import all_checks
from assets.expectations import all_expectations
from calm_pipeline.vintages import Name

CHECKS = [*all_checks(), *all_expectations()]
GATES = [Name(spec.asset_key.path[-1], spec.name) for check in CHECKS for spec in check.check_specs if spec.blocking]
