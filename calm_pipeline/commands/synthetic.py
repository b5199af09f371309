"""`calm reconstruct`: the synthetic export of an edition, written where a real one would lie."""

from rich.console import Console

from calm_pipeline.project import Project
from calm_pipeline.reconstruct import ReconstructionError, write_reconstruction
from calm_pipeline.reconstruct import reconstruct as draw
from calm_pipeline.reconstruct.refusals import RECONSTRUCTION


def reconstruct(edition: str, project: Project, out: Console, err: Console) -> None:
    """Write the export.

    Raises:
        ReconstructionError: the edition has no published figures, or they cannot be met.
    """
    published = project.published(edition)
    if published is None:
        raise ReconstructionError.of(RECONSTRUCTION, "nothing_published", edition=edition)
    with err.status("fitting the published figures"):
        made = draw(project.survey(edition), published)
    for file in write_reconstruction(project.root, project.survey(edition), made):
        out.print(str(file.relative_to(project.root.path)), highlight=False)
