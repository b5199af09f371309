"""One PostgreSQL for all tests of the deployment."""

from collections.abc import Iterator

import pytest

from tests.deploy.cluster import Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running
