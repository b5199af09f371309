"""A certificate authority that only these tests trust, and names instead of addresses."""

import ssl
from pathlib import Path

import pytest
import trustme

from tests.channels.examples import HOST, WEBHOOK_SECRET


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return authority


def served(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALM_URL", f"https://{HOST}/hook?key=KEY-OF-THE-BOT")
    monkeypatch.setenv("CALM_SECRET", "SEC-of-the-bot")
    monkeypatch.setenv("CALM_WEBHOOK_SECRET", WEBHOOK_SECRET)
