"""The only place that knows Great Expectations: a suite and a table in, a report without values out."""

import logging
import os
import warnings
from datetime import datetime
from functools import cache
from importlib.metadata import version
from types import ModuleType
from typing import Any

import ibis.expr.types as ir

from calm_pipeline.engine import collect
from calm_pipeline.expectations.expectation import Expectation, Suite
from calm_pipeline.expectations.report import Report, Result

COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


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
    frame = collect(table.select(*suite.columns))
    expected = _gx().ExpectationSuite(suite.name, [_in_gx(one, suite.severity) for one in suite.expectations])
    found = _frames().get_batch({"dataframe": frame}).validate(expected, result_format=COUNTS_ONLY)
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
