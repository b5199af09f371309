"""`calm reconstruct`: the synthetic export of an edition, written where a real one would lie."""

from rich.console import Console

from calm_pipeline.project import Project
from calm_pipeline.reconstruct import reconstruct as draw
from calm_pipeline.reconstruct import write_reconstruction


def reconstruct(edition: str, project: Project, out: Console, err: Console) -> int:
    """Write the export; 1 if the edition has no published figures to reconstruct it from."""
    published = project.published(edition)
    if published is None:
        err.print(f"schemas/published/{edition}.yaml does not exist, so there is nothing to reconstruct", style="red")
        return 1
    with err.status("fitting the published figures"):
        made = draw(project.survey(edition), published)
    for file in write_reconstruction(project.root, project.survey(edition), made):
        out.print(str(file.relative_to(project.root.path)), highlight=False)
    return 0
