"""How a message proves where it comes from: what DingTalk, Feishu and the Standard Webhooks ask for.

A dry run has no secret; `SIGNED` then stands where the signature would.
"""

import base64
import hmac
from datetime import datetime
from urllib.parse import urlencode

from pydantic import SecretStr

SIGNED = "SIGNATURE"
SHORTEST_KEY = 24


def dingtalk(secret: SecretStr | None, now: datetime) -> str:
    """What is added to the query: the time in milliseconds and the signature."""
    timestamp = str(int(now.timestamp()) * 1000)
    sign = SIGNED if secret is None else _hmac(_plain(secret), f"{timestamp}\n".encode() + _plain(secret))
    return urlencode({"timestamp": timestamp, "sign": sign})


def feishu(secret: SecretStr | None, now: datetime) -> dict[str, str]:
    """What is added to the body: the time in seconds and a signature whose key is the text and whose text is empty."""
    timestamp = str(int(now.timestamp()))
    sign = SIGNED if secret is None else _hmac(f"{timestamp}\n".encode() + _plain(secret), b"")
    return {"timestamp": timestamp, "sign": sign}


def webhook(secret: SecretStr | None, now: datetime, identity: str, body: bytes) -> dict[str, str]:
    """The three headers of the Standard Webhooks; the secret has passed `webhook_key`."""
    timestamp = str(int(now.timestamp()))
    text = f"{identity}.{timestamp}.".encode() + body
    sign = SIGNED if secret is None else _hmac(webhook_key(secret) or b"", text)
    return {"webhook-id": identity, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{sign}"}


def webhook_key(secret: SecretStr) -> bytes | None:
    """The key of a webhook, written in Base64 with or without `whsec_` before it; None if it is not or is too short."""
    try:
        key = base64.b64decode(secret.get_secret_value().removeprefix("whsec_"), validate=True)
    except ValueError:
        return None
    return key if len(key) >= SHORTEST_KEY else None


def _plain(secret: SecretStr) -> bytes:
    return secret.get_secret_value().encode()


def _hmac(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.digest(key, text, "sha256")).decode()
