"""`calm export`: an edition of the warehouse as a folder for another program."""

from dataclasses import replace
from pathlib import Path

from rich.console import Console

from calm_pipeline.dissemination.edition import read
from calm_pipeline.dissemination.export import check, write_export
from calm_pipeline.project import Project
from calm_pipeline.root import digest
from calm_pipeline.usage import check_out
from calm_pipeline.vintages import connect


def export(
    edition: str, project: Project, out: Console, to: str, language: str, folder: Path | None, *, public: bool
) -> None:
    """Write the export and print its files; without a folder it lies in the warehouse.

    A public one holds no rows about single submissions or libraries.

    Raises:
        CalmError: the export cannot be made, or not there.
    """
    check(to, language, public=public)
    check_out(folder)
    root = project.root
    with connect(root) as database:
        found = read(database, project.survey(edition), digest(root.survey(edition)), project.contracts())
    target = folder or root.export(edition, to, public=public)
    for file in write_export(replace(found, public=public), to, language, target):
        out.print(str(file), markup=False, highlight=False, soft_wrap=True)
