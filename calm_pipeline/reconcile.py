"""The published report against the warehouse: one row a printed figure, with a verdict."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatchmethod

import ibis.expr.types as ir
import pandas as pd

from calm_pipeline.engine import collect, value
from calm_pipeline.published import (
    Ahead,
    Bottom,
    Complement,
    LibrariesAbove,
    MoreThan,
    Published,
    Respondents,
    Rest,
    RowsAbove,
    Said,
    Share,
    Staff,
    Statement,
    Top,
)
from calm_pipeline.report_tables import coefficient, percent
from calm_pipeline.survey import Survey, Words

REPRODUCED, DIFFERS, NOT_DERIVABLE = "reproduced", "differs", "not derivable"
Pair = tuple[str, str | None]


@dataclass(frozen=True)
class Computed:
    """What the pipeline computed, as far as the report's figures need it."""

    survey: Survey
    counts: pd.DataFrame
    correlations: pd.DataFrame
    stages: pd.DataFrame
    staff_least: int | None

    @classmethod
    def from_tables(
        cls,
        survey: Survey,
        counts: ir.Table,
        correlations: ir.Table,
        stages: ir.Table,
        submissions: ir.Table,
        libraries: ir.Table,
    ) -> "Computed":
        """Collect the marts; `staff_least` is the smallest staff of a library that counts."""
        kept = libraries.semi_join(submissions.filter(submissions.status == "accepted"), "library_id")
        least = value(kept.staff_count.min())
        return cls(survey, collect(counts), collect(correlations), collect(stages), least)

    def count(self, question: str, *options: str) -> int:
        rows = self.counts[(self.counts["field"] == question) & self.counts["option"].isin(options)]
        return int(rows["count"].sum())

    def asked(self, question: str) -> int:
        rows = self.counts[self.counts["field"] == question]
        return int(rows["asked"].max()) if len(rows) else 0

    def ranking(self, question: str) -> list[str]:
        """The question's options but Others, most frequent first, ties in the order of the questionnaire."""
        options = self.survey.questions[question].options
        listed = [key for key, option in options.items() if option.role != "other"]
        return sorted(listed, key=lambda key: -self.count(question, key))

    def pair(self, one: str, other: str) -> str | None:
        if one == other:
            return "1.00"
        sums = self.correlations[self.correlations["definition"] == "sum"]
        found = sums[[{a, b} == {one, other} for a, b in zip(sums["index_a"], sums["index_b"], strict=True)]]["pearson"]
        return None if found.empty or found.isna().any() else coefficient(found.iloc[0])

    @singledispatchmethod
    def derive(self, statement: Statement) -> Pair:
        """The statement's figure as published and as computed; None where the tables cannot tell."""
        raise NotImplementedError(type(statement).__name__)

    @derive.register
    def _(self, said: Respondents) -> Pair:
        return str(said.count), str(self.counts["accepted"].max())

    @derive.register
    def _(self, said: Staff) -> Pair:
        if self.staff_least is None:
            return f"≥ {said.at_least}", None
        return f"≥ {said.at_least}", f"≥ {min(said.at_least, self.staff_least)}"

    @derive.register
    def _(self, said: Share) -> Pair:
        count = self.count(said.question, said.option)
        return f"{said.count} ({said.percent})", f"{count} ({percent(count, self.asked(said.question))})"

    @derive.register
    def _(self, said: Complement) -> Pair:
        return str(said.count), str(self.asked(said.question) - self.count(said.question, said.option))

    @derive.register
    def _(self, said: MoreThan) -> Pair:
        share = self.count(said.question, said.option) / max(self.asked(said.question), 1)
        return f"> {said.share:.0%}", f"> {said.share:.0%}" if share > said.share else f"{share:.2%}"

    @derive.register
    def _(self, said: Top) -> Pair:
        top = self.ranking(said.question)[: len(said.options)]
        return _listed(said.options, ordered=said.ordered), _listed(top, ordered=said.ordered)

    @derive.register
    def _(self, said: Bottom) -> Pair:
        return _listed(said.options), _listed(self.ranking(said.question)[-len(said.options) :])

    @derive.register
    def _(self, said: RowsAbove) -> Pair:
        rows = self.counts[self.counts["field"] == said.question]
        return str(said.count), str(int((rows["share"] > said.share).sum()))

    @derive.register
    def _(self, said: LibrariesAbove) -> Pair:
        return f"> {said.share:.0%} of libraries tick > {said.options}", None

    @derive.register
    def _(self, said: Rest) -> Pair:
        count = self.count(said.question, *said.options)
        return f"{said.count} ({said.percent})", f"{count} ({percent(count, self.asked(said.question))})"

    @derive.register
    def _(self, said: Ahead) -> Pair:
        sums = self.stages[(self.stages["definition"] == "sum") & (self.stages["stage"] == said.stage_option)]
        ahead = sorted(sums[sums["difference"] > 0]["index_name"])
        return ", ".join(sorted(self.survey.indices)), ", ".join(ahead)

    @derive.register
    def _(self, said: Said) -> Pair:
        return said.says.en, None


def _listed(options: tuple[str, ...] | list[str], *, ordered: bool = False) -> str:
    return " > ".join(options) if ordered else ", ".join(sorted(options))


def reconcile(published: Published | None, computed: Computed) -> pd.DataFrame:
    """Compare every printed figure; one row each, in the order of the report."""
    rows = [] if published is None else [*_tables(published, computed), *_matrix(published, computed)]
    rows += [] if published is None else _statements(published, computed)
    return pd.DataFrame(rows).assign(edition=computed.survey.edition) if rows else pd.DataFrame()


def _row(figure: str, kind: str, line: int, says: Words, pair: Pair) -> dict[str, object]:
    published, value = pair
    verdict = NOT_DERIVABLE if value is None else REPRODUCED if value == published else DIFFERS
    return {
        "figure": figure,
        "kind": kind,
        "line": line,
        "says_en": says.en,
        "says_zh": says.zh,
        "published": published,
        "computed": value,
        "verdict": verdict,
    }


def _tables(published: Published, computed: Computed) -> Iterator[dict[str, object]]:
    for question, rows in published.tables.items():
        for option, (count, share, line) in rows.items():
            found = computed.count(question, option)
            pair = f"{count} ({share})", f"{found} ({percent(found, computed.asked(question))})"
            yield _row(
                f"{question}.{option}", "table row", line, computed.survey.questions[question].options[option], pair
            )


def _matrix(published: Published, computed: Computed) -> Iterator[dict[str, object]]:
    for cell in published.correlations:
        one, other = computed.survey.indices[cell.row], computed.survey.indices[cell.column]
        says = Words(en=f"{one.en} and {other.en}", zh=f"{one.zh}与{other.zh}")
        pair = cell.r, computed.pair(cell.row, cell.column)
        yield _row(f"correlation.{cell.row}.{cell.column}", "correlation", cell.line, says, pair)


def _statements(published: Published, computed: Computed) -> Iterator[dict[str, object]]:
    for key, statement in published.statements.items():
        yield _row(f"statement.{key}", statement.kind, statement.line, statement.says, computed.derive(statement))
