"""What is looked at on the way out: each breach is named and no other, drift warns, and no page holds a value."""

import logging
import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from calm_pipeline import statistics
from calm_pipeline.expectations import Report, Result, Suite, drift_of, expectation, judge, part, site, suite_of
from calm_pipeline.survey import Words
from tests.published import CONTRACTS, as_table, in_contract, look, published
from tests.reference import EDITION, SURVEY

pytestmark = pytest.mark.xdist_group("expectations")
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
Change = Callable[[pd.DataFrame], pd.DataFrame]


def judged(name: str, frame: pd.DataFrame) -> Report:
    """The report on the table as it is; that on what it is summed up to must be the same."""
    suite, table = suite_of(name, CONTRACTS[name], SURVEY, look), as_table(in_contract(name, frame))
    report = judge(suite, table, AT)
    with mock.patch.object(part, "AT_ONCE", 0):
        assert judge(suite, table, AT) == report
    return report


def names(report: Report) -> set[str]:
    return {result.name for result in report.failed}


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_reference_tables_are_as_expected(name: str) -> None:
    report = judged(name, published()[name])
    assert report.holds, report.message
    assert report.message.zh == f"{len(report.results)} 项检查全部通过"
    assert "key" in {result.name for result in report.results}


def cell(column: str, value: Any, **where: object) -> Change:
    """Put `value`, or what it makes of the row, into the first row in which the columns of `where` are so."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        place = rows(frame, where)[0]
        made = value(frame.loc[place]) if callable(value) else value
        frame.loc[place, column] = made
        return frame

    return change


DECISION = {
    **dict.fromkeys(("submission_id", "rule", "reason", "expect"), "x"),
    **{"edition": "2022", "decision": "confirmed", "decided_on": date(2023, 7, 1), "fits": True},
}
REMARK = {
    **dict.fromkeys(("file", "remark", "place", "sentence_en", "sentence_zh"), "x"),
    **{"edition": "2022", "severity": "warn"},
}
OPTION_TREND = {
    **{"edition": "2022", "previous_edition": "2021", "question": "services", "field": "services", "option": "data"},
    **{"change": "continued", "population_changed": False, "comparable": "yes", "reconstructed": False},
}
INDEX_TREND = {
    **{"edition": "2022", "previous_edition": "2021", "index_name": "trust", "definition": "sum", "scope": "all"},
    **{"change": "continued", "population_changed": False, "comparable": "yes", "reconstructed": False},
}


def alone(row: dict[str, Any]) -> Change:
    """Put this row into a table that has none."""
    return lambda frame: pd.DataFrame([row]).reindex(columns=frame.columns)


def drop(**where: object) -> Change:
    return lambda frame: frame.drop(rows(frame, where)[0])


def double(**where: object) -> Change:
    """Write the first row found over the second, so that their number stays."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        first, second, *_ = rows(frame, where)
        frame.loc[second] = frame.loc[first]
        return frame

    return change


def every(column: str, before: str, after: str) -> Change:
    return lambda frame: frame.assign(**{column: frame[column].replace(before, after)})


def rows(frame: pd.DataFrame, where: dict[str, object]) -> list[int]:
    mask = np.logical_and.reduce([np.ones(len(frame), bool), *(frame[name] == value for name, value in where.items())])
    return [int(place) for place in frame.index[mask]]


