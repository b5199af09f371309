"""The sections of the report in their order; each is made from the source, or left out if there is nothing to say."""

from collections.abc import Callable, Iterator

from calm_pipeline.report.model import Section
from calm_pipeline.report.sections.appendices import items, queries, sources
from calm_pipeline.report.sections.base import base
from calm_pipeline.report.sections.claims import claims
from calm_pipeline.report.sections.framework import framework
from calm_pipeline.report.sections.indices import indices
from calm_pipeline.report.sections.methods import methods
from calm_pipeline.report.sections.printed import printed
from calm_pipeline.report.sections.reconciliation import reconciliation
from calm_pipeline.report.sections.results import results
from calm_pipeline.report.sections.stages import stages
from calm_pipeline.report.sections.summary import summary
from calm_pipeline.report.sections.trends import trends
from calm_pipeline.report.source import Source

ORDER: tuple[Callable[[Source], Iterator[Section]], ...] = (
    *(summary, base, framework, results, indices, stages, claims, printed, reconciliation, trends, methods),
    *(items, sources, queries),
)


def sections(source: Source) -> list[Section]:
    """Every section that this edition has something for."""
    return [section for make in ORDER for section in make(source)]
