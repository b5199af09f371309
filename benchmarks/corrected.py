"""One submission corrected: sent once more, in a small export beside the large one, and the wrong one withdrawn."""

import csv
import json
from itertools import islice
from pathlib import Path

import pyarrow.compute as pc

from calm_pipeline.exports.pairing import submission_id
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.store import load

NAME = "corrected.csv"


def correct(root: Path, edition: str) -> tuple[str, str]:
    """An accepted submission again, on the last day and with one option less.

    The edition was run before, on one export by text whose rows are in the order of 序号.

    Returns:
        The names of the submission and of the one that takes its place.
    """
    project, folder = Project(Root(root)), root / "data" / "raw" / edition
    survey = project.survey(edition)
    stored = load(project.file("submissions", edition), ["submission_id", "sequence", "status"])
    accepted = stored.filter(pc.equal(stored["status"], "accepted"))
    (wrong,) = accepted.slice(accepted.num_rows // 2, 1).to_pylist()
    (export,) = folder.glob("*.csv")
    with export.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header, said = next(rows), next(islice(rows, wrong["sequence"] - 1, None))
    said_at = said[header.index("提交答卷时间")]
    said[header.index("序号")] = str(stored.num_rows + 1)
    said[header.index("提交答卷时间")] = f"{survey.fielding.closes} 23:59:59"
    longest = max(range(len(said)), key=lambda place: said[place].count("┋"))
    said[longest] = said[longest].rpartition("┋")[0]
    with (folder / NAME).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, said])
    _withdraw(root, edition, wrong["submission_id"], said_at)
    return wrong["submission_id"], submission_id(survey, stored.num_rows + 1)


def _withdraw(root: Path, edition: str, submission: str, received: str) -> None:
    decision = {"submission": submission, "decision": "withdrawn", "expect": received, "reason": "sent again"}
    file = Root(root).corrections(edition)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([{**decision, "decided_on": "2023-07-01"}]), encoding="utf-8")