BROKEN: list[tuple[str, Change, set[str]]] = [
    ("editions", lambda frame: frame.iloc[:0], {"rows"}),
    ("files", double(), {"key"}),
    ("libraries", double(), {"key"}),
    ("rules", cell("edition", "2022"), {"edition"}),
    ("violations", double(), {"key"}),
    *((name, double(), {"key"}) for name in ("findings", "reviews", "alerts", "alert_events")),
    ("corrections", alone(DECISION), {"edition"}),
    ("file_remarks", alone(REMARK), {"edition"}),
    ("repairs", double(), {"key"}),
    ("reconciliation", double(), {"key"}),
    ("questions", cell("question", "stranger", question="services"), {"questions"}),
    ("options", cell("option", "stranger", question="services"), {"options_of_services"}),
    ("submissions", drop(status="dropped"), {"rows"}),
    ("submissions", cell("errors", lambda row: row["errors"] + 1), {"errors_total"}),
    ("submissions", cell("warnings", lambda row: row["warnings"] + 1), {"warnings_total"}),
    ("selections", drop(field="services"), {"rows"}),
    ("selections", double(field="services", option="other"), {"key"}),
    ("selections", every("option", "book_day", "stranger"), {"options_of_annual_events"}),
    ("selections", cell("selected", None, state="answered"), {"selected_if_answered"}),
    ("selections", cell("selected", 0, state="not_asked"), {"nothing_selected_if_not_asked"}),
    ("selections", cell("state", "blank", selected=1), {"nothing_selected_if_blank"}),
    ("answers", drop(option=""), {"rows"}),
    ("answers", double(option=""), {"key"}),
    ("option_counts", cell("option", "stranger", field="services"), {"options_of_services"}),
    ("option_counts", cell("count", lambda row: row["count"] - 1), {"ticks"}),
    ("option_counts", cell("accepted", 900), {"accepted"}),
    ("option_counts", cell("asked", 900), {"asked_at_most_accepted"}),
    ("option_counts", cell("answered", lambda row: row["asked"] + 1, question="services"), {"answered_at_most_asked"}),
    ("option_counts", cell("answered", 0, question="services"), {"count_at_most_answered"}),
    ("option_counts", cell("share", 0.0, question="services"), {"low_at_most_share", "finite_low_at_most_share"}),
    ("option_counts", cell("share", 1.0, option="graduation"), {"share_at_most_high", "share_at_most_finite_high"}),
    ("option_counts", cell("low", -0.1), {"low_in_range"}),
    ("option_counts", cell("high", 1.1), {"high_in_range"}),
    ("index_scores", drop(), {"rows"}),
    ("index_scores", every("index_name", "trust", "stranger"), {"indices"}),
    ("index_scores", cell("sum", 900, index_name="trust"), {"sum_of_trust"}),
    ("index_scores", cell("mean_share", 1.1), {"mean_share_in_range"}),
    ("correlations", drop(), {"rows"}),
    ("correlations", cell("spearman", -1.1), {"spearman_in_range", "spearman_low_at_most_spearman"}),
    ("correlations", cell("pearson_p", 1.1), {"pearson_p_in_range", "pearson_p_at_most_pearson_holm"}),
    ("correlations", cell("partial", 0.0), {"partial_low_at_most_partial"}),
    ("stage_comparison", cell("n", lambda row: row["n"] + 1), {"n_total"}),
    ("stage_comparison", cell("mean", 9.0, protection="suppressed"), {"suppressed_mean"}),
    ("stage_comparison", cell("median", 900.0, stage="systematic"), {"median_at_most_maximum"}),
    (
        "correlations",
        cell("pearson_holm", 0.0),
        {"pearson_p_at_most_pearson_holm"},
    ),
    ("stage_comparison", cell("hedges_g", 900.0, stage="systematic"), {"hedges_g_at_most_hedges_g_high"}),
    ("index_items", drop(), {"rows"}),
    ("index_items", cell("variance", 0.3), {"variance_in_range"}),
    ("reliability", drop(), {"rows"}),
    ("reliability", cell("kr20", -9.0), {"kr20_low_at_most_kr20"}),
    ("claims", cell("variants_holding", 900), {"variants_holding_at_most_variants"}),
    ("claim_variants", drop(claim="indices_correlate"), {"rows"}),
    ("coverage", cell("respondents", 900, grouped_by="total"), {"respondents_at_most_population", "respondents_total"}),
    ("coverage", cell("respondents", 1, protection="suppressed"), {"suppressed_respondents"}),
    ("printed_statistics", cell("value", 0.99, subject="benefit.trust"), {"value_at_most_high"}),
    ("groups", double(), {"key"}),
    ("groups", cell("accepted", lambda row: row["accepted"] + 1), {"accepted_total"}),
    ("group_counts", drop(field="services"), {"rows"}),
    ("group_counts", double(field="services", option="other"), {"key"}),
    ("group_counts", cell("group_name", "stranger"), {"known_groups"}),
    ("group_counts", every("option", "book_day", "stranger"), {"options_of_annual_events"}),
    ("group_counts", cell("count", 0, protection="suppressed"), {"suppressed_count"}),
    ("group_counts", cell("asked", 0, protection="none"), {"answered_at_most_asked"}),
    ("option_trends", alone(OPTION_TREND), {"edition"}),
    ("index_trends", alone(INDEX_TREND), {"edition"}),
    ("report_tables", drop(report_table="annual_events"), {"rows_of_annual_events"}),
    ("report_tables", every("report_table", "annual_events", "x"), {"declared_tables", "rows_of_annual_events"}),
]


