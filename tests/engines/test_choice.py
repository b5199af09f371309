"""Which engine runs, and what a person is told where Spark cannot be had."""

from pathlib import Path

import pytest

from assets.definitions import definitions
from assets.storage import ParquetTables
from calm_pipeline import engine
from calm_pipeline.engines import Engine, chosen
from calm_pipeline.errors import CalmError
from tests.commands import HOME, calm
from tests.engines import MARKS

pytestmark = MARKS


def refusal(of: Engine = Engine.spark) -> str:
    with pytest.raises(CalmError) as refused:
        engine.connect(of)
    return refused.value.code


def test_duckdb_unless_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALM_ENGINE", raising=False)
    assert chosen() is Engine.duckdb
    monkeypatch.setenv("CALM_ENGINE", "spark")
    assert chosen() is Engine.spark
    monkeypatch.setenv("CALM_ENGINE", "abacus")
    with pytest.raises(CalmError, match="abacus") as refused:
        chosen()
    assert refused.value.code == "unknown_engine"


def test_dagster_asks_which_engine() -> None:
    storage = definitions.resolve_job_def("ingest").resource_defs["io_manager"]
    (field,) = storage.config_schema.config_type.fields.values()
    assert field.config_type.inner_type.config_values == ["duckdb", "spark"]
    assert ParquetTables().engine is Engine.duckdb


def test_without_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calm_pipeline.spark.session.find_spec", lambda _: None)
    assert refusal() == "spark_missing"


def test_without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, here: None) -> None:
    monkeypatch.setattr("calm_pipeline.spark.session._running", lambda: False)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert refusal() == "java_missing"


@pytest.mark.parametrize("master", ["sc://127.0.0.1:1", "spark://127.0.0.1:1,127.0.0.1:2"])
def test_where_nobody_answers(master: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calm_pipeline.spark.session.find_spec", lambda name: name)
    monkeypatch.setenv("CALM_SPARK_MASTER", master)
    assert refusal() == "spark_unreachable"


@pytest.mark.spark
def test_the_command_says_so_before_it_runs_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALM_SPARK_MASTER", "sc://127.0.0.1:1")
    done = calm(HOME, "run", "2023", "--engine", "spark")
    assert done.returncode == 1
    assert "[spark_unreachable]" in done.stderr or "[spark_missing]" in done.stderr
