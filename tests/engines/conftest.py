"""Spark for the tests, one session for all of them; where it cannot be had they are skipped and say why."""

import os
import shutil
from importlib.util import find_spec

import ibis
import pytest

from calm_pipeline import engine
from calm_pipeline.engines import Engine


@pytest.fixture(scope="session")
def here() -> None:
    """There are pyspark and a Java."""
    if find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: `make spark`")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("Spark needs Java 17, and there is no Java")


@pytest.fixture(scope="session")
def spark(here: None) -> ibis.BaseBackend:
    """It ends with the process, as in a run."""
    return engine.connect(Engine.spark)


@pytest.fixture(scope="session")
def duckdb() -> ibis.BaseBackend:
    return engine.connect()
