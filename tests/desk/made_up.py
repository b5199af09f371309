"""A made-up edition up to the desk's letters: its folder, its runs in a process of their own, and what they leave.

`python -m tests.desk.made_up EDITION ...` runs the editions one after another; the root is CALM_ROOT.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from calm_pipeline.desk import journal
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from tests.commands import HOME, module
from tests.test_made_up_edition import EXPORT, REGISTER, SURVEY

EDITION, BEFORE = "2031", "2030"
HEADER = EXPORT.partition("\n")[0]
WANTED = ("letters", "alerts", "corrections", "accepted_submissions")


def row(n: int, library: str, plan: str = "有", measures: str = "节能灯", watts: str = "100", minute: int = 5) -> str:
    """A row of the export; by itself valid."""
    return f"{n},{EDITION}/5/9 9:{minute:02}:07,61秒,192.0.2.7(江苏-南京),{library},{plan},{measures},蕨,{watts},(空)"


class MadeUp:
    """A root folder with the made-up survey, for one edition or two."""

    def __init__(self, folder: Path, *editions: str) -> None:
        self.root = Root(folder)
        (folder / "schemas" / "surveys").mkdir(parents=True)
        for file in ("tables.yaml", "desk.yaml"):
            shutil.copy(HOME / "schemas" / file, folder / "schemas" / file)
        for edition in editions:
            self.root.survey(edition).write_text(SURVEY.replace(EDITION, edition), encoding="utf-8")
            self.root.raw(edition).mkdir(parents=True)
        self.root.register.write_text(REGISTER, encoding="utf-8")

    def receive(self, *rows: str, edition: str = EDITION) -> None:
        """Put an export in the place of what was there."""
        text = "\n".join([HEADER, *rows, ""]).replace(EDITION, edition)
        (self.root.raw(edition) / "export.csv").write_text(text, encoding="utf-8")

    def decide(self, corrections: str) -> None:
        file = self.root.corrections(EDITION)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(corrections, encoding="utf-8")

    def run(self, *editions: str) -> None:
        done = module("tests.desk.made_up", self.root.path, *(editions or (EDITION,)))
        assert done.returncode == 0, done.stderr

    def table(self, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = pq.read_table(Project(self.root).file(name, EDITION)).to_pylist()
        return rows

    @property
    def statuses(self) -> dict[int, str]:
        return {row["sequence"]: row["status"] for row in self.table("submissions")}

    @property
    def alerts(self) -> dict[tuple[str, str], list[str]]:
        """How the alerts about each subject and rule stand, in the order in which they were first opened."""
        found: dict[tuple[str, str], list[str]] = {}
        for alert in journal.alerts(journal.read(self.root.journal(EDITION))).values():
            found.setdefault((alert.opened.subject, alert.opened.code), []).append(alert.status)
        return found

    @property
    def lettered(self) -> set[str]:
        return {file.stem for file in self.root.letters(EDITION).glob("*.json")}

    def letter(self, submission: str) -> tuple[str, dict[str, Any]]:
        """The letter as HTML, and its JSON twin."""
        page, twin = (self.root.letters(EDITION) / f"{submission}.{kind}" for kind in ("html", "json"))
        return page.read_text(encoding="utf-8"), json.loads(twin.read_text(encoding="utf-8"))


def _run(edition: str) -> None:
    """What `calm run` does, without the marts, the warehouse and the checks that do not concern the desk."""
    from datetime import UTC, datetime

    import dagster as dg

    from assets.alerting import observed
    from assets.definitions import definitions
    from assets.project import project
    from calm_pipeline.commands.run import QUIET
    from calm_pipeline.desk.ledger import Now
    from calm_pipeline.desk.record import follow_observations

    wanted = dg.AssetSelection.assets(*WANTED).upstream().required_multi_asset_neighbors()
    assets = wanted.resolve(definitions.resolve_asset_graph())
    fit = dg.AssetCheckKey(dg.AssetKey("corrections"), "decisions_fit")
    job = definitions.resolve_job_def("ingest").get_subset(asset_selection=assets, asset_check_selection={fit})
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(partition_key=edition, instance=instance, run_config=QUIET)
    checks = [observed(evaluation) for evaluation in result.get_asset_check_evaluations()]
    follow_observations(project.root.journal(edition), checks, Now(datetime.now(UTC), result.run_id))


if __name__ == "__main__":
    for one in sys.argv[1:]:
        _run(one)
