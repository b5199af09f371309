"""The vault of one edition: who sent each submission, in one encrypted file beside the warehouse."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.fernet import InvalidToken
from filelock import FileLock, Timeout

from calm_pipeline import files
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.person import Respondent
from calm_pipeline.vault.keys import Keys
from calm_pipeline.vault.refusals import VAULT

PATIENCE = 60


@dataclass(frozen=True)
class Vault:
    """`folder` is that of one edition, named after it; the file in it is a Fernet token of JSON."""

    folder: Path
    keys: Keys

    @property
    def file(self) -> Path:
        return self.folder / "respondents.vault"

    def read(self) -> dict[str, Respondent]:
        """Who sent each submission; nobody if there is no vault yet.

        Raises:
            CalmError: none of the keys opens it.
        """
        if not self.file.exists():
            return {}
        return {name: Respondent(name, **parts) for name, parts in json.loads(self._opened()).items()}

    def _opened(self) -> bytes:
        try:
            return self.keys.vault.decrypt(self.file.read_bytes())
        except InvalidToken:
            raise CalmError.of(VAULT, "wrong_key", edition=self.folder.name) from None

    def keep(self, respondents: Mapping[str, Respondent]) -> bool:
        """Hold these respondents and no others; whether anything had to be written.

        Raises:
            CalmError: none of the keys opens what is there, which stays as it is.
        """
        if self.read() == respondents:
            return False
        plain = {name: asdict(one) for name, one in sorted(respondents.items())}
        for parts in plain.values():
            del parts["submission_id"]
        files.private(self.folder.parent)
        files.private(self.folder)
        files.replace_durably(self.file, self.keys.vault.encrypt(json.dumps(plain, ensure_ascii=False).encode()))
        return True

    def rotate(self) -> bool:
        """Encrypt the vault again with the first key; whether there is one.

        Raises:
            CalmError: none of the keys opens it.
        """
        if not self.file.exists():
            return False
        files.replace_durably(self.file, self.keys.vault.encrypt(self._opened()))
        return True

    def destroy(self) -> bool:
        """Remove the vault; whether there was one."""
        if not self.file.exists():
            return False
        self.file.unlink()
        files.sync(self.folder)
        return True


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold all vaults alone, `folder` being the one above them; what killed writers left in it is removed.

    Raises:
        CalmError: somebody else held them for a minute.
    """
    file = files.private(folder) / "lock"
    lock = FileLock(file, timeout=PATIENCE, mode=files.PRIVATE_FILE)
    try:
        lock.acquire()
    except Timeout:
        raise CalmError.of(VAULT, "vault_locked") from None
    try:
        file.chmod(files.PRIVATE_FILE)  # it may be there from before with another mode
        files.sweep(folder)
        yield
    finally:
        lock.release()
