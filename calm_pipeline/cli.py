"""The command line: the outer shell, which may call everything and holds nothing that anything else needs."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from calm_pipeline.errors import CalmError, Message
from calm_pipeline.root import Root
from calm_pipeline.survey import SurveyError

if TYPE_CHECKING:
    from calm_pipeline.project import Project

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="From survey exports to a warehouse one can defend.",
)
out, err = Console(emoji=False), Console(stderr=True, emoji=False)

Edition = Annotated[str, typer.Argument(help="The edition, such as 2023: the name of its file in schemas/surveys.")]
RootOption = Annotated[
    Path | None,
    typer.Option(envvar="CALM_ROOT", help="The folder that holds schemas/ and data/.", show_default="this checkout"),
]


def main() -> None:
    """Run the command; an error that speaks for itself is printed without a traceback, with exit code 1."""
    try:
        app()
    except (CalmError, SurveyError) as error:
        err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)


@app.callback()
def choose(root: RootOption = None) -> None:
    """Choose the project folder; every command after this one finds it in CALM_ROOT."""
    if root is not None:
        os.environ["CALM_ROOT"] = str(root.resolve())


def _root() -> Root:
    root = Root.current()
    if not root.path.joinpath("schemas", "surveys").is_dir():
        raise CalmError(
            "no_project",
            Message(str(root.path), str(root.path)),
            Message("this folder has no schemas/surveys", "该文件夹下没有 schemas/surveys"),
            Message("Give the project's folder with --root or CALM_ROOT", "请用 --root 或 CALM_ROOT 指定项目文件夹"),
        )
    return root


def _project(edition: str) -> "Project":
    """The project; an unknown edition and a broken declaration end the command here."""
    from calm_pipeline.project import Project

    project = Project(_root())
    if edition not in project.root.editions:
        known = ", ".join(project.root.editions) or "-"
        raise CalmError(
            "unknown_edition",
            Message(f"schemas/surveys/{edition}.yaml", f"schemas/surveys/{edition}.yaml"),
            Message("there is no such edition", "没有这个年度"),
            Message(f"The editions are: {known}", f"现有年度：{known}"),
        )
    project.survey(edition)
    project.register()
    project.contracts()
    project.published(edition)
    return project


@app.command()
def editions() -> None:
    """List the editions with their titles, and whether they were ingested."""
    from calm_pipeline.commands.query import editions as listed
    from calm_pipeline.project import Project

    listed(Project(_root()), out)


@app.command()
def run(edition: Edition) -> None:
    """Run an edition from its exports to the warehouse and say what came out; exit 1 if a check fails."""
    _project(edition)
    from calm_pipeline.commands.run import run as ingest

    raise typer.Exit(ingest(edition, out, err))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="One or more exports of the platform, joined into one.")],
    edition: Annotated[str, typer.Option(help="The edition the export belongs to.")],
) -> None:
    """Validate exports without ingesting them; exit 1 if one breaks a rule or cannot be read."""
    project = _project(edition)
    from calm_pipeline.commands.check import check as judge

    raise typer.Exit(judge(files, edition, project, out))


@app.command()
def reconcile(edition: Edition) -> None:
    """Compare the warehouse with the published report; exit 1 if a figure differs."""
    from calm_pipeline.commands.query import reconcile as compare

    raise typer.Exit(compare(edition, _project(edition).root, out))


@app.command()
def rules(edition: Edition) -> None:
    """List the edit rules of an edition, and how many submissions break each, where it has been run."""
    from calm_pipeline.commands.query import rules as listed

    listed(edition, _project(edition), out)


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(help="One SQL statement.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
) -> None:
    """Ask the warehouse; it is opened for reading only."""
    from calm_pipeline.commands.query import sql as ask

    raise typer.Exit(ask(statement, _root(), out, err, as_csv=as_csv))


@app.command()
def reconstruct(edition: Edition) -> None:
    """Write the synthetic export that reproduces the published figures of an edition."""
    from calm_pipeline.commands.synthetic import reconstruct as write

    raise typer.Exit(write(edition, _project(edition), out, err))


@app.command()
def schema() -> None:
    """Write schemas/survey.schema.json, by which editors check a survey file while it is written."""
    from calm_pipeline.survey.schema import write_schema

    out.print(str(write_schema(_root().path / "schemas" / "survey.schema.json")))
