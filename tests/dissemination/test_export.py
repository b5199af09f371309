"""The whole export: what lies in the folder, the same bytes every time, errors in both languages, nobody's details."""

import csv
import errno
import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pyreadstat
import pytest
import yaml
from python_calamine import CalamineWorkbook
from rich.console import Console

from calm_pipeline import store
from calm_pipeline.commands import export as command
from calm_pipeline.dissemination import export
from calm_pipeline.dissemination.citation import citation, cited
from calm_pipeline.dissemination.edition import PUBLIC, RESTRICTED, Edition, read
from calm_pipeline.dissemination.export import FORMATS, SUMS, write_export
from calm_pipeline.errors import CalmError
from calm_pipeline.failures import as_calm
from calm_pipeline.project import Project
from calm_pipeline.root import Root, digest
from tests.commands import HOME, calm, copy_of_the_project
from tests.dissemination.editions import made, reference, small_survey
from tests.published import CONTRACTS, in_contract, published
from tests.reference import EDITION, PROJECT, SURVEY

BESIDE = {"CITATION.cff", "README.txt", "codebook.xml", SUMS}
DATA = {
    "xlsx": {"calm-2023.xlsx"},
    "sav": {"calm-2023.sav", "calm-2023.sps"},
    "dta": {"calm-2023.dta"},
    "csv": {"datapackage.json", *(f"{name}.csv" for name in CONTRACTS)},
    "parquet": {f"{name}.parquet" for name in CONTRACTS},
}
CFFCONVERT = shutil.which("cffconvert", path=str(Path(sys.executable).parent)) or shutil.which("cffconvert")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """A project with the reference edition in its warehouse, without a run."""
    there = Root(copy_of_the_project(tmp_path_factory.mktemp("project")))
    for name in CONTRACTS:
        store.write(in_contract(name, published()[name]), CONTRACTS[name], there.parquet(name, EDITION))
    Project(there).publish(EDITION, (), "a test")
    return there


@pytest.fixture(scope="module")
def exports(root: Root) -> dict[str, Path]:
    """Every format, written as the command writes it."""
    folders = {}
    for to in FORMATS:
        out = io.StringIO()
        command.export(EDITION, Project(root), Console(file=out, width=220), to, "zh", None, public=False)
        folders[to] = root.export(EDITION, to)
        assert {Path(line).name for line in out.getvalue().split()} == BESIDE | DATA[to]
    return folders


@pytest.mark.parametrize("to", FORMATS)
def test_the_folder_holds_the_data_and_what_explains_them(exports: dict[str, Path], to: str) -> None:
    names = {file.name for file in exports[to].iterdir()}
    assert names == BESIDE | DATA[to]
    readme = (exports[to] / "README.txt").read_text(encoding="utf-8")
    assert all(name in readme for name in names)
    assert "重建" in readme
    assert RESTRICTED.zh in readme
    assert reference().version in readme


PUBLIC_TABLES = {name for name, contract in CONTRACTS.items() if contract.public}
OF_SINGLE = {"submission_id", "library_id", "fingerprint", "remark"}


def test_the_tables_that_are_public_are_those_without_rows_about_single_submissions_or_libraries() -> None:
    assert {name for name, contract in CONTRACTS.items() if not OF_SINGLE & set(contract.columns)} == PUBLIC_TABLES
    assert all(set(CONTRACTS[name].references) <= PUBLIC_TABLES for name in PUBLIC_TABLES)


