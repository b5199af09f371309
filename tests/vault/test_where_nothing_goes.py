"""Where no key, no account of a store and no pseudonym goes: the child that parses, and what is handed on."""

import subprocess
from pathlib import Path

import pytest

from calm_pipeline.dissemination.edition import read
from calm_pipeline.exports import sandbox
from calm_pipeline.root import digest
from calm_pipeline.vault.keys import new
from tests.reference import EDITION, PROJECT, SURVEY
from tests.warehouse import CONTRACTS, opened

STORE = ("CALM_STORE", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "FSSPEC_S3_SECRET")


def test_the_child_that_parses_gets_no_key_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALM_KEY", new())
    monkeypatch.setenv("CALM_KEY_FILE", "/nowhere")
    for name in STORE:
        monkeypatch.setenv(name, "of the object store")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen: list[str] = []
    start = subprocess.Popen

    def watched(*arguments: object, **more: object) -> object:
        seen.extend(more["env"])  # type: ignore[call-overload]
        return start(*arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(sandbox.subprocess, "Popen", watched)  # type: ignore[attr-defined]
    (export, *_) = PROJECT.root.exports(EDITION)
    rows = 0
    for grid in sandbox.read_grids(export):
        assert not [file for file in tmp_path.rglob("*") if file.is_file()]
        rows += grid.rows.num_rows
    assert rows == 158
    assert "PATH" in seen
    assert not {"CALM_KEY", "CALM_KEY_FILE", *STORE} & set(seen)


def test_pseudonyms_are_not_handed_on() -> None:
    assert CONTRACTS["submissions"].pseudonyms == ["respondent"]
    assert not [name for name, contract in CONTRACTS.items() if contract.public and contract.pseudonyms]
    with opened() as database:
        edition = read(database, SURVEY, digest(PROJECT.root.survey(EDITION)), CONTRACTS)
    assert "respondent" not in edition.tables["submissions"].column_names
    assert not [name for name, contract in edition.contracts.items() if contract.pseudonyms]
