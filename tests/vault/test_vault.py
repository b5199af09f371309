"""The vault: what it holds comes back, nothing of it can be read without a key, and a wrong key harms nothing."""

import json
import stat
from pathlib import Path

import pytest

from calm_pipeline.errors import CalmError
from calm_pipeline.exports.person import Respondent
from calm_pipeline.vault.keys import Keys
from calm_pipeline.vault.vault import Vault, locked

FIRST, SECOND = b"1" * 32, b"2" * 32
PERSON = Respondent("2030-0001", {"name": "欧阳泽楷", "mobile": "13800000000"}, {"ip": "192.0.2.7"}, {"advice": "问我"})
ALL = {"2030-0001": PERSON, "2030-0002": Respondent("2030-0002", {"name": "司马相如"}, {}, {})}


def vault(folder: Path, *masters: bytes) -> Vault:
    return Vault(folder / "vault" / "2030", Keys(masters))


def test_what_is_kept_comes_back_and_the_same_again_writes_nothing(tmp_path: Path) -> None:
    one = vault(tmp_path, FIRST)
    assert one.read() == {}
    assert one.keep(ALL)
    assert one.read() == ALL
    before = one.file.read_bytes()
    assert not one.keep(dict(reversed(ALL.items())))
    assert one.file.read_bytes() == before
    assert one.keep({"2030-0001": PERSON})
    assert one.read() == {"2030-0001": PERSON}


def test_only_the_owner_can_open_it_and_nothing_in_it_is_plain(tmp_path: Path) -> None:
    one = vault(tmp_path, FIRST)
    one.keep(ALL)
    (file,) = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (file.parent, file.parent.parent)} == {0o700}
    content = file.read_bytes()
    for text in ("欧阳泽楷", json.dumps("欧阳泽楷")[1:-1], "13800000000", "192.0.2.7", "问我", "2030-0001"):
        assert text.encode() not in content


@pytest.mark.parametrize("before", [None, 0o644])
def test_the_lock_is_for_its_owner_alone(before: int | None, tmp_path: Path) -> None:
    lock = tmp_path / "vault" / "lock"
    if before is not None:
        lock.parent.mkdir()
        lock.touch(before)
        lock.chmod(before)
    with locked(lock.parent):
        assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_a_wrong_key_and_a_changed_vault_are_told_and_nothing_is_overwritten(tmp_path: Path) -> None:
    vault(tmp_path, FIRST).keep(ALL)
    file = vault(tmp_path, FIRST).file
    before = file.read_bytes()
    for attempt in (lambda one: one.read(), lambda one: one.keep({}), lambda one: one.rotate()):
        with pytest.raises(CalmError) as error:
            attempt(vault(tmp_path, SECOND))
        assert error.value.code == "wrong_key"
        assert file.read_bytes() == before
    for at in range(0, len(before), 40):
        file.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
        with pytest.raises(CalmError, match="data/vault/2030"):
            vault(tmp_path, FIRST).read()


def test_after_a_rotation_the_old_key_can_be_dropped(tmp_path: Path) -> None:
    vault(tmp_path, FIRST).keep(ALL)
    both = vault(tmp_path, SECOND, FIRST)
    assert both.read() == ALL
    assert not both.keep(ALL)
    assert both.rotate()
    assert vault(tmp_path, SECOND).read() == ALL
    with pytest.raises(CalmError):
        vault(tmp_path, FIRST).read()
    assert not vault(tmp_path / "other", FIRST).rotate()


def test_a_destroyed_vault_is_gone(tmp_path: Path) -> None:
    one = vault(tmp_path, FIRST)
    one.keep(ALL)
    assert one.destroy()
    assert one.read() == {}
    assert not one.destroy()


def test_a_respondent_is_not_printed() -> None:
    assert repr(PERSON) == "Respondent(submission_id='2030-0001')"
    assert PERSON.mobile == "13800000000"
