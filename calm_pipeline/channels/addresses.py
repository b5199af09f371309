"""Which machines may be spoken to: the allowlist, every address a name has, and a line to exactly one of them."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer

from calm_pipeline.channels.failures import Failed
from calm_pipeline.channels.settings import Desk

Resolve = Callable[[str, int], Sequence[str]]

SILENCE, TOTAL = 10.0, 30.0
STANDARD = (443, 25, 465, 587)

_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
_GLOBAL_6, _NAT64 = ip_network("2000::/3"), ip_network("64:ff9b::/96")
# Called global although they lead into a provider's own network: protocol assignments, 6to4 relays, Azure's host.
_SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, as the system gives them."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def checked(host: str, port: int, desk: Desk, *, encrypted: bool, resolve: Resolve) -> Sequence[str]:
    """The addresses of an allowed host. One that may not be reached spoils them all: the name is not to be trusted.

    Raises:
        Failed: the host is not allowed, has no address, or has one that is private, special or not this machine's
            own where nothing is encrypted.
    """
    if not _allowed(host, port, desk):
        raise Failed("host_not_allowed")
    try:
        found = [(text, _address(text)) for text in resolve(host, port)]
    except OSError:
        found = []
    if not found:
        raise Failed("host_unknown")
    if not all(_public(address) or (desk.allow_private and _private(address)) for _, address in found):
        raise Failed("address_refused")
    if not encrypted and not (desk.allow_private and all(address.is_loopback for _, address in found)):
        raise Failed("not_encrypted")
    return [text for text, _ in found]


def _allowed(host: str, port: int, desk: Desk) -> bool:
    return f"{host}:{port}" in desk.allow_hosts or (port in STANDARD and host in desk.allow_hosts)


def _address(text: str) -> IPv4Address | IPv6Address:
    """An address, taken out of the forms in which IPv6 carries one of IPv4."""
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and (address not in _GLOBAL_6 or address.sixtofour or address.teredo):
        return False
    special = any(address in network for network in _SPECIAL)
    return address.is_global and not address.is_multicast and not address.is_reserved and not special


def _private(address: IPv4Address | IPv6Address) -> bool:
    return address.is_loopback or any(address in network for network in _PRIVATE)


@contextmanager
def line(address: str, port: int) -> Iterator[socket.socket]:
    """A connection to one address, not to a name; it is cut after `TOTAL` seconds, however slowly the other side drips.

    Raises:
        OSError: there is no connection.
    """
    with socket.create_connection((address, port), timeout=SILENCE) as connection, connection.dup() as handle:
        timer = Timer(TOTAL, _cut, [handle])
        timer.daemon = True
        timer.start()
        try:
            yield connection
        finally:
            timer.cancel()
            timer.join()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
