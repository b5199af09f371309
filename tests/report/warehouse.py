"""A warehouse in memory for the report: the reference data as published, and one in which every word is hostile."""

from collections.abc import Callable
from functools import cache
from typing import Any

import duckdb
import pandas as pd

from calm_pipeline.report.render import report_html
from calm_pipeline.report.source import Ask, Stamp
from calm_pipeline.report.write import asking
from calm_pipeline.survey import Survey
from tests.published import CONTRACTS, published
from tests.reference import SURVEY
from tests.shared import shared

STAMP = Stamp("9.9.9", "c0de" * 16, "5e7" * 21 + "5", 3, 10)


def filled(frames: dict[str, pd.DataFrame]) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that holds the frames under their contracts' types."""
    database = duckdb.connect()
    for name in CONTRACTS:
        columns = [statement for statement in CONTRACTS[name].ddl(name) if statement.startswith("CREATE")]
        database.execute(columns[0].split(", PRIMARY KEY")[0] + ")")
        database.register("frame", frames[name])
        database.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM frame')
        database.unregister("frame")
    return database


@cache
def reference() -> duckdb.DuckDBPyConnection:
    return filled(published())


@shared
def page(lang: str) -> str:
    """The report of the reference data."""
    return report_html(asking(reference()), SURVEY, STAMP, lang)


def altered(change: Callable[[duckdb.DuckDBPyConnection], Any]) -> duckdb.DuckDBPyConnection:
    """The reference data with a change."""
    database = filled(published())
    change(database)
    return database


def drawn(database: duckdb.DuckDBPyConnection, lang: str = "en", survey: Survey = SURVEY) -> str:
    ask: Ask = asking(database)
    return report_html(ask, survey, STAMP, lang)
