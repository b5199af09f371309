"""The only place that knows Great Expectations: a suite and a table in, a report without values out."""

import logging
import os
import warnings
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any

import ibis.expr.types as ir

from calm_pipeline.engine import collect
from calm_pipeline.expectations.expectation import Expectation, Suite
from calm_pipeline.expectations.report import Report, Result

COUNTS_ONLY = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


def judge(suite: Suite, table: ir.Table, at: datetime) -> Report:
    """Judge the table; only the columns that the suite names are read.

    An expectation that Great Expectations cannot judge does not hold. What it would say about that may quote cells and
    is dropped, as is everything else but the verdict and numbers of rows.
    """
    found = _validated(suite, table) if suite.expectations else {}
    results = tuple(_result(expectation, found[expectation.name]) for expectation in suite.expectations)
    return Report(
        suite=suite.name,
        table=suite.table,
        edition=suite.edition,
        severity=suite.severity,
        engine=f"great_expectations {version('great_expectations')}",
        at=at,
        results=results,
    )


def _validated(suite: Suite, table: ir.Table) -> dict[str, Any]:
    source = _context().data_sources.add_or_update_pandas("tables")
    batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("whole")
    frame = collect(table.select(*suite.columns))
    expected = _gx().ExpectationSuite(suite.name, [_in_gx(one, suite.severity) for one in suite.expectations])
    found = batch.get_batch({"dataframe": frame}).validate(expected, result_format=COUNTS_ONLY)
    return {result.expectation_config.meta["name"]: result for result in found.results}


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
        notes=[expectation.words.en, expectation.words.zh],
        meta={"name": expectation.name},
    )


def _result(expectation: Expectation, found: Any) -> Result:
    by_row = expectation.kind.startswith(("ExpectColumnValues", "ExpectColumnPairValues", "ExpectCompoundColumns"))
    rows = found.result.get("element_count" if by_row else "observed_value")
    unexpected = found.result.get("unexpected_count")
    return Result(
        en=expectation.words.en,
        zh=expectation.words.zh,
        name=expectation.name,
        kind=expectation.kind,
        holds=bool(found.success),
        rows=None if not (by_row or expectation.kind == "ExpectTableRowCountToEqual") else rows,
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
        return import_module("great_expectations")


@cache
def _context() -> Any:
    """One context a process, in memory: it writes nothing, asks nobody and draws no progress bars."""
    context = _gx().get_context(mode="ephemeral")
    context.enable_analytics(False)
    bars = import_module("great_expectations.data_context.types.base").ProgressBarsConfig
    context.variables.progress_bars = bars(globally=False)
    return context
