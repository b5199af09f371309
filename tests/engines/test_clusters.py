"""Spark elsewhere than in this process, on loopback: behind Spark Connect, and a standalone master with a worker."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import ibis
import pytest

from tests.commands import HOME
from tests.engines import MARKS
from tests.engines.made_elsewhere import digests

pytestmark = [*MARKS, pytest.mark.spark]

JAVA = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1"}
WAIT = 550


def bundled(name: str) -> str:
    """A program that comes with pyspark."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "bin" / name)


@contextmanager
def running(folder: Path, sign: str, *command: str) -> Iterator[str]:
    """A server of Spark from when it says `sign` until the end; what the sign holds in brackets."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=folder, env={**os.environ, **JAVA}, text=True, **streams) as process:
        assert process.stdout is not None
        rest = Thread(target=process.stdout.read)  # so that it never waits for somebody to read
        try:
            found = next(filter(None, (re.search(sign, line) for line in process.stdout)), None)
            assert found is not None, f"{command[1]} ended"
            rest.start()
            yield found[1]
        finally:
            process.kill()
            if rest.is_alive():
                rest.join()


@contextmanager
def connect(folder: Path) -> Iterator[str]:
    settings = ["spark.connect.grpc.binding.port=0", "spark.connect.grpc.binding.address=127.0.0.1"]
    quiet = ["spark.ui.enabled=false", "spark.driver.host=127.0.0.1", "spark.driver.extraJavaOptions=-Xss16m"]
    options = [part for one in (*settings, *quiet) for part in ("--conf", one)]
    server = ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    command = [bundled("spark-submit"), "--master", "local[2]", *options, *server]
    with running(folder, r"Spark Connect server started at: .*:(\d+)", *command) as port:
        yield f"sc://127.0.0.1:{port}"


@contextmanager
def standalone(folder: Path) -> Iterator[str]:
    start, at = bundled("spark-class"), ["--host", "127.0.0.1", "--webui-port", "0"]
    master = [start, "org.apache.spark.deploy.master.Master", *at, "--port", "0"]
    worker = [start, "org.apache.spark.deploy.worker.Worker", *at, "--cores", "2", "--memory", "2g"]
    with (
        running(folder, r"Starting Spark master at (spark://127\.0\.0\.1:\d+)", *master) as address,
        running(folder, "Successfully registered with master (.*)", *worker, address),
    ):
        yield address


@pytest.mark.parametrize("cluster", [connect, standalone])
def test_the_same_tables_come_from_a_cluster(
    cluster: Callable[[Path], AbstractContextManager[str]], here: None, duckdb: ibis.BaseBackend, tmp_path: Path
) -> None:
    with cluster(tmp_path) as master:
        told = {**os.environ, "CALM_SPARK_MASTER": master}
        command = [sys.executable, "-m", "tests.engines.made_elsewhere", str(tmp_path / "spark")]
        done = subprocess.run(command, cwd=HOME, env=told, capture_output=True, text=True, timeout=WAIT)
    assert done.returncode == 0, done.stderr[-2000:]
    made = dict(line.split() for line in done.stdout.splitlines())
    assert made == digests(duckdb, tmp_path / "duckdb")
