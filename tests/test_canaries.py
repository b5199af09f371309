"""Nothing personal and no secret is in what Dagster, the desk or a channel leaves behind, failures included.

With a key set the vault holds who answered, encrypted; and one person can be erased while all others stay.
"""

import io
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from calm_pipeline.commands.desk import alerts
from calm_pipeline.commands.person import erase
from calm_pipeline.exports.wenjuanxing import RECONSTRUCTED
from calm_pipeline.persons.erase import telling
from calm_pipeline.persons.held import held, same_person
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.vault.scan import holding
from calm_pipeline.warehouse import connect
from tests.canaries import content, personal, plant, search
from tests.commands import HOME, copy_of_the_project, module

SECRETS = ("KEY-OF-THE-BOT-4711", "whsec_c2VjcmV0LW9mLXRoZS13ZWJob29rLTAxMjM0NTY3ODk=", "PASSWORD-OF-THE-MAIL-4712")
KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
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


def dagster(root: Path, home: Path, variables: dict[str, str]) -> str:
    """The whole edition as a run of Dagster, with an instance on disk."""
    home.mkdir()
    (home / "dagster.yaml").write_bytes((HOME / ".dagster" / "dagster.yaml").read_bytes())
    command = ("asset", "materialize", "--select", "*", "--partition", "2023", "-m", "assets.definitions")
    done = module("dagster", root, *command, DAGSTER_HOME=str(home), **variables)
    return done.stdout + done.stderr


def test_every_byte_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url, key, password = SECRETS
    variables = {"URL": f"http://127.0.0.1:9/hook?key={url}", "SECRET": key, "USER": "desk", "PASSWORD": password}
    variables = {f"CALM_TEST_{name}": value for name, value in variables.items()} | {"CALM_KEY": KEY}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    root = copy_of_the_project(tmp_path / "root")
    desk = root / "schemas" / "desk.yaml"
    ours = ("allow_hosts:", "allow_private:", "channels:")
    kept = [line for line in desk.read_text(encoding="utf-8").splitlines() if not line.startswith(ours)]
    desk.write_text("\n".join(kept) + CHANNELS, encoding="utf-8")
    written = plant(Root(root))
    said = [dagster(root, tmp_path / "dagster", variables)]
    assert "RUN_SUCCESS" in said[0]
    out = Console(file=io.StringIO())
    monkeypatch.setattr("calm_pipeline.commands.desk.time.sleep", lambda _: None)
    assert alerts("2023", Project(Root(root)), out, out, None) == 1
    assert alerts("2023", Project(Root(root)), out, out, tmp_path / "dry") == 0
    told = out.file.getvalue()  # type: ignore[attr-defined]
    assert told.count("[unreachable]") == 3, told
    the_vault_holds_everybody(Project(Root(root)))
    no_text_is_in_the_event_log(Project(Root(root)), tmp_path / "dagster")
    one_person_is_erased_everywhere(Project(Root(root)), tmp_path)
    (root / "data" / "raw" / "2023" / "late.csv").write_text(
        "序号,1、您的姓名：,2、您的手机：张三丰的姓名\n1,张三丰的姓名,1\n", encoding="utf-8"
    )
    said += [told, dagster(root, tmp_path / "failed", variables)]
    assert "RUN_FAILURE" in said[-1]
    (tmp_path / "said.txt").write_text("\n".join(said), encoding="utf-8")
    planted = (
        personal() | written | {KEY.encode()} | {secret.encode() for secret in SECRETS} | {"张三丰的姓名".encode()}
    )
    places = ("dagster", "failed", "dry", "said.txt", "root/data/warehouse", "root/data/desk", "root/data/vault")
    looked_at = {file.suffix for file in search(frozenset(planted), *(tmp_path / place for place in places))}
    assert {".db", ".jsonl", ".html", ".json", ".xlsx", ".parquet", ".duckdb", ".eml", ".vault"} <= looked_at


def the_vault_holds_everybody(project: Project) -> None:
    """Decrypted, it holds all that may be found nowhere else."""
    (vault,) = project.root.vaults.rglob("*.vault")
    keys = project.keys()
    assert keys is not None
    plain = keys.vault.decrypt(vault.read_bytes())
    assert not [len(one) for one in personal() - {RECONSTRUCTED.encode()} if one not in plain]
    pseudonyms = tables(project)["submissions"]["respondent"]
    assert pseudonyms.str.startswith(f"{keys.fingerprint}-").all()
    for place in ("dagster", "dry"):
        assert not holding(project.root.path.parent / place, list(pseudonyms)), "a pseudonym is for the warehouse alone"


def no_text_is_in_the_event_log(project: Project, dagster: Path) -> None:
    """It may name somebody, and no erasure reaches it there."""
    texts = {text for text in tables(project)["answers"]["text"].dropna() if len(text) >= 8}
    assert len(texts) > 100
    assert not holding(dagster, list(texts))


def one_person_is_erased_everywhere(project: Project, folder: Path) -> None:
    """Of the raw exports and the vault only what is of others is left; no figure and no answer changes."""
    before, everybody = tables(project), held(project, "2023").respondents
    (sent,) = [one for one in everybody.values() if one.submission_id == "2023-0005"]
    persons = same_person(everybody.values(), [sent])
    gone = {one.submission_id for one in persons}
    pseudonyms = before["submissions"].set_index("submission_id")["respondent"]
    texts = telling(persons, [held(project, "2023")])
    assert len(texts) >= 2
    out = Console(file=io.StringIO())
    assert erase(project, "2023-0005", out, out, yes=True) == 0
    (folder / "erased.txt").write_text(out.file.getvalue(), encoding="utf-8")  # type: ignore[attr-defined]
    secrets = frozenset(text.encode() for text in {*texts, *pseudonyms[list(gone)]})
    search(secrets, folder)
    kept = {one.mobile for name, one in everybody.items() if name not in gone} - {None}
    assert {place: set(some) for place, some in held(project, "2023").places.items()} == dict.fromkeys(
        held(project, "2023").places, set(everybody) - gone
    )
    for export in project.root.exports("2023"):
        assert not [len(str(mobile)) for mobile in kept if str(mobile).encode() not in content(export)]
    after = tables(project)
    emptied = before["submissions"].assign(
        respondent=before["submissions"]["respondent"].mask(before["submissions"]["submission_id"].isin(gone))
    )
    for name, frame in (before | {"submissions": emptied}).items():
        pd.testing.assert_frame_equal(after[name], frame, obj=name)


def tables(project: Project) -> dict[str, pd.DataFrame]:
    """Every published table, from the warehouse."""
    with connect(project.root.database) as database:
        return {name: database.sql(f'FROM "{name}" ORDER BY ALL').df() for name in project.contracts()}
