"""An S3 of our own on the loopback, for all tests of this folder, and a bucket for each."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from unittest import mock

import pytest

from calm_pipeline.objects.store import Store
from tests.objects.stores import SECRET, files_of

NUMBERS = count(1)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Where moto's server answers; tests that need it are skipped without it."""
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    server = pytest.importorskip("moto.server", reason="moto[s3], flask and flask-cors are not installed")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    account = {"AWS_ACCESS_KEY_ID": "someone", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1"}
    with mock.patch.dict(os.environ, {**account, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}):
        yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(endpoint: str) -> str:
    """The name of a bucket that is empty."""
    name = f"bucket-{os.getpid()}-{next(NUMBERS)}"
    files_of(f"s3://{name}").mkdir(name)
    return name


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store on a disk, that is empty."""
    return Store(f"file://{tmp_path}/bucket/calm")


@pytest.fixture(params=["s3", "file"])
def either(request: pytest.FixtureRequest, store: Store) -> Store:
    """An empty store on S3, and one on a disk: what is promised must hold on both."""
    return Store(f"s3://{request.getfixturevalue('bucket')}/calm") if request.param == "s3" else store
