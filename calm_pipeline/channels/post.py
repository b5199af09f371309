"""One HTTP request to one address: no redirect, no proxy, no log, no more of the answer than is needed.

The standard library's client is used because urllib3 writes a request's path into its log, and the path is a secret.
"""

import ssl
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from socket import socket

from calm_pipeline.channels import addresses
from calm_pipeline.channels.environment import Target
from calm_pipeline.channels.failures import Failed

LARGEST = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the header Retry-After, and the first 64 KiB of the body."""

    status: int
    retry_after: str | None
    body: bytes


def post(target: Target, address: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
    """Send `body` to `path` at `address`, which is held to be the host of `target` only if its certificate says so.

    Raises:
        Failed: there was no connection, no valid certificate, or no answer in time.
    """
    try:
        with addresses.line(address, target.port) as line, _secured(line, target) as secured:
            return _exchange(secured, target, path, headers, body)
    except ssl.SSLCertVerificationError:
        raise Failed("certificate") from None
    except TimeoutError:
        raise Failed("timed_out") from None
    except (OSError, HTTPException):
        raise Failed("unreachable") from None


def _secured(line: socket, target: Target) -> AbstractContextManager[socket]:
    if not target.encrypted:
        return nullcontext(line)
    return ssl.create_default_context().wrap_socket(line, server_hostname=target.host)


def _exchange(line: socket, target: Target, path: str, headers: dict[str, str], body: bytes) -> Answer:
    standard = target.port == (443 if target.encrypted else 80)
    host = target.host if standard else f"{target.host}:{target.port}"
    with closing(HTTPConnection(target.host, target.port)) as connection:
        connection.sock = line
        connection.request("POST", path, body, {"Host": host, "Connection": "close", **headers})
        with connection.getresponse() as response:
            return Answer(response.status, response.headers.get("Retry-After"), response.read(LARGEST))
