"""Figures by group of libraries: who belongs to which group, what is counted, and what of it may be shown."""

from calm_pipeline.by_group.audit import audit
from calm_pipeline.by_group.counts import group_counts
from calm_pipeline.by_group.members import groups

__all__ = ["audit", "group_counts", "groups"]
