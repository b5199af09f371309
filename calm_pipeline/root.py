"""Where things are: the folder that holds schemas/ and data/, and the one place that knows their layout."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from calm_pipeline.errors import CalmError, Entry, Message

PROJECT: dict[str, Entry] = {
    "no_project": Entry(
        Message("{folder}", "{folder}"),
        Message("this folder has no schemas/surveys", "该文件夹下没有 schemas/surveys"),
        Message("Give the project's folder with --root or CALM_ROOT", "请用 --root 或 CALM_ROOT 指定项目文件夹"),
    ),
    "unknown_edition": Entry(
        Message("schemas/surveys/{edition}.yaml", "schemas/surveys/{edition}.yaml"),
        Message("there is no such edition", "没有这个年度"),
        Message("The editions are: {known}", "现有年度：{known}"),
    ),
    "linked_folder": Entry(
        Message("data/raw/{edition}", "data/raw/{edition}"),
        Message("the folder of the exports is a link and leads elsewhere", "导出文件的文件夹是链接，指向别处"),
        Message("Make a folder and put the exports into it", "请新建文件夹，并将导出文件放入其中"),
    ),
}

EXPORTS = (".xlsx", ".xls", ".csv")
DATABASE = "calm.duckdb"


def place(table: str, edition: str) -> str:
    """Where a table of an edition lies, on the workbench as in a vintage, by its path inside."""
    return f"tables/{table}/{edition}.parquet"


@dataclass(frozen=True)
class Root:
    """A project folder. Another survey lives beside this one in a folder of its own."""

    path: Path

    @classmethod
    def current(cls) -> "Root":
        """`CALM_ROOT`, or else the checkout around the current folder, or else the one this code was installed from."""
        if named := os.environ.get("CALM_ROOT"):
            return cls(Path(named).resolve())
        here = Path.cwd()
        around = (folder for folder in (here, *here.parents) if (folder / "schemas" / "surveys").is_dir())
        return cls(next(around, Path(__file__).resolve().parents[1]))

    def check(self, edition: str | None = None) -> None:
        """Raise CalmError unless this is a project and has that edition."""
        if not self.path.joinpath("schemas", "surveys").is_dir():
            raise CalmError.of(PROJECT, "no_project", folder=self.path)
        if edition is not None and edition not in self.editions:
            raise CalmError.of(PROJECT, "unknown_edition", edition=edition, known=", ".join(self.editions) or "-")

    @property
    def editions(self) -> list[str]:
        """The editions that have a survey file, oldest first."""
        return sorted(file.stem for file in (self.path / "schemas" / "surveys").glob("*.yaml"))

    def survey(self, edition: str) -> Path:
        """The survey file of an edition."""
        return self.path / "schemas" / "surveys" / f"{edition}.yaml"

    def published(self, edition: str) -> Path:
        """The published figures of an edition; need not exist."""
        return self.path / "schemas" / "published" / f"{edition}.yaml"

    def claims(self, edition: str) -> Path:
        """What the report of an edition claims; need not exist."""
        return self.path / "schemas" / "claims" / f"{edition}.yaml"

    @property
    def tables(self) -> Path:
        """The contracts of the published tables."""
        return self.path / "schemas" / "tables.yaml"

    @property
    def groupings(self) -> Path:
        """By what figures are published by group, and how small they may be."""
        return self.path / "schemas" / "groupings.yaml"

    @property
    def views(self) -> Path:
        """The ready views of the warehouse."""
        return self.path / "schemas" / "views.yaml"

    @property
    def dictionary(self) -> Path:
        """What the data dictionary says beyond the contracts: its own tables, units, and what an empty cell means."""
        return self.path / "schemas" / "dictionary.yaml"

    @property
    def desk(self) -> Path:
        """Contact, deadlines and channels of the survey desk."""
        return self.path / "schemas" / "desk.yaml"

    @property
    def register(self) -> Path:
        """The library register."""
        return self.path / "data" / "raw" / "libraries.csv"

    def raw(self, edition: str) -> Path:
        """The folder of the exports as received."""
        return self.path / "data" / "raw" / edition

    def exports(self, edition: str) -> list[Path]:
        """The export files of an edition by name; hidden and lock files of office programs are none.

        Raises:
            CalmError: their folder is a link.
        """
        files = self._inbox(edition)
        return sorted(file for file in files if file.suffix.lower() in EXPORTS and file.name[0] not in ".~")

    def unread(self, edition: str) -> list[str]:
        """The names of files beside the exports that are none and that nobody will read."""
        known = {*self.exports(edition), self.raw(edition) / "README.md", self.raw(edition) / "origin.yaml"}
        return sorted(file.name for file in self._inbox(edition) if file not in known and not file.name.startswith("."))

    def _inbox(self, edition: str) -> list[Path]:
        folder = self.raw(edition)
        if folder.is_symlink():
            raise CalmError.of(PROJECT, "linked_folder", edition=edition)
        return list(folder.glob("*")) if folder.is_dir() else []

    def corrections(self, edition: str) -> Path:
        """What the desk decided about single submissions of an edition; need not exist."""
        return self.path / "data" / "desk" / edition / "corrections.yaml"

    def journal(self, edition: str) -> Path:
        """What happened to the alerts of an edition, an event a line; written by the pipeline, never rewritten."""
        return self.path / "data" / "desk" / edition / "journal.jsonl"

    @property
    def vaults(self) -> Path:
        """The folder of everything about persons, encrypted; nothing can rebuild what it holds of earlier exports."""
        return self.path / "data" / "vault"

    def vault(self, edition: str) -> Path:
        """The folder of the vault of an edition."""
        return self.vaults / edition

    @property
    def erasures(self) -> Path:
        """Whose data were erased: submissions, never persons."""
        return self.vaults / "erasures.jsonl"

    @property
    def unfinished(self) -> Path:
        """What an erasure that was cut off looks for; there until it has come to its end."""
        return self.vaults / "unfinished"

    @property
    def retention(self) -> Path:
        """How long what is kept, and which editions are retired."""
        return self.path / "schemas" / "retention.yaml"

    def letters(self, edition: str) -> Path:
        """The folder of the letters about malformed submissions."""
        return self.warehouse / "letters" / edition

    def export(self, edition: str, to: str, *, public: bool = False) -> Path:
        """The folder of an edition's export in a format."""
        return self.warehouse / "exports" / edition / (f"{to}-public" if public else to)

    def report(self, edition: str, lang: str) -> Path:
        """The report of an edition in one language."""
        return self.warehouse / "report" / edition / f"{lang}.html"

    @property
    def warehouse(self) -> Path:
        """The folder of everything derived: the workbench, and what was published, which nothing can make again."""
        return self.path / "data" / "warehouse"

    @property
    def vintages(self) -> Path:
        """The folder of all that was published, a folder a vintage."""
        return self.warehouse / "vintages"

    @property
    def pointer(self) -> Path:
        """The pointer to the current vintage; whoever opens more than one file resolves it once."""
        return self.warehouse / "current"

    @property
    def database(self) -> Path:
        """The DuckDB file of the current vintage."""
        return self.pointer / DATABASE

    @property
    def locks(self) -> Path:
        """Who writes: a lock for each edition, and one for publishing."""
        return self.warehouse / "locks"

    @property
    def docs(self) -> Path:
        """The Data Docs: what was found of every published table, as a static site."""
        return self.warehouse / "docs"

    def proof(self, edition: str, table: str, check: str) -> Path:
        """What a check found of the tables that lie on the workbench, and of which bytes it said so."""
        return self.warehouse / "proofs" / edition / f"{table}.{check}.json"

    def kept(self, edition: str) -> Path:
        """What was read of large exports of an edition."""
        return self.warehouse / "stages" / "received" / edition

    def parquet(self, table: str, edition: str, *, stage: bool = False) -> Path:
        """The Parquet file of a table on the workbench, where assets are made; a publish copies it from there.

        Frames between stages are kept apart from published tables.
        """
        return self.warehouse / (f"stages/{table}/{edition}.parquet" if stage else place(table, edition))


def own(file: Path) -> bool:
    """Whether a file lies where it is named and nowhere else: no link of either kind, no folder, pipe or device."""
    with suppress(FileNotFoundError):
        about = file.lstat()
        return stat.S_ISREG(about.st_mode) and about.st_nlink == 1
    return False


def received(file: Path) -> str:
    """The digest of an export; nothing is read of what leads elsewhere, and nobody waits for a pipe."""
    return digest(file) if own(file) else sha256().hexdigest()


def parts_of(file: Path) -> list[Path]:
    """The Parquet files of a table, in order: itself, or those of the folder that it is."""
    return sorted(file.glob("*.parquet")) if file.is_dir() else [file]


def digest(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal, of all parts if it has some; no file is held in memory whole."""
    if file.is_dir():
        return sha256("".join(f"{part.name} {digest(part)}\n" for part in parts_of(file)).encode()).hexdigest()
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()
