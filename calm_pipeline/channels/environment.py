"""What the environment holds for a channel: secrets and the addresses that hold them, checked and kept from print."""

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from calm_pipeline.channels.failures import Failed
from calm_pipeline.channels.signatures import webhook_key
from calm_pipeline.errors import Message

_ADDRESS = Message("an address such as https://host/path", "形如 https://主机/路径 的地址")
_KEY = Message("a key of at least 24 bytes in Base64", "至少 24 字节的 Base64 密钥")
_PLAIN = Message("in plain ASCII characters", "纯 ASCII 字符")


@dataclass(frozen=True)
class Target:
    """Where a message is posted to. Its path and query are as secret as a password."""

    encrypted: bool
    host: str
    port: int
    path: SecretStr


def secret(variable: str) -> SecretStr:
    """The value of an environment variable, without the white space that copying leaves at its ends.

    Raises:
        Failed: the variable is not set or holds other than printable ASCII.
    """
    value = os.environ.get(variable, "").strip()
    if not value:
        raise Failed("variable_missing", variable=variable)
    if not re.fullmatch(r"[ -~]+", value):
        raise Failed("variable_malformed", variable=variable, expected=_PLAIN)
    return SecretStr(value)


def target(variable: str) -> Target:
    """The address that an environment variable holds.

    Raises:
        Failed: it is not set, or no http(s) address, or carries a login or a fragment.
    """
    found = _split(secret(variable).get_secret_value())
    if found is None:
        raise Failed("variable_malformed", variable=variable, expected=_ADDRESS)
    return found


def webhook_secret(variable: str) -> SecretStr:
    """The secret of a webhook.

    Raises:
        Failed: it is not set, or no key in Base64 of at least 24 bytes.
    """
    found = secret(variable)
    if webhook_key(found) is None:
        raise Failed("variable_malformed", variable=variable, expected=_KEY)
    return found


def _split(address: str) -> Target | None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or parts.fragment
        or " " in address
    ):
        return None
    query = f"?{parts.query}" if parts.query else ""
    encrypted = parts.scheme == "https"
    return Target(encrypted, parts.hostname, port or (443 if encrypted else 80), SecretStr((parts.path or "/") + query))
