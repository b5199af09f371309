"""What is published: immutable vintages, the pointer to the current one, who may write, and what changed between two.

What makes the tables is no part of it: a publish takes them from the workbench as they were made and proved.
"""

from calm_pipeline.vintages.current import Vintage, connect, current, every, find
from calm_pipeline.vintages.lock import writing
from calm_pipeline.vintages.proofs import Name
from calm_pipeline.vintages.publish import Declarations, Outcome, publish
from calm_pipeline.vintages.rewrite import Rewritten, rewrite

__all__ = [
    "Declarations",
    "Name",
    "Outcome",
    "Rewritten",
    "Vintage",
    "connect",
    "current",
    "every",
    "find",
    "publish",
    "rewrite",
    "writing",
]
