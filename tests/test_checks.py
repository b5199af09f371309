"""Findings between stages that need no whole run to be seen: what became of the report after it was printed."""

from datetime import date, datetime

import ibis
import pyarrow as pa
import pytest

from calm_pipeline.checks import reproduces_the_report, since_the_report

CLOSES = date(2031, 6, 30)


def reconciled(*verdicts: str) -> ibis.Table:
    return ibis.memtable(pa.table({"figure": [f"f{n}" for n, _ in enumerate(verdicts)], "verdict": list(verdicts)}))


@pytest.mark.parametrize(
    ("decision", "fits", "submitted", "since"),
    [
        ("withdrawn", True, datetime(2031, 5, 9), 1),
        ("withdrawn", False, datetime(2031, 5, 9), 0),
        ("confirmed", True, datetime(2031, 6, 30, 23, 59), 0),
        ("confirmed", True, datetime(2031, 7, 1), 1),
        ("withdrawn", True, datetime(2031, 7, 1), 2),
    ],
)
def test_what_changed_after_the_report(decision: str, fits: bool, submitted: datetime, since: int) -> None:
    corrections = ibis.memtable(pa.table({"decision": [decision], "fits": [fits]}))
    rows = {"status": ["accepted", "quarantined"], "submitted_at": [submitted, datetime(2031, 8, 1)]}
    submissions = ibis.memtable(pa.table(rows))
    assert since_the_report(corrections, submissions, CLOSES) == since


def test_a_difference_is_mild_only_if_something_changed_since() -> None:
    strict, mild = (reproduces_the_report(reconciled("reproduced", "differs"), since) for since in (0, 1))
    assert (strict.holds, strict.mild, mild.holds, mild.mild) == (False, False, False, True)
    assert "1 submissions were withdrawn, or came late" in mild.sentence.en
    assert reproduces_the_report(reconciled("reproduced"), 1).holds
