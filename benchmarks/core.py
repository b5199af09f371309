"""The engine's own stages on a root, composed as in assets/ but without an orchestrator."""

import sys
from itertools import combinations
from pathlib import Path

import ibis
import ibis.expr.types as ir

from benchmarks.found import Found
from calm_pipeline import clean, marts, normalize, rules, statistics, store, validate
from calm_pipeline.engine import collect, connect
from calm_pipeline.marts.correlations import wide_scores
from calm_pipeline.project import Project
from calm_pipeline.root import Root, digest
from calm_pipeline.survey import Survey


class Stages:
    """Stores what a stage makes and hands the stored table to the next one."""

    def __init__(self, project: Project, edition: str, found: Found) -> None:
        self.project, self.edition, self.found, self.engine = project, edition, found, connect()

    def put(self, name: str, frame: store.Frame) -> ir.Table:
        """Store the table of that name and read it back."""
        file = self.project.file(name, self.edition)
        store.write(frame, self.project.contract(name, self.edition), file)
        stored = store.read(self.engine, file, digest(file))
        self.found.lap(name)
        return stored


def run(root: Path, edition: str) -> Found:
    """From the export to option counts, index scores and their correlations."""
    found, project = Found(), Project(Root(root))
    stages, survey, book = Stages(project, edition, found), project.survey(edition), project.rules(edition)
    register = project.register()
    found.lap("declarations")
    received = project.received(edition)
    found.lap("received")
    raw = stages.put("raw_submissions", received.rows())
    by_number = clean.given_by_number(raw, survey)
    frame = clean.clean_submissions(raw, survey, register, by_number=by_number)
    cleaned, listed = stages.put("clean_submissions", frame), register.libraries
    del register, frame  # as in a run, where each asset reads what it needs
    stages.put("repairs", clean.repairs(raw, cleaned, survey))
    last = ibis.memtable(project.said_last(edition))
    verdicts = stages.put("verdicts", rules.verdicts(cleaned, book, last))
    violations = stages.put("violations", validate.violations(verdicts, book, survey))
    submissions = stages.put("submissions", validate.submissions(cleaned, violations, survey))
    accepted = stages.put("accepted_submissions", validate.accepted(cleaned, submissions))
    selections = stages.put("selections", normalize.selections(accepted, survey))
    stages.put("answers", normalize.answers(accepted, survey))
    libraries = stages.put("libraries", normalize.libraries(listed, survey))
    counts = stages.put("option_counts", marts.option_counts(selections, libraries, survey))
    ticks = stages.put("index_ticks", marts.index_ticks(selections, survey))
    scores = stages.put("index_scores", marts.index_scores(ticks))
    _figures(found, submissions, counts, scores, survey)
    return found


def _figures(found: Found, submissions: ir.Table, counts: ir.Table, scores: ir.Table, survey: Survey) -> None:
    statuses = collect(submissions.group_by("status").agg(n=submissions.count()))
    found.statuses(dict(zip(statuses["status"], statuses["n"], strict=True)))
    rows = collect(counts.select("question", "option", "asked", "answered", "count"))
    found.options(rows.itertuples(index=False, name=None))
    found.correlations(_pearson(scores, survey))
    found.lap("correlations")


def _pearson(scores: ir.Table, survey: Survey) -> list[tuple[str, str, str, float]]:
    rows = []
    for definition in marts.DEFINITIONS:
        wide = wide_scores(scores, survey, definition)
        for a, b in combinations(survey.indices, 2):
            both = wide[[a, b]].dropna()
            r = statistics.pearson(both[a].to_numpy(), both[b].to_numpy()).value
            rows.append((definition, a, b, float("nan") if r is None else r))
    return rows


if __name__ == "__main__":
    run(Path(sys.argv[1]), "2023").write(Path(sys.argv[2]))
