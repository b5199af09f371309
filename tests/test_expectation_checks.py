"""Expectations as Dagster runs them: which block, what their results hold, and that the docs come with them."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

import assets.expectations
import assets.storage
from assets.definitions import definitions
from assets.expectations import all_expectations
from assets.storage import ParquetTables
from calm_pipeline import store
from calm_pipeline.expectations import Report
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from tests.commands import calm, copy_of_the_project
from tests.published import CONTRACTS, in_contract, published
from tests.reference import EDITION
from tests.test_made_up_edition import EXPORT, REGISTER, SURVEY

pytestmark = pytest.mark.xdist_group("expectations")
CANARY = "canary-of-free-text"


def test_expectations_block_and_drift_does_not() -> None:
    specs = {
        (spec.asset_key.path[-1], spec.name): spec.blocking
        for check in definitions.asset_checks or ()
        for spec in check.check_specs
    }
    assert all(specs[name, "expectations"] for name in CONTRACTS)
    assert specs["option_counts", "drift"] is False


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose warehouse holds the reference tables, with a recognisable text in `answers`."""
    project = Project(Root(copy_of_the_project(tmp_path_factory.mktemp("checks"))))
    for name in ("submissions", "selections", "answers", "option_counts"):
        frame = published()[name]
        frame = frame.assign(text=CANARY) if name == "answers" else frame
        store.write(in_contract(name, frame), project.contract(name, EDITION), project.file(name, EDITION))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets.expectations, "project", project)
        patch.setattr(assets.storage, "project", project)
        yield project


def evaluate(table: str, name: str) -> dg.AssetCheckResult:
    checks = {(spec.asset_key.path[-1], spec.name): check for check in all_expectations() for spec in check.check_specs}
    with dg.build_op_context(partition_key=EDITION) as context:
        result = checks[table, name](context, io_manager=ParquetTables())
    assert isinstance(result, dg.AssetCheckResult)
    return result


def test_a_result_links_its_page(project: Project) -> None:
    result = evaluate("selections", "expectations")
    assert result.passed
    page = project.root.docs / EDITION / "selections.html"
    assert result.metadata[f"data_docs_{EDITION}"] == dg.MetadataValue.url(page.as_uri())
    assert page.is_file()
    assert result.description == "all 22 expectations hold\n22 项检查全部通过"


def test_a_failed_result_names_what_failed_and_holds_no_value(project: Project) -> None:
    file, frame = project.file("answers", EDITION), published()["answers"].assign(text=CANARY)
    before = file.read_bytes()
    frame.loc[1] = frame.loc[0]
    store.write(in_contract("answers", frame), project.contract("answers", EDITION), file)
    result = evaluate("answers", "expectations")
    file.write_bytes(before)
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.ERROR
    assert result.metadata[EDITION].value == {"expectations": 3, "failed": ["key"]}
    said = f"{result.description}{result.metadata}".encode()
    written = b"".join(path.read_bytes() for path in project.root.docs.rglob("*") if path.is_file())
    assert str(frame.loc[0, "submission_id"]).encode() not in said + written
    assert CANARY.encode() not in said + written


def test_without_an_earlier_edition_drift_passes(project: Project) -> None:
    result = evaluate("option_counts", "drift")
    assert result.passed
    assert "没有可供比较的往年数据" in str(result.description)


def test_drift_warns_and_the_run_succeeds(tmp_path: Path) -> None:
    """A made-up edition after one in which nobody had ticked what everybody ticks now."""
    root = Root(tmp_path)
    for folder in ("schemas/surveys", "data/raw/2031"):
        (tmp_path / folder).mkdir(parents=True)
    for declared in (root.tables, root.desk, root.groupings, root.views, root.dictionary):
        declared.write_bytes((Root.current().path / declared.relative_to(root.path)).read_bytes())
    for edition in ("2030", "2031"):
        root.survey(edition).write_text(SURVEY.replace('"2031"', f'"{edition}"'), encoding="utf-8")
    (tmp_path / "data" / "raw" / "2031" / "export.csv").write_text(EXPORT.replace("太阳", CANARY), encoding="utf-8")
    root.register.write_text(REGISTER, encoding="utf-8")
    last = published()["option_counts"].head(1).assign(edition="2030", question="plants", field="plants", option="fern")
    last = last.assign(share=0.0, low=0.0, high=0.01)
    store.write(in_contract("option_counts", last), CONTRACTS["option_counts"], root.parquet("option_counts", "2030"))
    done = calm(tmp_path, "run", "2031")
    assert done.returncode == 0, done.stderr
    assert "option_counts: drift failed" in done.stderr
    assert "1 of 1 expectations fail: Q4 (plants): since 2030" in done.stderr
    reports = [Report.model_validate_json(file.read_bytes()) for file in root.docs.glob("2031/*.json")]
    assert {report.suite for report in reports} == {*CONTRACTS, "drift"}
    assert [report.suite for report in reports if not report.holds] == ["drift"]
    said = done.stdout + done.stderr
    assert CANARY not in said
    assert not [file for file in root.docs.rglob("*.*") if CANARY.encode() in file.read_bytes()]
