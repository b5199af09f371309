"""A project with two small editions in which persons answered, in every kind of file, and what they said."""

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from calm_pipeline import store
from calm_pipeline.exports.headers import Kind
from calm_pipeline.exports.receive import Received
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.writer import write_export
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.store import load
from calm_pipeline.vault.scan import holding
from tests.commands import HOME
from tests.exports.examples import SURVEY as SHAPE
from tests.vintages.small import frames, put, write

EDITION, NEXT = "2030", "2031"
KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
NAME, MOBILE, ADDRESS, MAIL = "欧阳泽楷", "13812345678", "203.0.113.77", "ouyang@example.org"
OTHER, OTHERS_MOBILE, OTHERS_ADDRESS = "司马相如", "13987654321", "203.0.113.88"
SECRETS = (NAME, MOBILE, "138-1234-5678", ADDRESS, MAIL, "token=4711", "微信昵称甲")
KEPT = (OTHER, OTHERS_MOBILE, OTHERS_ADDRESS)


def submission(sequence: int, name: Any, mobile: Any, ip: str, **answers: Any) -> Submission:
    return Submission(
        sequence,
        datetime(2030, 3, 9, 9, sequence, 7),
        378,
        "微信",
        f"{sequence}.example.org",
        f"{ip}(江苏-南京)",
        {
            "name": name, "mobile": mobile, "library": f"第{sequence}图书馆", "channels": {"site": ""},
            "satisfaction__books": {"high": ""}, "satisfaction__seats": {"low": ""}, "comfort__books": {"low": ""},
            "comfort__seats": {"high": ""}, "order": {"b": "", "a": ""}, "clubs__clubs": 12, "clubs__members": 300,
            "advice": "多开门", "files": "方案.docx", **answers,
        },
    )  # fmt: skip


PERSON = submission(
    3, NAME, MOBILE, ADDRESS, channels={"other": f"加我微信{MOBILE}", "site": ""},
    advice=f"请联系{NAME}，邮箱{MAIL}", files="https://example.org/b.docx?token=4711",
)  # fmt: skip
AGAIN = submission(4, NAME, "138-1234-5678", ADDRESS)
OTHERS = submission(5, OTHER, OTHERS_MOBILE, OTHERS_ADDRESS, advice=f"也可找同事{MOBILE}")
SILENT = submission(6, "某某某", "没有", "203.0.113.9")
ALL = (PERSON, AGAIN, OTHERS, SILENT)


def project_in(folder: Path, *editions: str) -> Project:
    """The declarations of this checkout, these editions, and nothing received yet."""
    root = Root(folder / "project")
    (root.path / "schemas" / "surveys").mkdir(parents=True)
    for name in ("tables.yaml", "desk.yaml", "retention.yaml", "views.yaml", "dictionary.yaml", "groupings.yaml"):
        shutil.copy(HOME / "schemas" / name, root.path / "schemas" / name)
    for edition in editions or (EDITION,):
        declared = SHAPE.model_copy(update={"edition": edition}).model_dump(mode="json", exclude_defaults=True)
        declared["questions"]["mobile"]["form"] = "mobile"
        declared["questions"]["library"]["required"] = True
        root.survey(edition).write_text(yaml.safe_dump(declared, allow_unicode=True, sort_keys=False), encoding="utf-8")
        root.raw(edition).mkdir(parents=True)
    return Project(root)


def hand_in(
    project: Project, name: str, kind: Kind = "text", *, edition: str = EDITION, who: tuple[Submission, ...] = ALL,
    **more: Any,
) -> Path:  # fmt: skip
    file = project.root.raw(edition) / name
    write_export(project.survey(edition), [replace(one) for one in who], file, kind, **more)
    return file


def ingest(project: Project, edition: str = EDITION) -> Received:
    """What a run does with exports, as far as persons are concerned."""
    found = project.received(edition)
    name = "raw_submissions"
    store.write(found.raw, project.contract(name, edition), project.file(name, edition))
    return found


def killed_while_writing(file: Path, text: str) -> None:
    """What a process leaves that is killed just before it puts a file of this text in its place."""
    file.parent.mkdir(parents=True, exist_ok=True)
    program = (
        "import os, pathlib, sys; from calm_pipeline import files; os.replace = lambda *_: os.kill(os.getpid(), 9);"
        "files.replace_durably(pathlib.Path(sys.argv[1]), sys.argv[2].encode())"
    )
    done = subprocess.run([sys.executable, "-c", program, str(file), text], check=False)
    assert done.returncode == -9
    assert holding(file.parent, [text])


def publish(project: Project, edition: str = EDITION, making: str = "one") -> list[str]:
    """A small vintage of this making, with the pseudonyms of those received in its submissions; returns these."""
    raw = load(project.file("raw_submissions", edition))
    shown = dict(zip(raw["submission_id"].to_pylist(), raw["respondent"].to_pylist(), strict=True))
    tables = frames(edition, making)
    tables["submissions"]["respondent"] = [shown.get(one) for one in tables["submissions"]["submission_id"]]
    write(project.root, edition, tables)
    put(project.root, edition)
    return [one for one in shown.values() if one]
