"""`calm reconstruct` and `calm simulate`: synthetic exports of an edition, as many submissions as there were or any."""

from pathlib import Path

from rich.console import Console

from calm_pipeline.exports.headers import Kind
from calm_pipeline.project import Project
from calm_pipeline.published import Published
from calm_pipeline.reconstruct import ReconstructionError, write_reconstruction
from calm_pipeline.reconstruct import reconstruct as draw
from calm_pipeline.reconstruct.refusals import RECONSTRUCTION
from calm_pipeline.simulate import simulate as draw_many


def reconstruct(edition: str, project: Project, out: Console, err: Console) -> None:
    """Write the export.

    Raises:
        ReconstructionError: the edition has no published figures, or they cannot be met.
    """
    published = _published(edition, project)
    with err.status("fitting the published figures"):
        made = draw(project.survey(edition), published)
    for file in write_reconstruction(project.root, project.survey(edition), made):
        out.print(str(file.relative_to(project.root.path)), highlight=False, markup=False)


def simulate(
    edition: str,
    project: Project,
    to: Path,
    submissions: int,
    malformed: float,
    seed: int,
    kinds: tuple[Kind, ...],
    form: str,
    out: Console,
    err: Console,
) -> None:
    """Write a root folder with simulated submissions and say what was drawn.

    Raises:
        CalmError: the folder holds something, or the edition has no published figures.
    """
    published = _published(edition, project)
    with err.status("drawing submissions"):
        made = draw_many(
            project.root,
            to,
            project.survey(edition),
            published,
            project.rules(edition),
            submissions=submissions,
            malformed=malformed,
            seed=seed,
            kinds=kinds,
            form=form,
        )
    spoilt = sum(made.kinds.values())
    out.print(
        f"{to}: {submissions} simulated submissions, {spoilt} of them malformed",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _published(edition: str, project: Project) -> Published:
    published = project.published(edition)
    if published is None:
        raise ReconstructionError.of(RECONSTRUCTION, "nothing_published", edition=edition)
    return published
