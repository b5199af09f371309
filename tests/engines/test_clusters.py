"""Spark elsewhere than in this process, on loopback: behind Spark Connect, and a standalone master with a worker."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


def free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(folder: Path, sign: str, *command: str) -> Iterator[None]:
    """A server of Spark from when it says `sign` until the end."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=folder, env={**os.environ, **JAVA}, text=True, **streams) as process:
        assert process.stdout is not None
        rest = Thread(target=process.stdout.read)  # so that it never waits for somebody to read
        try:
            assert any(sign in line for line in process.stdout), f"{command[1]} ended"
            rest.start()
            yield
        finally:
            process.kill()
            if rest.is_alive():
                rest.join()


@contextmanager
def connect(folder: Path) -> Iterator[str]:
    port = free()
    settings = [f"spark.connect.grpc.binding.port={port}", "spark.connect.grpc.binding.address=127.0.0.1"]
    quiet = ["spark.ui.enabled=false", "spark.driver.host=127.0.0.1", "spark.driver.extraJavaOptions=-Xss16m"]
    options = [part for one in (*settings, *quiet) for part in ("--conf", one)]
    server = ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    command = [bundled("spark-submit"), "--master", "local[2]", *options, *server]
    with running(folder, "Spark Connect server started", *command):
        yield f"sc://127.0.0.1:{port}"


@contextmanager
def standalone(folder: Path) -> Iterator[str]:
    port, start = free(), bundled("spark-class")
    at = ["--host", "127.0.0.1", "--webui-port", "0"]
    master = [start, "org.apache.spark.deploy.master.Master", *at, "--port", str(port)]
    address = f"spark://127.0.0.1:{port}"
    worker = [start, "org.apache.spark.deploy.worker.Worker", *at, "--cores", "2", "--memory", "2g", address]
    with (
        running(folder, "I have been elected leader", *master),
        running(folder, "Successfully registered with master", *worker),
    ):
        yield address


@pytest.mark.parametrize("cluster", [connect, standalone])
def test_the_same_tables_come_from_a_cluster(
    cluster: object, here: None, duckdb: ibis.BaseBackend, tmp_path: Path
) -> None:
    assert callable(cluster)
    with cluster(tmp_path) as master:
        told = {**os.environ, "CALM_SPARK_MASTER": master}
        command = [sys.executable, "-m", "tests.engines.made_elsewhere", str(tmp_path / "spark")]
        done = subprocess.run(command, cwd=HOME, env=told, capture_output=True, text=True, timeout=WAIT)
    assert done.returncode == 0, done.stderr[-2000:]
    made = dict(line.split() for line in done.stdout.splitlines())
    assert made == digests(duckdb, tmp_path / "duckdb")
