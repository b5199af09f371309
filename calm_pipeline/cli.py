"""The command line: the outer shell, which may call everything and holds nothing that anything else needs."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from calm_pipeline.errors import CalmError
from calm_pipeline.root import Root
from calm_pipeline.survey import SurveyError

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, help="From survey exports to a warehouse one can defend."
)
out, err = Console(), Console(stderr=True)

Edition = Annotated[str, typer.Argument(help="The edition, such as 2023: the name of its file in schemas/surveys.")]


@app.callback()
def main(
    root: Annotated[
        Path | None,
        typer.Option(envvar="CALM_ROOT", help="The folder that holds schemas/ and data/.", show_default=False),
    ] = None,
) -> None:
    """Choose the project folder; every command after this one finds it in CALM_ROOT."""
    if root is not None:
        os.environ["CALM_ROOT"] = str(root.resolve())


def _fail(message: str) -> typer.Exit:
    err.print(message, style="red", markup=False, highlight=False)
    return typer.Exit(1)


def _known(edition: str) -> Root:
    root = Root.current()
    if edition not in root.editions:
        raise _fail(
            f"there is no schemas/surveys/{edition}.yaml; the editions are: {', '.join(root.editions) or 'none'}"
        )
    return root


@app.command()
def editions() -> None:
    """List the editions with their titles, and whether the warehouse has them."""
    from calm_pipeline.project import Project

    project = Project(Root.current())
    table = Table("edition", "title", "标题", "exports", "in the warehouse")
    for edition in project.root.editions:
        try:
            title = project.survey(edition).title
        except SurveyError as error:
            raise _fail(str(error)) from error
        stored = "yes" if project.file("submissions", edition).exists() else "no"
        table.add_row(edition, title.en, title.zh, str(len(project.root.exports(edition))), stored)
    out.print(table)


@app.command()
def run(edition: Edition) -> None:
    """Run an edition from its exports to the warehouse and say what came out."""
    _known(edition)
    from calm_pipeline.commands import run as running

    raise typer.Exit(running.run(edition, out, err))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="An export of the platform.")],
    edition: Annotated[str, typer.Option(help="The edition the export belongs to.")],
) -> None:
    """Validate an export without ingesting it; exit 1 if anything is wrong."""
    root = _known(edition)
    from calm_pipeline.commands import check as checking

    try:
        raise typer.Exit(checking.check(file, edition, root, out))
    except (CalmError, SurveyError) as error:
        raise _fail(str(error)) from error


@app.command()
def reconcile(edition: Edition) -> None:
    """Compare the warehouse with the published report; exit 1 if a figure differs."""
    root = _known(edition)
    from calm_pipeline.commands import query

    raise typer.Exit(query.reconcile(edition, root, out, err))


@app.command()
def sql(statement: Annotated[str, typer.Argument(help="One SQL statement.")]) -> None:
    """Ask the warehouse; it is opened for reading only."""
    from calm_pipeline.commands import query

    raise typer.Exit(query.sql(statement, Root.current(), out, err))


@app.command()
def reconstruct(edition: Edition) -> None:
    """Write the synthetic export that reproduces the published figures of an edition."""
    root = _known(edition)
    from calm_pipeline.commands import synthetic

    raise typer.Exit(synthetic.reconstruct(edition, root, out, err))


@app.command()
def schema() -> None:
    """Write schemas/survey.schema.json, by which editors check a survey file while it is written."""
    from calm_pipeline.survey.schema import write_schema

    out.print(str(write_schema(Root.current().path / "schemas" / "survey.schema.json")))