@pytest.mark.parametrize(("name", "change", "expected"), BROKEN, ids=[f"{row[0]}-{min(row[2])}" for row in BROKEN])
def test_a_broken_table_fails_what_is_meant_and_nothing_else(name: str, change: Change, expected: set[str]) -> None:
    report = judged(name, change(published()[name].copy()))
    assert names(report) == expected
    assert all(result.en in report.message.en and result.zh in report.message.zh for result in report.failed)


def test_a_library_is_counted_once() -> None:
    frame = published()["submissions"].copy()
    first, second = rows(frame, {"status": "accepted"})[:2]
    frame.loc[second, "library_id"] = frame.loc[first, "library_id"]
    report = judged("submissions", frame)
    assert names(report) == {"one_accepted_a_library"}
    assert [(result.rows, result.unexpected) for result in report.failed] == [(122, 2)]


def test_every_published_table_is_broken_once() -> None:
    assert {name for name, _, _ in BROKEN} == set(CONTRACTS)


def test_an_edition_of_which_nothing_counts_is_as_expected() -> None:
    nothing = {**published(), "submissions": published()["submissions"].assign(status="quarantined")}
    nothing |= {name: published()[name].iloc[:0] for name in ("selections", "answers", "index_scores")}

    def look_at(name: str) -> Any:
        return as_table(in_contract(name, nothing[name]) if name in CONTRACTS else nothing[name])

    for name in ("selections", "answers", "index_scores"):
        suite = suite_of(name, CONTRACTS[name], SURVEY, look_at)
        assert judge(suite, look_at(name), AT).holds, name


def test_only_named_columns_are_read() -> None:
    columns = {name: set(suite_of(name, CONTRACTS[name], SURVEY, look).columns) for name in CONTRACTS}
    assert "text" not in columns["answers"]
    assert not {"before", "after"} & columns["repairs"]
    assert not {"name_zh", "name_en"} & columns["libraries"]


def test_shares_never_leave_their_intervals() -> None:
    """The order of low, share and high is a blocking expectation, so arithmetic must not break it."""
    for asked in (1, 2, 3, 7, 122):
        for count in range(asked + 1):
            low, high = statistics.wilson(count, asked) or (0, 0)
            assert 0 <= low <= count / asked <= high <= 1


def last_year(**shares: float) -> pd.DataFrame:
    """Last year's option_counts: as this year's, but for the share of some options of `services`."""
    frame = published()["option_counts"].assign(edition="2022")
    for option, share in shares.items():
        place = rows(frame, {"field": "services", "option": option})
        frame.loc[place, ["share", "low", "high"]] = [share, max(share - 0.09, 0), min(share + 0.09, 1)]
    return frame


def drift(last: pd.DataFrame | None) -> Report:
    before = None if last is None else as_table(last)
    return judge(*drift_of(look("option_counts"), before, SURVEY, CONTRACTS["option_counts"]), AT)


def share_of(option: str) -> float:
    counts = published()["option_counts"]
    return float(counts.loc[rows(counts, {"field": "services", "option": option})[0], "share"])


def middling() -> str:
    """An option of `services` that has room to move both ways."""
    return next(name for name in SURVEY.questions["services"].options if 0.3 < share_of(name) < 0.7)


@pytest.mark.parametrize(("moved", "drifted"), [(0.29, True), (-0.29, True), (0.19, False), (0.0, False)])
def test_a_share_that_moved_further_than_declared_warns(moved: float, drifted: bool) -> None:
    report = drift(last_year(**{middling(): share_of(middling()) + moved}))
    assert names(report) == ({"drift_of_services"} if drifted else set())
    assert report.severity == "warning"
    assert "since 2022" in report.results[0].en
    assert "2022 年度" in report.results[0].zh


def test_a_move_that_chance_explains_does_not_warn() -> None:
    last = last_year(**{middling(): share_of(middling()) + 0.29})
    last.loc[rows(last, {"field": "services", "option": middling()}), ["low", "high"]] = [0.0, 1.0]
    assert drift(last).holds


def test_only_what_both_years_ask_is_compared() -> None:
    last = last_year()
    last = last[last["field"].isin(["services", "stage"])]
    last.loc[rows(last, {"field": "stage"}), ["share", "low", "high"]] = None
    assert [result.name for result in drift(last).results] == ["drift_of_services"]


def test_without_an_earlier_edition_there_is_nothing_to_compare() -> None:
    report = drift(None)
    assert report.holds
    assert report.message.en == "there is nothing to compare with"


CANARIES = ("欧阳修远", "13912345678", "canary-of-free-text")


