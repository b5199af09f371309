"""The file: written at once, the same for the same warehouse, and errors in words of ours."""

import re
from pathlib import Path

import duckdb
import pytest

from calm_pipeline.errors import CalmError
from calm_pipeline.files import replace
from calm_pipeline.report.sections import sections
from calm_pipeline.report.source import Source
from calm_pipeline.report.write import asking
from calm_pipeline.reporting import report
from tests.reference import EDITION, PROJECT, SURVEY
from tests.report.warehouse import STAMP, altered, drawn, page, reference


def keys(database: duckdb.DuckDBPyConnection) -> set[str]:
    return {section.key for section in sections(Source(asking(database), SURVEY, STAMP, "en"))}


def emptied(*tables: str) -> duckdb.DuckDBPyConnection:
    return altered(lambda database: [database.execute(f'DELETE FROM "{table}"') for table in tables])


def test_one_file_that_loads_nothing() -> None:
    html = page("zh")
    assert html.count("<script>") == 2
    assert "default-src 'none'" in html
    assert "unsafe-eval" not in html
    outside = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert not re.search(r'(src|href)="(?!#|data:)', outside)
    assert "@import" not in outside


def test_the_stamp_says_which_software_and_rules() -> None:
    assert STAMP.version in page("en")
    assert STAMP.rule_set in page("en")
    for digest in reference().execute("SELECT sha256 FROM files").fetchall():
        assert digest[0] in page("en")


def test_sections_without_rows_are_left_out() -> None:
    everything = keys(reference())
    assert {"claims", "printed", "reconciliation", "items"} <= everything
    assert "trends" not in everything
    rest = keys(emptied("claims", "claim_variants", "printed_statistics", "reconciliation", "coverage", "index_items"))
    assert everything - rest == {"claims", "printed", "reconciliation", "items"}


def test_a_finding_is_printed_only_if_it_may_be() -> None:
    html = page("en")
    may = html.partition("Findings that may be printed")[2].partition("Claims that may not be printed")[0]
    printable = "SELECT says_en FROM claims WHERE printable"
    others = "SELECT says_en FROM claims WHERE NOT printable"
    assert all(says in may for (says,) in reference().execute(printable).fetchall())
    assert not any(f">{says}<" in may for (says,) in reference().execute(others).fetchall())


def test_an_unknown_language_is_told(tmp_path: Path) -> None:
    with pytest.raises(CalmError, match="English and Chinese only") as told:
        report(PROJECT, EDITION, "fr", tmp_path / "x.html")
    assert told.value.code == "report_language"


def test_a_file_is_replaced_at_once_and_no_draft_stays(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text("old", encoding="utf-8")
    replace(file, "新")
    assert file.read_text(encoding="utf-8") == "新"
    assert list(tmp_path.iterdir()) == [file]


def test_where_no_effect_size_exists_the_table_stands_without_a_picture() -> None:
    columns = ("hedges_g", "hedges_g_low", "hedges_g_high")
    nothing = "UPDATE stage_comparison SET " + ", ".join(f"{name} = NULL" for name in columns)
    html = drawn(altered(lambda database: database.execute(nothing)))
    assert 'id="table-effects"' in html
    assert 'id="figure-effects"' not in html
