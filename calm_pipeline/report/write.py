"""The report as a file, and what it takes to make one."""

from pathlib import Path

import duckdb

from calm_pipeline.files import replace
from calm_pipeline.report.render import report_html
from calm_pipeline.report.seal import sealed
from calm_pipeline.report.source import Ask, Stamp
from calm_pipeline.survey import Survey


def asking(database: duckdb.DuckDBPyConnection) -> Ask:
    """A function that runs one statement on the warehouse and returns its rows by column name."""

    def ask(statement: str) -> list[dict[str, object]]:
        relation = database.execute(statement)
        names = [column[0] for column in relation.description or ()]
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]

    return ask


def write_report(ask: Ask, survey: Survey, stamp: Stamp, lang: str, file: Path, earlier: Survey | None = None) -> Path:
    """Write the report of an edition in one language; a reader sees the old file or the new one."""
    html = sealed(report_html(ask, survey, stamp, lang, earlier))
    file.parent.mkdir(parents=True, exist_ok=True)
    return replace(file, html)
