"""The only place that knows Great Expectations: a suite and a table in, a report without values out."""

import logging
import os
import warnings
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.metadata import version
from types import ModuleType
from typing import Any

import ibis.expr.types as ir

from calm_pipeline.expectations.expectation import Expectation, Suite
from calm_pipeline.expectations.part import Part, Summed, parts
from calm_pipeline.expectations.report import Report, Result

COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
PLACES = {"result_format": "COMPLETE", "partial_unexpected_count": 0}


def judge(suite: Suite, table: ir.Table, at: datetime) -> Report:
    """Judge the table; only the columns that the suite names are read, and of a large one not every row is held.

    An expectation that Great Expectations cannot judge does not hold. What it would say about that may quote cells and
    is dropped, as is everything else but the verdict and numbers of rows.
    """
    found = {result.name: result for part in parts(suite, table) for result in _judged(suite, part)}
    results = tuple(found[expectation.name] for expectation in suite.expectations)
    return Report(
        suite=suite.name,
        table=suite.table,
        edition=suite.edition,
        severity=suite.severity,
        engine=f"great_expectations {version('great_expectations')}",
        at=at,
        results=results,
    )


def _judged(suite: Suite, part: Part) -> Iterator[Result]:
    put = [_in_gx(part.shown(expectation), suite.severity) for expectation in part.expectations]
    expected = _gx().ExpectationSuite(suite.name, put)
    batch = _frames().get_batch({"dataframe": part.frame})
    found = batch.validate(expected, result_format=PLACES if isinstance(part, Summed) else COUNTS_ONLY)
    by_name = {result.expectation_config.meta["name"]: result for result in found.results}
    yield from (_result(expectation, by_name[expectation.name], part) for expectation in part.expectations)


def _in_gx(expectation: Expectation, severity: str) -> Any:
    expectations = _gx().expectations
    where = {}
    if expectation.where is not None:
        column, wanted = expectation.where
        where["row_condition"] = expectations.row_conditions.Column(column) == wanted
    return getattr(expectations, expectation.kind)(
        **expectation.arguments,
        **where,
        severity=severity,
        meta={"name": expectation.name},
    )


def _result(expectation: Expectation, found: Any, part: Part) -> Result:
    by_row = expectation.kind.startswith(("ExpectColumnValues", "ExpectColumnPairValues", "ExpectCompoundColumns"))
    rows = found.result.get("element_count" if by_row else "observed_value")
    unexpected = found.result.get("unexpected_count")
    if by_row and rows is not None and isinstance(part, Summed):
        rows, unexpected = part.counted(expectation, found.result.get("unexpected_index_list") or [])
    return Result(
        en=expectation.words.en,
        zh=expectation.words.zh,
        name=expectation.name,
        kind=expectation.kind,
        holds=bool(found.success),
        rows=rows if by_row or expectation.kind == "ExpectTableRowCountToEqual" else None,
        unexpected=unexpected if by_row else None,
    )


@cache
def _gx() -> ModuleType:
    """Great Expectations, imported when first needed: that takes seconds. Its log would quote cells."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    log = logging.getLogger("great_expectations")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations
    return great_expectations


@cache
def _frames() -> Any:
    """What hands a frame over, the same for all: each one declared anew has the whole context written to YAML.

    The context behind it is in memory: it writes nothing, asks nobody and draws no progress bars.
    """
    gx = _gx()
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("tables").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("whole")
