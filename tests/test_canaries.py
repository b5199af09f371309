"""Nothing personal and no secret is in what Dagster, the desk or a channel leaves behind, failures included."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from calm_pipeline.commands.desk import alerts
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from tests.canaries import personal, search
from tests.commands import HOME, copy_of_the_project

SECRETS = ("KEY-OF-THE-BOT-4711", "whsec_c2VjcmV0LW9mLXRoZS13ZWJob29rLTAxMjM0NTY3ODk=", "PASSWORD-OF-THE-MAIL-4712")
CHANNELS = """
allow_hosts: ["127.0.0.1:9", "localhost:9"]
allow_private: true
channels:
  hook: {type: webhook, url_env: CALM_TEST_URL, secret_env: CALM_TEST_SECRET}
  group: {type: wecom, url_env: CALM_TEST_URL}
  post:
    {type: mail, host: localhost, port: 9, sender: desk@example.org, recipients: [desk@example.org],
     user_env: CALM_TEST_USER, password_env: CALM_TEST_PASSWORD}
"""


def dagster(root: Path, home: Path) -> str:
    """The whole edition as a run of Dagster, with an instance on disk."""
    home.mkdir()
    (home / "dagster.yaml").write_bytes((HOME / ".dagster" / "dagster.yaml").read_bytes())
    command = [sys.executable, "-m", "dagster", "asset", "materialize", "--select", "*", "--partition", "2023"]
    environment = {**os.environ, "CALM_ROOT": str(root), "DAGSTER_HOME": str(home), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [*command, "-m", "assets.definitions"], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout + done.stderr


def test_every_byte_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url, key, password = SECRETS
    variables = {"URL": f"http://127.0.0.1:9/hook?key={url}", "SECRET": key, "USER": "desk", "PASSWORD": password}
    for name, value in variables.items():
        monkeypatch.setenv(f"CALM_TEST_{name}", value)
    root = copy_of_the_project(tmp_path / "root")
    desk = root / "schemas" / "desk.yaml"
    ours = ("allow_hosts:", "allow_private:", "channels:")
    kept = [line for line in desk.read_text(encoding="utf-8").splitlines() if not line.startswith(ours)]
    desk.write_text("\n".join(kept) + CHANNELS, encoding="utf-8")
    said = [dagster(root, tmp_path / "dagster")]
    assert "RUN_SUCCESS" in said[0]
    out = Console(file=io.StringIO())
    monkeypatch.setattr("calm_pipeline.commands.desk.time.sleep", lambda _: None)
    assert alerts("2023", Project(Root(root)), out, out, None) == 1
    assert alerts("2023", Project(Root(root)), out, out, tmp_path / "dry") == 0
    told = out.file.getvalue()  # type: ignore[attr-defined]
    assert told.count("[unreachable]") == 3, told
    (root / "data" / "raw" / "2023" / "late.csv").write_text("序号,1、您的姓名：\n1,张三丰的姓名\n", encoding="utf-8")
    said += [told, dagster(root, tmp_path / "failed")]
    assert "RUN_FAILURE" in said[-1]
    (tmp_path / "said.txt").write_text("\n".join(said), encoding="utf-8")
    planted = personal() | {secret.encode() for secret in SECRETS} | {"张三丰的姓名".encode()}
    places = ("dagster", "failed", "dry", "said.txt", "root/data/warehouse", "root/data/desk")
    looked_at = {file.suffix for file in search(frozenset(planted), *(tmp_path / place for place in places))}
    assert {".db", ".jsonl", ".html", ".json", ".xlsx", ".parquet", ".duckdb", ".eml"} <= looked_at
