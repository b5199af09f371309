"""This edition against the one before it: what changed in the questionnaire, in the answers, and whether they compare.

Not here: which edition is the one before (`project`), and what is odd enough to be looked at (`expectations.drift`).
"""

from calm_pipeline.checks import Finding
from calm_pipeline.trends.current import NOT_COMPARED, current
from calm_pipeline.trends.indices import index_trends
from calm_pipeline.trends.options import option_trends
from calm_pipeline.trends.year import Year

__all__ = ["NOT_COMPARED", "Finding", "Year", "current", "index_trends", "option_trends"]
