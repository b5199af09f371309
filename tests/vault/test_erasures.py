"""The notes of erasures: kept, said once, and without anything personal."""

import json
from datetime import UTC, datetime
from pathlib import Path

from calm_pipeline.vault.erasures import erased_of, note

NOW = datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_notes_are_kept_once_and_by_edition(tmp_path: Path) -> None:
    file = tmp_path / "vault" / "erasures.jsonl"
    assert not erased_of(file, "2030")
    note(file, "2030", ["2030-0002", "2030-0001"], "request", NOW)
    before = file.read_bytes()
    note(file, "2030", ["2030-0001"], "request", NOW)
    assert file.read_bytes() == before
    note(file, "2031", None, "retention", NOW)
    note(file, "2031", None, "retention", NOW)
    assert [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] == [
        {"at": "2031-01-02T03:04:05Z", "edition": "2030", "reason": "request", "submission": "2030-0001"},
        {"at": "2031-01-02T03:04:05Z", "edition": "2030", "reason": "request", "submission": "2030-0002"},
        {"at": "2031-01-02T03:04:05Z", "edition": "2031", "reason": "retention"},
    ]
    assert "2030-0001" in erased_of(file, "2030")
    assert "2030-0003" not in erased_of(file, "2030")
    assert "2031-0001" in erased_of(file, "2031")
    assert erased_of(file, "2031").whole


def test_half_a_line_left_by_a_crash_is_dropped(tmp_path: Path) -> None:
    file = tmp_path / "erasures.jsonl"
    note(file, "2030", ["2030-0001"], "request", NOW)
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"at": "2031')
    assert erased_of(file, "2030").submissions == {"2030-0001"}
    note(file, "2030", ["2030-0002"], "request", NOW)
    assert file.read_bytes().startswith(whole)
    assert erased_of(file, "2030").submissions == {"2030-0001", "2030-0002"}