@pytest.mark.parametrize(
    ("to", "data"),
    [
        ("xlsx", {"calm-2023-public.xlsx"}),
        ("csv", {"datapackage.json", *(f"{name}.csv" for name in PUBLIC_TABLES)}),
        ("parquet", {f"{name}.parquet" for name in PUBLIC_TABLES}),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_public_export_holds_no_row_about_a_single_submission_or_library(
    to: str, data: set[str], language: str, tmp_path: Path
) -> None:
    write_export(replace(reference(), public=True), to, language, tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == BESIDE | data
    text = _all_text(tmp_path)
    assert not re.search(rf"\b{EDITION}-\d{{4}}\b(?!-)", text)
    assert not [name for name in reference().tables["libraries"]["library_id"].to_pylist() if name in text]
    written = {cell for cell in reference().tables["answers"]["text"].to_pylist() if cell and len(cell) > 8}
    assert len(written) > 10
    assert not [cell for cell in written if cell in text]
    readme = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert str(getattr(PUBLIC, language)) in readme
    assert "selections" not in readme


@pytest.mark.parametrize("to", ["sav", "dta"])
def test_a_file_with_one_row_a_submission_cannot_be_public(to: str, tmp_path: Path) -> None:
    with pytest.raises(CalmError) as refused:
        write_export(replace(reference(), public=True), to, "en", tmp_path / "out")
    assert "[public_rows]" in refused.value.told
    assert "公开版不含各馆答卷" in refused.value.told
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("to", FORMATS)
def test_the_checksums_are_those_of_the_files(exports: dict[str, Path], to: str) -> None:
    lines = (exports[to] / SUMS).read_text(encoding="utf-8").splitlines()
    sums = {name: digest_ for digest_, _, name in (line.partition("  ") for line in lines)}
    assert set(sums) == (BESIDE | DATA[to]) - {SUMS}
    assert all(sha256((exports[to] / name).read_bytes()).hexdigest() == digest_ for name, digest_ in sums.items())


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_edition_has_the_same_bytes(exports: dict[str, Path], to: str, tmp_path: Path) -> None:
    write_export(reference(), to, "zh", tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in exports[to].iterdir()
    }


def test_parquet_files_hold_the_published_tables(exports: dict[str, Path]) -> None:
    for name, table in reference().tables.items():
        assert pq.read_table(exports["parquet"] / f"{name}.parquet").equals(table)


def test_what_is_about_a_person_is_in_no_export(exports: dict[str, Path]) -> None:
    originals = _personal_cells()
    assert len(originals) > 100
    for text in map(_all_text, exports.values()):
        assert not [cell for cell in originals if cell in text]
        assert not re.search(r"(?<![\d.])1[3-9]\d{9}(?!\d)", text)
        assert not re.search(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", text)


def _personal_cells() -> set[str]:
    """Names, numbers and addresses as they stand in the platform's export."""
    found = set()
    for file in PROJECT.root.exports(EDITION):
        header, *rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        wanted = [n for n, title in enumerate(header) if re.search("姓名|手机|IP", str(title))]
        found |= {str(row[place]).strip() for row in rows for place in wanted}
    return {cell for cell in found if len(cell) > 3 or re.search("[一-鿿]{3}", cell)}


def _all_text(folder: Path) -> str:
    parts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.suffix in (".csv", ".xml", ".sps")]
    parts += [(folder / name).read_text(encoding="utf-8") for name in ("README.txt", "CITATION.cff")]
    for file in folder.glob("*.xlsx"):
        book = CalamineWorkbook.from_path(str(file))
        parts += [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    parts += [str(pq.read_table(file).to_pydict()) for file in folder.glob("*.parquet")]
    parts += [str(pyreadstat.read_sav(str(file))[0].to_dict()) for file in folder.glob("*.sav")]
    parts += [str(pyreadstat.read_dta(str(file))[0].to_dict()) for file in folder.glob("*.dta")]
    return "\n".join(parts)


def test_another_folder_keeps_the_files_of_others_and_loses_what_an_earlier_export_left(tmp_path: Path) -> None:
    mine, changed = tmp_path / "notes.txt", tmp_path / "answers.csv"
    write_export(reference(), "csv", "en", tmp_path)
    mine.write_text("mine", encoding="utf-8")
    changed.write_text("mine too", encoding="utf-8")
    write_export(made(small_survey()), "dta", "en", tmp_path)
    left = {file.name for file in tmp_path.iterdir()}
    assert left == BESIDE | {"calm-2031.dta", "notes.txt", "answers.csv"}


def test_a_file_that_no_export_wrote_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("mine", encoding="utf-8")
    (tmp_path / SUMS).write_text("", encoding="utf-8")
    with pytest.raises(CalmError) as refused:
        write_export(made(small_survey()), "dta", "en", tmp_path)
    assert f"[not_replaced] {tmp_path}: README.txt, {SUMS}" in refused.value.told
    assert "请移走这些文件" in refused.value.told
    assert {file.name for file in tmp_path.iterdir()} == {"README.txt", SUMS}


def test_what_was_changed_since_is_not_replaced_and_the_rest_of_a_broken_off_export_is(tmp_path: Path) -> None:
    write_export(made(small_survey()), "dta", "en", tmp_path / "new")
    write_export(made(small_survey()), "dta", "zh", tmp_path / "old")
    shutil.copy(tmp_path / "new" / "README.txt", tmp_path / "old")
    write_export(made(small_survey()), "dta", "en", tmp_path / "old")
    (tmp_path / "old" / "codebook.xml").write_text("changed", encoding="utf-8")
    with pytest.raises(CalmError, match=r"codebook\.xml"):
        write_export(made(small_survey()), "dta", "en", tmp_path / "old")


def test_beside_a_public_export_lies_nothing_else(tmp_path: Path) -> None:
    write_export(reference(), "csv", "en", tmp_path)
    write_export(replace(reference(), public=True), "csv", "en", tmp_path)
    assert not (tmp_path / "selections.csv").exists()
    (tmp_path / "selections.csv").write_text("saved again", encoding="utf-8")
    with pytest.raises(CalmError) as refused:
        write_export(replace(reference(), public=True), "csv", "en", tmp_path)
    assert f"[public_folder] {tmp_path}: selections.csv" in refused.value.told


def test_a_list_of_checksums_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("keep", encoding="utf-8")
    folder = tmp_path / "out"
    folder.mkdir()
    write_export(made(small_survey()), "dta", "en", folder)
    with (folder / SUMS).open("a", encoding="utf-8") as sums:
        sums.write(f"{digest(outside)}  ../outside.txt\nnonsense\n")
    write_export(made(small_survey()), "dta", "zh", folder)
    assert outside.exists()


def test_nothing_changes_if_the_export_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_export(made(small_survey()), "dta", "en", tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    monkeypatch.setattr(export, "citation", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_export(reference(), "dta", "en", tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("to", "language", "code", "zh"),
    [("xls", "en", "unknown_format", "没有这种格式"), ("csv", "fr", "unknown_language", "标签只有中文和英文两种")],
)
def test_what_cannot_be_asked_for_is_told_in_both_languages(
    tmp_path: Path, to: str, language: str, code: str, zh: str
) -> None:
    with pytest.raises(CalmError) as refused:
        write_export(reference(), to, language, tmp_path)
    assert f"[{code}]" in refused.value.told
    assert zh in refused.value.told
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("below", ["", "below"])
def test_a_file_in_place_of_the_folder_is_told(below: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(CalmError) as refused:
        write_export(made(small_survey()), "dta", "en", tmp_path / "taken" / below)
    assert "[export_folder]" in refused.value.told
    assert "无法在此处写入导出文件" in refused.value.told


def test_a_full_disk_is_not_taken_for_a_folder_that_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(export, "_fill", full)
    with pytest.raises(OSError, match="full") as raised:
        write_export(made(small_survey()), "dta", "en", tmp_path)
    assert as_calm(raised.value).code == "disk_full"


def test_the_command_writes_where_it_is_told(root: Root, tmp_path: Path) -> None:
    ended = calm(root.path, "export", EDITION, "--to", "dta", "--lang", "zh", "--out", str(tmp_path / "out"))
    assert ended.returncode == 0, ended.stderr
    assert {file.name for file in (tmp_path / "out").iterdir()} == BESIDE | DATA["dta"]
    assert len(ended.stdout.split()) == len(BESIDE | DATA["dta"])


def test_a_public_export_lies_beside_the_restricted_one(root: Root) -> None:
    ended = calm(root.path, "export", EDITION, "--to", "csv", "--public")
    assert ended.returncode == 0, ended.stderr
    folder = root.export(EDITION, "csv", public=True)
    assert folder != root.export(EDITION, "csv")
    assert {Path(line) for line in ended.stdout.splitlines()} == set(folder.iterdir())
    assert not (folder / "selections.csv").exists()


@pytest.mark.parametrize(
    "asked",
    [["export", EDITION, "--to", "csv", "--out"], ["report", EDITION, "--out"], ["alerts", EDITION, "--dry-run"]],
    ids=["export", "report", "alerts"],
)
def test_a_mistyped_path_makes_no_folders(asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    for parent in (tmp_path / "nowhere", tmp_path / "taken"):
        ended = calm(HOME, *asked, str(parent / "out"))
        assert ended.returncode == 1
        assert "[no_such_folder]" in ended.stderr
        assert f"there is no folder {parent}" in ended.stderr
        assert f"没有文件夹 {parent}" in ended.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]


def test_without_a_warehouse_the_command_says_how_to_build_it(tmp_path: Path) -> None:
    project = Project(Root(copy_of_the_project(tmp_path)))
    with pytest.raises(CalmError) as refused:
        command.export(EDITION, project, Console(file=io.StringIO()), "csv", "en", None, public=False)
    assert refused.value.code == "no_warehouse"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM editions", "not_in_warehouse"),
        ("UPDATE editions SET survey_sha256 = 'other'", "survey_changed"),
        ("ALTER TABLE reviews DROP COLUMN field", "older_warehouse"),
        ("DROP TABLE reviews", "older_warehouse"),
    ],
)
def test_a_warehouse_that_does_not_fit_is_refused(statement: str, code: str) -> None:
    with duckdb.connect() as database:
        for name, table in reference().tables.items():
            database.register("arrow", table)
            database.execute(f'CREATE TABLE "{name}" AS SELECT * FROM arrow')
        assert read(database, SURVEY, digest(PROJECT.root.survey(EDITION)), CONTRACTS).tables == reference().tables
        database.execute(statement)
        with pytest.raises(CalmError) as refused:
            read(database, SURVEY, digest(PROJECT.root.survey(EDITION)), CONTRACTS)
    assert refused.value.code == code
    assert EDITION in refused.value.told


def test_the_version_tells_other_answers_and_other_questions_apart() -> None:
    assert re.fullmatch("2023-[0-9a-f]{12}", reference().version)
    assert made(small_survey()).version != reference().version


CFF_KEYS = {"cff-version", "message", "type", "title", "version", "abstract", "authors", "keywords"}


@pytest.mark.parametrize(
    "text",
    [
        *(citation(edition, language) for edition in (reference(), made(small_survey())) for language in ("en", "zh")),
        (HOME / "CITATION.cff").read_text(encoding="utf-8"),
    ],
    ids=["reconstructed", "reconstructed-zh", "survey", "survey-zh", "software"],
)
def test_citations_are_whole(text: str, tmp_path: Path) -> None:
    said = yaml.safe_load(text)
    assert set(said) <= CFF_KEYS
    assert {"cff-version", "message", "title", "authors"} <= set(said)
    assert said["cff-version"] == "1.2.0"
    assert said["type"] in ("software", "dataset")
    assert all(isinstance(said[key], str) for key in CFF_KEYS - {"authors", "keywords"})
    assert all(set(one) == {"name"} and one["name"] for one in said["authors"])
    assert len(set(said["keywords"])) == len(said["keywords"])
    if CFFCONVERT:
        (tmp_path / "CITATION.cff").write_text(text, encoding="utf-8")
        ended = subprocess.run([CFFCONVERT, "--validate"], cwd=tmp_path, capture_output=True, check=False)
        assert ended.returncode == 0, ended.stderr.decode()


def test_the_data_set_says_that_it_is_reconstructed_and_the_software_its_version() -> None:
    data = yaml.safe_load(citation(reference(), "en"))
    assert "reconstructed" in data["title"]
    assert "reconstructed" in data["abstract"]
    assert data["version"] == reference().version
    assert "reconstructed" not in citation(made(small_survey()), "en")
    software = yaml.safe_load((HOME / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert software["version"] == project["version"]


@pytest.mark.parametrize("edition", [reference(), made(small_survey())], ids=["2023", "small"])
def test_a_chinese_citation_is_chinese(edition: Edition) -> None:
    title = edition.survey.title
    for text in (citation(edition, "zh"), cited(edition, "zh")):
        assert title.zh in text
        assert title.en not in text
    assert cited(edition, "zh").endswith(f"[DS]. 版本 {edition.version}.")
    assert not re.search("[\u4e00-\u9fff]", citation(edition, "en") + cited(edition, "en"))


def test_the_package_names_the_files_that_lie_beside_it(exports: dict[str, Path]) -> None:
    package = json.loads((exports["csv"] / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        content = (exports["csv"] / resource["path"]).read_text(encoding="utf-8")
        header = next(csv.reader(io.StringIO(content, newline="")))
        assert header == [field["name"] for field in resource["schema"]["fields"]]
