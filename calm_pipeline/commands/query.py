"""`calm sql`, `calm reconcile` and the summary after a run: everything that only reads the warehouse."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Column, Table

from calm_pipeline.errors import CalmError
from calm_pipeline.escape import csv_line, formula_safe
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.survey import Words
from calm_pipeline.text import visible
from calm_pipeline.vintages import connect, current
from calm_pipeline.warehouse import WAREHOUSE, answering

QUESTIONS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
ROWS = 10_000
"""As many as a person may read, and as are held in memory at once."""
STATUSES = ("accepted", "quarantined", "duplicate", "dropped")


def sql(statement: str, root: Root, out: Console, *, as_csv: bool = False) -> None:
    """Print the result of one statement.

    Raises:
        CalmError: the statement cannot be answered.
    """
    with connect(root) as database, answering():
        statements = database.extract_statements(statement)
        if len(statements) != 1:
            raise CalmError.of(WAREHOUSE, "one_statement")
        if statements[0].type not in QUESTIONS:
            raise CalmError.of(WAREHOUSE, "no_question")
        relation = database.sql(statement)
        if relation is not None and as_csv:
            _write(relation)
        elif relation is not None:
            _print(relation, out)


def _write(relation: duckdb.DuckDBPyRelation) -> None:
    """The rows as csv, some at a time; on a terminal nothing in them steers it."""
    shown = visible if sys.stdout.isatty() else str
    sys.stdout.write(shown(_line(relation.columns)))
    while rows := relation.fetchmany(ROWS):
        sys.stdout.writelines(shown(_line(row)) for row in rows)


def _line(row: Sequence[Any]) -> str:
    """One line of csv. Text in it cannot become a formula in whatever program opens the file; numbers stay numbers."""
    return csv_line([formula_safe(value) if isinstance(value, str) else value for value in row])


def _print(relation: duckdb.DuckDBPyRelation, out: Console) -> None:
    table = folding(*relation.columns)
    rows = relation.fetchmany(ROWS)
    for row in rows:
        table.add_row(*("" if value is None else visible(str(value)) for value in row))
    out.print(table, markup=False)
    if len(rows) == ROWS and relation.fetchone():
        words = Words(en=f"only the first {ROWS} rows; --csv gives all", zh=f"仅显示前 {ROWS} 行；加 --csv 可取得全部")
        say(out, "...", words)


def say(out: Console, head: str, sentence: Words) -> None:
    """A headline and, below it, a sentence in both languages."""
    for line in (head, f"    {sentence.en}", f"    {sentence.zh}"):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def folding(*names: str) -> Table:
    """A table that breaks long cells instead of cutting them."""
    return Table(*(Column(name, overflow="fold") for name in names))


def editions(project: Project, out: Console) -> None:
    """Print every edition, how many exports it has and whether it is published."""
    now = current(project.root)
    published = now.manifest.editions if now else {}
    table = folding("edition", "title", "标题", "exports", "published")
    for edition in project.root.editions:
        title = project.survey(edition).title
        there = "yes" if edition in published else "no"
        table.add_row(edition, title.en, title.zh, str(len(project.root.exports(edition))), there)
    out.print(table, markup=False)


def rules(edition: str, project: Project, out: Console) -> None:
    """Print every edit rule with its sentence in both languages and how many submissions break it."""
    now = current(project.root)
    there = now is not None and edition in now.manifest.editions
    broken = Counter(now.table("violations", edition)["rule"].to_pylist() if now and there else ())
    for rule in project.rules(edition):
        fired = f", broken by {broken[rule.id]}" if there else ""
        say(out, f"{rule.id} ({rule.severity}{fired})", rule.sentence)
        if rule.questions:
            out.print(f"    {', '.join(rule.questions)}", markup=False, highlight=False, soft_wrap=True)


def reconcile(edition: str, root: Root, out: Console) -> int:
    """Print every figure that was not reproduced and the totals; 1 if one differs or there is nothing to compare."""
    with connect(root) as database:
        rows = database.execute(
            "SELECT line, figure, published, computed, verdict FROM reconciliation WHERE edition = ?"
            " ORDER BY line, figure",
            [edition],
        ).fetchall()
    table = folding("line", "figure", "published", "computed", "verdict")
    for row in rows:
        if row[-1] != "reproduced":
            table.add_row(*("" if value is None else str(value) for value in row))
    if table.row_count:
        out.print(table, markup=False)
    out.print(verdict(edition, rows), highlight=False, soft_wrap=True)
    return 1 if not rows or any(row[-1] == "differs" for row in rows) else 0


def verdict(edition: str, rows: list[tuple[object, ...]]) -> str:
    """The reconciliation in one line."""
    if not rows:
        return f"{edition}: the warehouse has no published figures to compare with"
    counts = {name: sum(row[-1] == name for row in rows) for name in ("reproduced", "differs", "not derivable")}
    parts = [f"{counts['reproduced']} of {len(rows)} published figures reproduced", f"{counts['differs']} differ"]
    return f"{edition}: " + ", ".join([*parts, f"{counts['not derivable']} not derivable from the tables"])


def summary(edition: str, root: Root, out: Console) -> None:
    """What was received and what became of it, the correlations, the reconciliation, and where the warehouse is."""
    with connect(root) as database:

        def ask(statement: str) -> list[tuple[Any, ...]]:
            return database.execute(statement, [edition]).fetchall()

        grouped = ask("SELECT status, count(*) FROM submissions WHERE edition = ? GROUP BY status")
        pairs = ask(
            "SELECT index_a, index_b, pearson, pearson_low, pearson_high, n FROM correlations"
            " WHERE edition = ? AND definition = 'sum' ORDER BY ALL"
        )
        figures = ask("SELECT figure, verdict FROM reconciliation WHERE edition = ?")
        made = ask("SELECT reconstructed FROM editions WHERE edition = ?")
    counts: dict[str, int] = dict(grouped)
    received = sum(counts.values())
    parts = ", ".join(f"{counts.get(status, 0)} {status}" for status in STATUSES)
    out.print(f"{edition}: {received} submissions received: {parts}", highlight=False, soft_wrap=True)
    if made and made[0][0]:
        out.print(
            "These answers are reconstructed from published figures; they are no evidence about libraries.",
            soft_wrap=True,
        )
    for one, other, r, low, high, n in pairs:
        interval = "no interval" if low is None else f"95% [{low:.3f}, {high:.3f}]"
        out.print(
            f"  {one} and {other}: " + ("r undefined" if r is None else f"r = {r:.2f}, {interval}, n = {n}"),
            highlight=False,
        )
    out.print(verdict(edition, figures), highlight=False, soft_wrap=True)
    out.print(f"warehouse: {root.database}", soft_wrap=True, highlight=False, markup=False)
