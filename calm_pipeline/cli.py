"""The command line: the outer shell, which may call everything and holds nothing that anything else needs."""

import io
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from typer.exceptions import TyperException
from typer.main import get_command

from calm_pipeline.engines import CHOSEN, Engine
from calm_pipeline.root import Root

if TYPE_CHECKING:
    from calm_pipeline.exports.headers import Kind
    from calm_pipeline.project import Project

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="From survey exports to a warehouse one can defend.",
)
person = typer.Typer(no_args_is_help=True, help="Find or erase a person; erase all whose time is over.")
vault = typer.Typer(no_args_is_help=True, help="The keys of the vault.")
app.add_typer(person, name="person")
app.add_typer(vault, name="vault")
out, err = Console(emoji=False), Console(stderr=True, emoji=False)
INTERRUPTED = 130

Edition = Annotated[str, typer.Argument(help="The edition, such as 2023: the name of its file in schemas/surveys.")]
RootOption = Annotated[
    Path | None,
    typer.Option(envvar="CALM_ROOT", help="The folder that holds schemas/ and data/.", show_default="this checkout"),
]


def main() -> None:
    """Run the command. Whatever ends it is told in both languages and without a traceback; the exit code is 1.

    A command typed the wrong way ends with 2.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what the terminal's encoding lacks is escaped
    sys.excepthook = _tell
    try:
        code = get_command(app)(standalone_mode=False)
    except TyperException as error:
        _tell_usage(error)
        code = error.exit_code
    if code == INTERRUPTED:
        _tell(KeyboardInterrupt, KeyboardInterrupt(), None)
    sys.exit(code)


def _tell_usage(error: TyperException) -> None:
    if type(error).__name__ == "NoArgsIsHelpError":
        return  # typer has printed the help already
    from calm_pipeline.usage import as_usage

    _say(as_usage(error).told)


def _tell(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """Stands in for Python's own last resort, which would print the exception with its text and the code around it."""
    from calm_pipeline.failures import as_calm

    _say(as_calm(error).told)


def _say(told: str) -> None:
    err.print(told, style="red", markup=False, highlight=False, soft_wrap=True)


@app.callback()
def choose(root: RootOption = None) -> None:
    """Choose the project folder; every command after this one finds it in CALM_ROOT."""
    if root is not None:
        os.environ["CALM_ROOT"] = str(root.resolve())


def _root() -> Root:
    root = Root.current()
    root.check()
    return root


def _all() -> "Project":
    """The project, whatever edition it is about."""
    from calm_pipeline.project import Project

    return Project(_root())


def _project(edition: str) -> "Project":
    """The project; an unknown edition and a broken declaration end the command here."""
    from calm_pipeline.project import Project

    project = Project(_root())
    project.root.check(edition)
    project.survey(edition)
    project.register()
    project.contracts()
    project.desk()
    project.corrections(edition)
    project.published(edition)
    return project


@app.command()
def editions() -> None:
    """List the editions with their titles, and whether they are published."""
    from calm_pipeline.commands.query import editions as listed
    from calm_pipeline.project import Project

    listed(Project(_root()), out)


@app.command()
def run(
    edition: Edition,
    engine: Annotated[
        Engine, typer.Option(envvar=CHOSEN, help="What computes: spark for an edition that outgrew one machine.")
    ] = Engine.duckdb,
) -> None:
    """Run an edition from its exports to the warehouse and say what came out; exit 1 if a check fails."""
    _project(edition)
    from calm_pipeline.commands.run import run as ingest

    raise typer.Exit(ingest(edition, engine, out, err))


@app.command()
def fetch(edition: Edition) -> None:
    """Bring the exports of an edition, and the register, from the object store that CALM_STORE names."""
    root = _root()
    root.check(edition)
    from calm_pipeline.commands.objects import fetch as bring
    from calm_pipeline.objects.store import required

    bring(edition, root, required(), out)


@app.command()
def push(
    verify: Annotated[bool, typer.Option("--verify", help="Read back every object of every vintage.")] = False,
) -> None:
    """Put what is published into the object store, and take out what is gone; a run does it by itself."""
    from calm_pipeline.commands.objects import push as put
    from calm_pipeline.objects.store import required

    put(_root(), required(), out, verify=verify)


@app.command()
def pull(folder: Annotated[Path, typer.Argument(help="The folder in which a folder of the vintage is made.")]) -> None:
    """Bring the current vintage from the object store, verified; needs no project. Prints where its database is."""
    from calm_pipeline.commands.objects import pull as bring
    from calm_pipeline.objects.store import required

    bring(required(), folder, out)


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
def desk(
    edition: Edition,
    submission: Annotated[
        str | None, typer.Argument(help="Only this one, with the entries of corrections.yaml to decide about it.")
    ] = None,
) -> None:
    """Show what waits for an answer, by library, oldest first, with what to do; exit 1 if there is something."""
    from calm_pipeline.commands.desk import desk as shown

    raise typer.Exit(shown(edition, _project(edition), out, submission))


@app.command()
def alerts(
    edition: Edition,
    dry_run: Annotated[
        Path | None, typer.Option(help="Write what would be sent into this folder; send nothing.")
    ] = None,
) -> None:
    """Send the alerts that are due over the channels of schemas/desk.yaml; exit 1 if a channel does not take them."""
    from calm_pipeline.commands.desk import alerts as told

    raise typer.Exit(told(edition, _project(edition), out, err, dry_run))


@app.command()
def report(
    edition: Edition,
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
    out_file: Annotated[
        Path | None, typer.Option("--out", help="The file to write.", show_default="data/warehouse/report")
    ] = None,
) -> None:
    """Write the report of an edition as one HTML file that opens offline and prints well."""
    from calm_pipeline.commands.report import report as write

    write(edition, _project(edition), out, lang, out_file)


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(help="One SQL statement.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
) -> None:
    """Ask the warehouse; it is opened for reading only."""
    from calm_pipeline.commands.query import sql as ask

    ask(statement, _root(), out, as_csv=as_csv)


