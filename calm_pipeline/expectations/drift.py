"""This year against last year: which questions moved further than is declared."""

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from calm_pipeline.engine import collect
from calm_pipeline.expectations.expectation import Expectation, Suite, between
from calm_pipeline.survey import Survey, Words
from calm_pipeline.tables import Contract


def drift_of(counts: ir.Table, last: ir.Table | None, survey: Survey, contract: Contract) -> tuple[Suite, ir.Table]:
    """The suite that compares option_counts of two editions, and the table it looks at.

    Reading: an option has drifted when its share lies further from that of the same field and option last year than
    the contract declares (0.2 is 20 percentage points), and the two 95% intervals do not overlap. Without the second
    condition a question that only eight libraries are asked would be reported every year for chance alone. Options that
    only one of the two years shows, or that nobody was asked in one of them, are not compared. Same names mean the same
    series: a changed gate shows as drift. Last year is the latest earlier edition that is stored; `last` is None, and
    the suite empty, where there is none or no distance is declared.

    The table has one row a compared option: `field`, `option`, `before` (the earlier edition) and `moved`, the
    distance, or 0 where the intervals overlap.
    """
    distance = contract.columns["share"].drift
    if last is None or distance is None:
        return Suite("drift", "option_counts", survey.edition, (), "warning"), counts
    compared = _compared(counts, last)
    expectations = list(_by_field(compared, survey, distance))
    return Suite("drift", "option_counts", survey.edition, expectations, "warning"), compared


def _compared(counts: ir.Table, last: ir.Table) -> ir.Table:
    both = counts.inner_join(last, ["field", "option"], rname="last_{name}")
    both = both.filter(both.share.notnull(), both.last_share.notnull())
    apart = (both.low > both.last_high) | (both.last_low > both.high)
    moved = ibis.ifelse(apart, (both.share - both.last_share).abs(), 0.0)
    return both.select("field", "option", before="last_edition", moved=moved)


def _by_field(compared: ir.Table, survey: Survey, distance: float) -> Iterator[Expectation]:
    fields = collect(compared.select("field", "before").distinct())
    before = dict(zip(fields["field"], fields["before"], strict=True))
    for field in survey.choices():
        if last := before.get(field.name):
            number, points = field.question.number, f"{distance * 100:g}"
            words = Words(
                en=f"Q{number} ({field.name}): since {last} no option's share moved by more than {points} points.",
                zh=f"第{number}题（{field.name}）：与 {last} 年度相比，各选项的选择比例变动不超过 {points} 个百分点。",
            )
            yield between(f"drift_of_{field.name}", "moved", (0, distance), words, ("field", field.name))
