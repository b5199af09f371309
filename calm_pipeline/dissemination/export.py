"""An export as a folder: the data in one format and beside them codebook, citation, README and checksums."""

import errno
import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from calm_pipeline import store
from calm_pipeline.dissemination import coding, delimited, spss, stata
from calm_pipeline.dissemination.citation import citation
from calm_pipeline.dissemination.codebook import DataFile, codebook
from calm_pipeline.dissemination.datapackage import datapackage
from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.matrix import Matrix, matrix
from calm_pipeline.dissemination.readme import readme
from calm_pipeline.dissemination.refusals import DISSEMINATION, FORMATS, LANGUAGES, OF_TABLES
from calm_pipeline.dissemination.variables import Variable, variables
from calm_pipeline.dissemination.workbook import edition_workbook
from calm_pipeline.errors import CalmError
from calm_pipeline.survey import Words

SUMS = "SHA256SUMS"
_WIDE = Words(en="The accepted submissions, one row each.", zh="有效答卷，每份一行。")
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR)
CODINGS = {"sav": coding.SAV, "dta": coding.DTA}


def check(to: str, language: str, *, public: bool) -> None:
    """Raise CalmError unless there is such a format and such a language, and the format can be public."""
    if to not in FORMATS:
        raise CalmError.of(DISSEMINATION, "unknown_format", given=to, known=", ".join(FORMATS))
    if language not in LANGUAGES:
        raise CalmError.of(DISSEMINATION, "unknown_language", given=language)
    if public and to not in OF_TABLES:
        raise CalmError.of(DISSEMINATION, "public_rows", given=to, known=", ".join(OF_TABLES))


def write_export(edition: Edition, to: str, language: str, folder: Path) -> list[Path]:
    """Write the export into `folder` and return its files; the same edition gives the same bytes.

    Files of the export before that are no longer part of it are removed; files of others stay. Nothing in the folder
    changes until all of the export is made.

    Raises:
        CalmError: there is no such format or language, or the folder cannot be written. Or a file of the folder would
            be replaced that no export wrote, or somebody changed; beside a public export no such file may lie at all.
    """
    check(to, language, public=edition.public)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".export-", dir=folder) as draft:
            _fill(edition, to, language, Path(draft))
            return _hand_over(Path(draft), folder, public=edition.public)
    except OSError as error:
        if error.errno in _CLOSED:
            raise CalmError.of(DISSEMINATION, "export_folder", folder=folder) from None
        raise


def _fill(edition: Edition, to: str, language: str, draft: Path) -> None:
    found = variables(edition.survey)
    cells = matrix(edition, found)
    files = _WRITERS[to](edition, found, cells, language, draft)
    _write(draft / "codebook.xml", codebook(edition, found, cells, files, CODINGS.get(to, coding.TABLES), language))
    _write(draft / "CITATION.cff", citation(edition, language))
    names = sorted([*(file.name for file in draft.iterdir()), "README.txt", SUMS])
    _write(draft / "README.txt", readme(edition, to, names, language))
    sums = {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(draft.iterdir())}
    _write(draft / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sums.items()))


def _write(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8", newline="\n")


def _hand_over(draft: Path, folder: Path, *, public: bool) -> list[Path]:
    written = sorted(file.name for file in draft.iterdir())
    before = {name for name, digest in _sums(folder / SUMS).items() if _is(folder / name, digest)}
    same = {name for name in written if _is(folder / name, sha256((draft / name).read_bytes()).hexdigest())}
    own = before | same | ({SUMS} if before or same else set())
    others = {file.name for file in folder.iterdir() if file != draft} - own
    if public and others:
        raise CalmError.of(DISSEMINATION, "public_folder", folder=folder, names=", ".join(sorted(others)))
    if taken := others.intersection(written):
        raise CalmError.of(DISSEMINATION, "not_replaced", folder=folder, names=", ".join(sorted(taken)))
    for name in before.difference(written):
        (folder / name).unlink()
    for name in written:
        os.replace(draft / name, folder / name)
    return [folder / name for name in written]


def _is(file: Path, digest: str) -> bool:
    return file.is_file() and sha256(file.read_bytes()).hexdigest() == digest


def _sums(file: Path) -> dict[str, str]:
    """The files of the export before, with their digests; none that lies elsewhere."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    listed = (line.partition("  ") for line in lines)
    return {name: digest for digest, _, name in listed if name and Path(name).name == name}


def _wide(edition: Edition, found: Sequence[Variable], name: str) -> list[DataFile]:
    return [DataFile(name, _WIDE, len(edition.accepted), len(found))]


def _long(edition: Edition, name: Callable[[str], str]) -> list[DataFile]:
    return [
        DataFile(name(table), edition.contracts[table], rows.num_rows, rows.num_columns, table)
        for table, rows in edition.handed_on.items()
    ]


def _sav(edition: Edition, found: Sequence[Variable], cells: Matrix, language: str, folder: Path) -> list[DataFile]:
    name = f"{edition.file}.sav"
    spss.write_sav(edition, found, cells, language, folder / name)
    _write(folder / f"{edition.file}.sps", spss.syntax(found, language, name))
    return _wide(edition, found, name)


def _dta(edition: Edition, found: Sequence[Variable], cells: Matrix, language: str, folder: Path) -> list[DataFile]:
    name = f"{edition.file}.dta"
    stata.write_dta(edition, found, cells, language, folder / name)
    return _wide(edition, found, name)


def _xlsx(edition: Edition, _found: Sequence[Variable], _cells: Matrix, language: str, folder: Path) -> list[DataFile]:
    name = f"{edition.file}.xlsx"
    (folder / name).write_bytes(edition_workbook(edition, language))
    return _long(edition, lambda table: f"{name}#{table}")


def _csv(edition: Edition, _found: Sequence[Variable], _cells: Matrix, language: str, folder: Path) -> list[DataFile]:
    contents = {table: delimited.csv_text(rows).encode() for table, rows in edition.handed_on.items()}
    for table, content in contents.items():
        (folder / f"{table}.csv").write_bytes(content)
    _write(folder / "datapackage.json", datapackage(edition, contents, language))
    return _long(edition, lambda table: f"{table}.csv")


def _parquet(
    edition: Edition, _found: Sequence[Variable], _cells: Matrix, _language: str, folder: Path
) -> list[DataFile]:
    for table, rows in edition.handed_on.items():
        store.write(rows, edition.contracts[table], folder / f"{table}.parquet")
    return _long(edition, lambda table: f"{table}.parquet")


_Writer = Callable[[Edition, Sequence[Variable], Matrix, str, Path], list[DataFile]]
_WRITERS: dict[str, _Writer] = {"xlsx": _xlsx, "sav": _sav, "dta": _dta, "csv": _csv, "parquet": _parquet}