@cache
def planted() -> list[Report]:
    """Reports on tables that hold a canary in every cell: most expectations fail or cannot be judged."""
    reports = []
    for name in CONTRACTS:
        frame = published()[name].astype(object)
        for n, column in enumerate(frame.columns):
            frame[column] = CANARIES[n % len(CANARIES)]
        suite = suite_of(name, CONTRACTS[name], SURVEY, look)
        reports.append(judge(suite, as_table(frame.astype(str)), AT))
    counts = as_table(last_year().assign(option=CANARIES[2], edition=EDITION))
    suite = Suite("cannot_be_judged", "option_counts", EDITION, [])
    for column in ("option", "field"):
        total = expectation.total(f"{column}_total", column, 1, Words(en="A total.", zh="合计。"))
        suite = Suite(suite.name, suite.table, EDITION, [*suite.expectations, total])
    return [*reports, judge(suite, counts, AT)]


def test_no_value_reaches_a_page_a_result_or_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    planted.cache_clear()
    with caplog.at_level(logging.DEBUG):
        reports = planted()
    for report in reports:
        assert report.failed or published()[report.table].empty, report.suite
        site.publish(tmp_path, report)
    said = "".join(f"{report!r}{report.message}{report.figures}" for report in reports)
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert len(written) == 2 * len(reports) + 1
    everything = b"".join([*written, said.encode(), "".join(capfd.readouterr()).encode(), caplog.text.encode()])
    for canary in CANARIES:
        forms = {canary, ascii(canary)[1:-1], canary[:8]}
        assert not [form for form in forms if form.encode() in everything]


def test_the_log_of_the_library_goes_nowhere() -> None:
    """It quotes exceptions, and those may quote cells. (pytest's own capture also listens below the root.)"""
    judged("editions", published()["editions"])
    heard: list[logging.LogRecord] = []
    listener = logging.Handler()
    listener.emit = heard.append  # type: ignore[method-assign]
    logging.getLogger().addHandler(listener)
    logging.getLogger("great_expectations.validator.validation_graph").error(CANARIES[0])
    logging.getLogger().removeHandler(listener)
    assert not heard


def test_an_expectation_that_cannot_be_judged_does_not_hold() -> None:
    report = planted()[-1]
    assert names(report) == {"option_total", "field_total"}
    assert all(result.rows is None and result.unexpected is None for result in report.failed)


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    docs = tmp_path_factory.mktemp("docs")
    hostile = Result(en="<script>alert(1)</script> `a<b`", zh="<img src=x>", name="x", kind="K", holds=False)
    one = {"table": "t", "severity": "critical", "engine": "e", "at": AT}
    site.publish(docs, Report(suite="bad", edition="2030", results=(hostile,), **one))
    site.publish(docs, Report(suite="none", edition="2030", results=(), **one))
    for name in ("option_counts", "selections"):
        site.publish(docs, judged(name, published()[name]))
    return docs


def test_the_site_needs_nothing_from_elsewhere(docs: Path) -> None:
    pages = sorted(docs.rglob("*.html"))
    assert len(pages) == 5
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"//|<script|<link|<img|@import|url\(", text), page
        targets = re.findall(r'(?:href|src)="([^"]*)"', text)
        assert targets
        assert all((page.parent / target).is_file() for target in targets)


def test_the_site_escapes_what_it_is_given(docs: Path) -> None:
    text = (docs / "2030" / "bad.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <code>a&lt;b</code>" in text
    assert "&lt;img src=x&gt;" in text


def test_the_index_lists_every_suite_failed_ones_first(docs: Path) -> None:
    text = (docs / site.INDEX).read_text(encoding="utf-8")
    assert re.findall(r"<h2>(.*)</h2>", text) == ["2030", EDITION]
    assert re.findall(r'href="([^"]*)"', text) == [
        *("2030/bad.html", "2030/none.html", f"{EDITION}/option_counts.html", f"{EDITION}/selections.html")
    ]
    assert "2026-11-24 09:30 UTC" in text


def test_a_report_of_an_older_version_does_not_stand_in_the_way(docs: Path, tmp_path: Path) -> None:
    docs = Path(shutil.copytree(docs, tmp_path / "docs"))
    (docs / "2030" / "bad.json").write_text("{}", encoding="utf-8")
    site.publish(docs, judged("editions", published()["editions"]))
    text = (docs / site.INDEX).read_text(encoding="utf-8")
    assert "bad.html" not in text
    assert "editions.html" in text
