"""Keys: where they may come from, that each purpose has its own, and what can be seen of a rotation."""

import base64
from pathlib import Path

import pytest

from calm_pipeline.errors import CalmError
from calm_pipeline.vault import keys
from calm_pipeline.vault.keys import Keys, derived, load_keys, new, pseudonyms
from tests.commands import HOME

ONE, OTHER = base64.b64encode(bytes(32)).decode(), base64.b64encode(bytes(range(32))).decode()
MOBILE = "13800000000"


def loaded(root: Path, **environ: str) -> Keys:
    found = load_keys(root, environ)
    assert found is not None
    return found


def refused(root: Path, **environ: str) -> str:
    with pytest.raises(CalmError) as error:
        load_keys(root, environ)
    assert not any(
        part and part in error.value.told for part in (ONE, ONE[:20], *environ.get("CALM_KEY", "").split(","))
    )
    return error.value.code


def test_a_key_comes_from_the_environment_or_a_file_outside_the_project(tmp_path: Path) -> None:
    root, file = tmp_path / "project", tmp_path / "key"
    root.mkdir()
    file.write_text(f"{ONE}\n{OTHER}\n", encoding="ascii")
    file.chmod(0o600)
    assert load_keys(root, {}) is None
    assert load_keys(root, {"CALM_KEY": "", "CALM_KEY_FILE": ""}) is None
    assert loaded(root, CALM_KEY_FILE=str(file)) == loaded(root, CALM_KEY=f"{ONE}, {OTHER}")
    file.chmod(0o640)
    assert refused(root, CALM_KEY_FILE=str(file)) == "key_file_open"
    assert refused(root, CALM_KEY_FILE=str(tmp_path / "none")) == "key_file_missing"
    assert refused(root, CALM_KEY_FILE=str(tmp_path)) == "key_file_missing"
    assert refused(root, CALM_KEY_FILE=str(file), CALM_KEY=ONE) == "two_keys"
    (root / "key").write_text(ONE, encoding="ascii")
    (tmp_path / "link").symlink_to(root / "key")
    for inside in (root / "key", tmp_path / "link", HOME / "README.md"):
        assert refused(root, CALM_KEY_FILE=str(inside)) == "key_file_inside"


@pytest.mark.parametrize(
    "text", ["password", ONE[:-4], f"{ONE},short", base64.b64encode(bytes(31)).decode(), ",", "键"]
)
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, CALM_KEY=text) == "not_a_key"


def test_new_keys_are_random_and_can_be_used(tmp_path: Path) -> None:
    made = {new() for _ in range(100)}
    assert len(made) == 100
    assert all(loaded(tmp_path, CALM_KEY=one) for one in made)


def test_a_purpose_has_a_key_of_its_own_as_rfc_5869_derives_it() -> None:
    # computed with hmac alone: extract with a salt of zeros, then expand by one block
    assert derived(bytes(32), "vault") == _hkdf(bytes(32), b"calm_pipeline vault")
    assert len({derived(bytes(32), purpose) for purpose in ("vault", "respondent", "fingerprint")}) == 3


def _hkdf(master: bytes, info: bytes) -> bytes:
    import hmac

    extracted = hmac.digest(bytes(32), master, "sha256")
    return hmac.digest(extracted, info + b"\1", "sha256")


def test_pseudonyms_tell_the_key_and_nothing_of_the_number(tmp_path: Path) -> None:
    first, second = loaded(tmp_path, CALM_KEY=ONE), loaded(tmp_path, CALM_KEY=f"{OTHER} {ONE}")
    pseudonym = first.pseudonym("respondent", MOBILE)
    head, _, tail = pseudonym.partition("-")
    assert (head, len(tail)) == (first.fingerprint, 32)  # 32 characters of 5 bits: 160 bits
    assert pseudonym == pseudonyms(first)(MOBILE) != first.pseudonym("origin", MOBILE)
    assert pseudonyms(second)(MOBILE) not in (pseudonym, None)
    assert second.fingerprint != head
    assert pseudonyms(None)(MOBILE) is None
    assert len({first.pseudonym("respondent", str(n)) for n in range(1000)}) == 1000


def test_a_key_is_not_printed_with_what_holds_it(tmp_path: Path) -> None:
    assert repr(loaded(tmp_path, CALM_KEY=ONE)) == "Keys()"
    assert keys.BYTES == 32
