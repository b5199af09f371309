"""The tables analysts open first: counts, indices, correlations, stages, items, claims, coverage, printed figures.

Counting is done in the engine; what is left is hundreds of rows, and pandas and numpy finish it.
Not here: formulas, which are in `statistics`, and the report's tables as printed.
"""

from calm_pipeline.marts.claims import judged
from calm_pipeline.marts.correlations import correlations
from calm_pipeline.marts.counts import option_counts
from calm_pipeline.marts.coverage import coverage
from calm_pipeline.marts.evidence import Evidence
from calm_pipeline.marts.indices import DEFINITIONS, index_scores, index_ticks
from calm_pipeline.marts.items import index_items, reliability
from calm_pipeline.marts.printed import printed_statistics
from calm_pipeline.marts.stages import stage_comparison

__all__ = [
    "DEFINITIONS",
    "Evidence",
    "correlations",
    "coverage",
    "index_items",
    "index_scores",
    "index_ticks",
    "judged",
    "option_counts",
    "printed_statistics",
    "reliability",
    "stage_comparison",
]
