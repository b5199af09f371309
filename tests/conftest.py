"""What holds for every test: Hypothesis profiles, short and (`make fuzz`) long, and that CI lets no test be skipped."""

import os
import shutil
from collections.abc import Generator
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.shared import FOLDER

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
QUICK = [Phase.explicit, Phase.reuse, Phase.generate]
LONGEST = ("made_up", "edition", "spark", "tests/test_canaries.py", "browser", "deploy", "trends", "expectations")
settings.register_profile("ordinary", max_examples=25, deadline=None, phases=QUICK, suppress_health_check=SLOW)
settings.register_profile("fuzz", max_examples=1000, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))


def pytest_configure(config: pytest.Config) -> None:
    """A folder for what is made once: the workers find it in their environment."""
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = mkdtemp()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[FOLDER])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a module makes for its tests is made by one worker; what takes longest is begun first."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
    items.sort(key=lambda item: LONGEST.index(group) if (group := _group(item)) in LONGEST else len(LONGEST))


def _group(item: pytest.Item) -> str:
    marker = item.get_closest_marker("xdist_group")
    return str(marker.args[0]) if marker else ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CALM_SKIP_NOTHING is set, as CI does after installing what tests need, a skipped test has failed."""
    report = yield
    if report.skipped and os.environ.get("CALM_SKIP_NOTHING"):
        report.outcome = "failed"
        report.longrepr = f"skipped, though nothing may be skipped here: {report.longrepr}"
    return report
