"""`calm report`: the report of an edition as one HTML file."""

from pathlib import Path

from rich.console import Console

from calm_pipeline.project import Project
from calm_pipeline.reporting import report as write
from calm_pipeline.usage import check_out


def report(edition: str, project: Project, out: Console, lang: str, file: Path | None) -> None:
    """Write the report and say where it is.

    Raises:
        CalmError: it cannot be written.
    """
    check_out(file)
    out.print(str(write(project, edition, lang, file)), markup=False, highlight=False, soft_wrap=True)
