"""What must hold of the tables people use, across tables and years: derived, judged by Great Expectations, published.

Not here: types, nulls and listed values, which Pandera looks at (`tables`), and what a submission must keep (`rules`).
"""

from calm_pipeline.expectations.counts import Look
from calm_pipeline.expectations.derive import suite_of
from calm_pipeline.expectations.drift import drift_of
from calm_pipeline.expectations.expectation import Expectation, Suite
from calm_pipeline.expectations.judge import judge
from calm_pipeline.expectations.report import Report, Result

__all__ = ["Expectation", "Look", "Report", "Result", "Suite", "drift_of", "judge", "suite_of"]
