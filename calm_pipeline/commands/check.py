"""`calm check`: read, clean and judge exports in memory; nothing is stored."""

from pathlib import Path

import ibis
import ibis.expr.types as ir
from rich.console import Console

from calm_pipeline import engine, validate
from calm_pipeline.clean import clean_submissions
from calm_pipeline.commands.query import say
from calm_pipeline.engine import collect
from calm_pipeline.exports.pairing import join
from calm_pipeline.exports.reader import read_file
from calm_pipeline.project import Project
from calm_pipeline.rules import verdicts
from calm_pipeline.survey import Words


def check(files: list[Path], edition: str, project: Project, out: Console) -> int:
    """Print what would become of the submissions of `files`, and every broken rule; 1 if there is one.

    Raises:
        ExportRefused: a file cannot be read, or they contradict each other.
    """
    survey, rules = project.survey(edition), project.rules(edition)
    exports = [read_file(file, survey, others=project.others(edition)) for file in files]
    for export in exports:
        for one in export.remarks:
            place = f", {one.place}" if one.place else ""
            say(out, f"{export.file}{place}: {one.code} ({one.severity})", Words(en=one.en, zh=one.zh))
    raw = join(exports, survey)
    database = engine.connect()
    last = ibis.memtable(project.said_last(edition))

    def stored(name: str, frame: ir.Table) -> ir.Table:
        return database.create_view(name, ibis.memtable(frame.to_pyarrow()))

    clean = stored("clean", clean_submissions(ibis.memtable(raw), survey, project.register()))
    broken = stored("broken", validate.violations(stored("verdicts", verdicts(clean, rules, last)), rules, survey))
    judged = stored("judged", validate.submissions(clean, broken, survey))
    statuses = collect(judged.group_by("status").agg(n=judged.count()).order_by("status"))
    parts = ", ".join(f"{row.n} would be {row.status}" for row in statuses.itertuples())
    out.print(f"{raw.num_rows} submissions: {parts}", markup=False, highlight=False, soft_wrap=True)
    found = collect(broken.join(judged.select("submission_id", "row"), "submission_id").order_by("row", "rule"))
    if found.empty:
        return 0
    sentences = {rule.id: rule.fault for rule in rules}
    for row in found.to_dict("records"):
        say(out, f"row {row['row']}: {row['rule']} ({row['severity']})", sentences[row["rule"]])
    return 1
