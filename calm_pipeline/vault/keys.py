"""The master secret, where it comes from, and the keys that follow from it: one for each purpose and no other."""

import base64
import binascii
import hmac
import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from calm_pipeline.errors import CalmError
from calm_pipeline.vault.refusals import VAULT

BYTES = 32
SHOWN = 20
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO
CHECKOUT = Path(__file__).resolve().parents[2]
"""Where this code lies: no place for a key either, which would be committed with it one day."""


@dataclass(frozen=True)
class Keys:
    """Master secrets, the one in use first; the others only open what was written under them."""

    masters: tuple[bytes, ...] = field(repr=False)

    @property
    def vault(self) -> MultiFernet:
        """What encrypts with the first key and opens with any."""
        return MultiFernet([Fernet(base64.urlsafe_b64encode(derived(one, "vault"))) for one in self.masters])

    @property
    def fingerprint(self) -> str:
        """That of the key in use."""
        return fingerprint(self.masters[0])

    def pseudonym(self, purpose: str, value: str) -> str:
        """What stands for `value`: the fingerprint of the key, then HMAC-SHA256 cut to 160 bits, in base32.

        The same value has another pseudonym for each purpose and under each key.
        """
        digest = hmac.digest(derived(self.masters[0], purpose), value.encode(), "sha256")
        return f"{self.fingerprint}-{_base32(digest[:SHOWN])}"


def pseudonyms(keys: Keys | None) -> Callable[[str], str | None]:
    """From a mobile number to the pseudonym of a respondent; from any to None without a key."""
    return lambda mobile: keys.pseudonym("respondent", mobile) if keys else None


def under_each(keys: Keys | None, mobile: str) -> set[str]:
    """Every pseudonym that a mobile number has or had: one under each key that is still set."""
    return {Keys((one,)).pseudonym("respondent", mobile) for one in keys.masters} if keys else set()


def derived(master: bytes, purpose: str) -> bytes:
    """The key for a purpose: HKDF-SHA256 (RFC 5869) of the master secret."""
    return HKDF(SHA256(), BYTES, salt=None, info=f"calm_pipeline {purpose}".encode()).derive(master)


def fingerprint(master: bytes) -> str:
    """Eight characters by which a key is told from another; nothing about it can be found from them."""
    return _base32(derived(master, "fingerprint")[:5])


def _base32(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=").lower()


def new() -> str:
    """A new master secret as it is stored: base64 of 32 random bytes."""
    return base64.b64encode(secrets.token_bytes(BYTES)).decode()


def load_keys(root: Path, environ: Mapping[str, str] = os.environ) -> Keys | None:
    """The keys of CALM_KEY, or of the file that CALM_KEY_FILE names; None if neither is set.

    Raises:
        CalmError: both are set, a key is none, or the file is missing, in the project or open to others.
    """
    text, file = environ.get("CALM_KEY", ""), environ.get("CALM_KEY_FILE", "")
    if text and file:
        raise CalmError.of(VAULT, "two_keys")
    if file:
        return _keys(_content(Path(file), root), "CALM_KEY_FILE")
    return _keys(text, "CALM_KEY") if text else None


def _content(file: Path, root: Path) -> str:
    try:
        resolved = file.resolve(strict=True)
        mode = resolved.stat().st_mode
        content = resolved.read_text(encoding="ascii", errors="replace")
    except OSError:
        raise CalmError.of(VAULT, "key_file_missing") from None
    if any(resolved.is_relative_to(inside) for inside in (root.resolve(), CHECKOUT)):
        raise CalmError.of(VAULT, "key_file_inside")
    if os.name == "posix" and mode & OPEN_TO_OTHERS:
        raise CalmError.of(VAULT, "key_file_open", mode=stat.filemode(mode))
    return content


def _keys(text: str, place: str) -> Keys:
    parts = [part for part in re.split(r"[,\s]+", text) if part]
    return Keys(tuple(_master(part, place, number) for number, part in enumerate(parts or [""], 1)))


def _master(part: str, place: str, number: int) -> bytes:
    try:
        master = base64.b64decode(part, validate=True)
    except (binascii.Error, ValueError):
        master = b""
    if len(master) != BYTES:
        raise CalmError.of(VAULT, "not_a_key", place=place, number=number)
    return master
