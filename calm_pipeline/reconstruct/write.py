"""Writing a reconstruction where a real export would lie: workbooks, register, origin and a README."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import yaml

from calm_pipeline.declared import load
from calm_pipeline.exports.headers import Kind
from calm_pipeline.exports.writer import write_export
from calm_pipeline.reconstruct.readme import readme
from calm_pipeline.reconstruct.reconstruction import Reconstruction
from calm_pipeline.reconstruct.refusals import RECONSTRUCTION, ReconstructionError
from calm_pipeline.root import Root, digest
from calm_pipeline.survey import Survey

ORIGIN, README = "origin.yaml", "README.md"
TITLE = "Reconstructed from published figures; no evidence about libraries. 由公布数据重建，不反映任何真实图书馆。"
NAMES: dict[Kind, str] = {"text": "按文本", "number": "按序号"}


@dataclass(frozen=True)
class Origin:
    """What `origin.yaml` says: the SHA-256 of each file that a reconstruction wrote."""

    reconstructed: bool
    files: dict[str, str]


def write_reconstruction(root: Root, survey: Survey, made: Reconstruction) -> list[Path]:
    """Write the exports by text and by number, the register, `origin.yaml` and the README; return what was written.

    An earlier reconstruction is replaced.

    Raises:
        ReconstructionError: the folder holds other exports, or the register is another one.
    """
    folder = root.raw(survey.edition)
    folder.mkdir(parents=True, exist_ok=True)
    _make_room(root, folder, survey.edition)
    exports = [_export(folder, survey, made, kind) for kind in NAMES]
    root.register.write_text(_register(made), encoding="utf-8", newline="\n")
    digests = {file.name: digest(file) for file in (*exports, root.register)}
    origin, about = folder / ORIGIN, folder / README
    origin.write_text(
        yaml.safe_dump({"reconstructed": True, "files": digests}, allow_unicode=True, sort_keys=False),
        encoding="utf-8",
        newline="\n",
    )
    about.write_text(readme(survey, made), encoding="utf-8", newline="\n")
    return [*exports, root.register, origin, about]


def _make_room(root: Root, folder: Path, edition: str) -> None:
    """Delete the exports of an earlier reconstruction, and nothing else."""
    origin = folder / ORIGIN
    own = load(origin, Origin).files.values() if origin.exists() else ()
    standing = [*root.exports(edition), *([root.register] if root.register.exists() else [])]
    for file in standing:
        if digest(file) not in own:
            raise ReconstructionError.of(RECONSTRUCTION, "not_ours", file=file.name)
    for file in root.exports(edition):
        file.unlink()


def _export(folder: Path, survey: Survey, made: Reconstruction, kind: Kind) -> Path:
    """One workbook, named as the platform names it: the last number given, then the number of rows."""
    last, rows = made.submissions[-1].sequence, len(made.submissions)
    title = survey.title.zh.replace("/", "_")
    path = folder / f"{made.survey_id}_{NAMES[kind]}_{title}_{last}_{rows}.xlsx"
    write_export(survey, made.submissions, path, kind, title=TITLE)
    return path


def _register(made: Reconstruction) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(made.register[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(made.register)
    return out.getvalue()
