"""Simulated roots: one folder a size, with the task that all contenders read."""

from pathlib import Path

from benchmarks.task import write_task
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.simulate import simulate


def simulated(checkout: Path, to: Path, submissions: int, edition: str = "2023") -> Path:
    """A root with so many simulated submissions, as one csv by text."""
    project = Project(Root(checkout))
    published = project.published(edition)
    if published is None:
        raise ValueError("the edition has no published figures to draw from")
    survey, rules = project.survey(edition), project.rules(edition)
    simulate(project.root, to, survey, published, rules, submissions=submissions)
    write_task(to, Project(Root(to)).survey(edition))
    return to