@app.command()
def export(
    edition: Edition,
    to: Annotated[str, typer.Option(help="xlsx, sav (SPSS), dta (Stata), csv or parquet.")],
    lang: Annotated[str, typer.Option(help="Language of labels: en or zh.")] = "en",
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="The folder to write.", show_default="in the warehouse")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="Leave out what is about single libraries.")] = False,
) -> None:
    """Write an edition as a folder for a colleague: data, codebook (DDI), citation and checksums.

    It holds the answers of each library; with --public it is for everybody.
    """
    from calm_pipeline.commands.export import export as write

    write(edition, _project(edition), out, to, lang, out_folder, public=public)


@person.command()
def find(
    edition: Annotated[str | None, typer.Argument(help="Only this edition; all of them if it is left out.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Print the data themselves.")] = False,
) -> None:
    """Find which submissions are a person's, and where their data lie; what to look for is asked, or piped in."""
    project = _project(edition) if edition else _all()
    from calm_pipeline.commands.person import find as found

    raise typer.Exit(found(project, edition, out, show=show))


@person.command()
def erase(
    submission: Annotated[
        str | None, typer.Argument(help="A submission of the person; if it is left out, who it is is asked.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> None:
    """Erase a person everywhere: exports, vault and tables; exit 1 if a file is left that somebody must look at."""
    from calm_pipeline.commands.person import erase as gone

    raise typer.Exit(gone(_all(), submission, out, err, yes=yes))


@person.command()
def expire() -> None:
    """Erase the persons of every edition whose time is over, as schemas/retention.yaml says; exit 1 as `erase` does."""
    from calm_pipeline.commands.person import expire as over

    raise typer.Exit(over(_all(), out, err))


@vault.command()
def key() -> None:
    """Print a new key. Keep it where the project's folder and its copies are not; without it nothing can be read."""
    from calm_pipeline.vault.keys import new

    out.print(new(), markup=False, highlight=False, soft_wrap=True)


@vault.command()
def rotate() -> None:
    """Encrypt every vault with the first of the keys, so that the others can be dropped."""
    from calm_pipeline.commands.person import rotate as again

    raise typer.Exit(again(_all(), out))


@app.command()
def vintages(
    verify: Annotated[bool, typer.Option("--verify", help="Look at every byte of every vintage.")] = False,
    log: Annotated[
        str | None, typer.Option(metavar="EDITION", help="What became of each submission of an edition, and why.")
    ] = None,
) -> None:
    """List what was published: when, what it holds, what made it; with --verify exit 1 if anything is wrong with it."""
    from calm_pipeline.commands import vintages as command

    root = _root()
    if log is not None:
        command.log(root, log, out)
    if verify:
        raise typer.Exit(command.verify(root, out))
    if log is None:
        command.vintages(root, out)


@app.command()
def diff(
    one: Annotated[str, typer.Argument(help="A vintage: its number, its id, or `current`.")],
    other: Annotated[str, typer.Argument(help="The vintage to compare it with.")] = "current",
    table: Annotated[str | None, typer.Option(help="Only this table.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write every changed cell to this file.")] = None,
) -> None:
    """Compare two vintages: each changed cell of every published table, and its cause; exit 1 if any differs."""
    from calm_pipeline.commands.vintages import diff as compare
    from calm_pipeline.project import Project

    raise typer.Exit(compare(Project(_root()), (one, other), table, csv, out))


@app.command()
def reconstruct(edition: Edition) -> None:
    """Write the synthetic export that reproduces the published figures of an edition."""
    from calm_pipeline.commands.synthetic import reconstruct as write

    write(edition, _project(edition), out, err)


@app.command()
def simulate(
    edition: Edition,
    to: Annotated[Path, typer.Option(help="A folder that does not exist yet; it becomes a project root of its own.")],
    submissions: Annotated[int, typer.Option(min=1, help="How many.")] = 10_000,
    malformed: Annotated[float, typer.Option(min=0, max=0.4, help="Which share must not count, about.")] = 0.03,
    seed: Annotated[int, typer.Option(help="The same one gives the same submissions.")] = 1,
    kind: Annotated[
        Literal["text", "number", "both"], typer.Option(help="By text, by number, or one of each.")
    ] = "text",
    form: Annotated[Literal["csv", "xlsx"], typer.Option(help="One csv, or workbooks of 50,000 rows.")] = "csv",
) -> None:
    """Write any number of plausible submissions, drawn from the reconstruction of an edition."""
    from calm_pipeline.commands.synthetic import simulate as write

    kinds: tuple[Kind, ...] = ("text", "number") if kind == "both" else (kind,)
    write(edition, _project(edition), to, submissions, malformed, seed, kinds, form, out, err)


@app.command()
def schema() -> None:
    """Write schemas/survey.schema.json, by which editors check a survey file while it is written."""
    from calm_pipeline.survey.schema import write_schema

    out.print(str(write_schema(_root().path / "schemas" / "survey.schema.json")), markup=False)


@app.command()
def errors(
    code: Annotated[str | None, typer.Argument(help="One code; all of them if it is left out.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write docs/errors.md instead of printing.")] = False,
) -> None:
    """Explain the errors: place, cause and remedy of each code, in both languages."""
    from calm_pipeline import catalogue

    if write:
        out.print(str(catalogue.write(_root().path / "docs" / "errors.md")), markup=False)
    else:
        text = catalogue.markdown() if code is None else catalogue.described(code)
        out.print(text, markup=False, highlight=False, soft_wrap=True)
