"""Who may be spoken to: the allowlist, every kind of address, and no second look at the name."""

import socket
from collections.abc import Sequence

import pytest

from calm_pipeline.channels import NotDelivered, deliver
from calm_pipeline.channels.addresses import checked, resolve
from calm_pipeline.channels.failures import Failed
from tests.channels.examples import HOST, NOTICE, NOW, desk

PUBLIC = ["8.8.8.8", "1.1.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = ["127.0.0.1", "127.8.9.1", "::1", "10.0.0.1", "172.31.255.255", "192.168.1.1", "fd12::1", "::ffff:10.0.0.1"]
NEVER = [
    *("0.0.0.0", "::", "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254"),  # noqa: S104
    *("100.64.0.1", "100.100.100.200", "100.127.255.255", "192.0.0.192", "192.88.99.1", "168.63.129.16"),
    *("224.0.0.1", "239.255.255.250", "ff02::1", "240.0.0.1", "255.255.255.255", "::ffff:240.0.0.1"),
    *("198.18.0.1", "203.0.113.9", "2001:db8::1", "2002:a00:1::1", "2002:808:808::1", "2001:0:4136:e378::1"),
    *("64:ff9b::169.254.169.254", "64:ff9b:1::1", "fec0::1", "::7f00:1", "100::1", "4000::1"),
]


def code(host: str, port: int, found: Sequence[str], *, encrypted: bool = True, **changes: object) -> str | None:
    try:
        checked(host, port, desk(**changes), encrypted=encrypted, resolve=lambda *_: found)
    except Failed as failed:
        return failed.code
    return None


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("private", [True, False])
def test_public_addresses_are_reached(address: str, private: bool) -> None:
    assert code(HOST, 443, [address], allow_hosts=[HOST], allow_private=private) is None


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_only_where_allowed(address: str) -> None:
    assert code(HOST, 443, [address], allow_hosts=[HOST], allow_private=False) == "address_refused"
    assert code(HOST, 443, [address], allow_hosts=[HOST], allow_private=True) is None


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("private", [True, False])
def test_other_addresses_never(address: str, private: bool) -> None:
    assert code(HOST, 443, [address], allow_hosts=[HOST], allow_private=private) == "address_refused"


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER])
def test_one_bad_address_spoils_the_others(address: str) -> None:
    assert (
        code(HOST, 443, ["8.8.8.8", address, "1.1.1.1"], allow_hosts=[HOST], allow_private=False) == "address_refused"
    )


@pytest.mark.parametrize(
    ("allowed", "host", "port", "wanted"),
    [
        ([HOST], HOST, 443, None),
        ([HOST], HOST, 587, None),
        ([HOST], HOST, 8443, "host_not_allowed"),
        ([f"{HOST}:8443"], HOST, 8443, None),
        ([f"{HOST}:8443"], HOST, 443, "host_not_allowed"),
        ([HOST], f"x.{HOST}", 443, "host_not_allowed"),
        ([HOST], f"{HOST}.", 443, "host_not_allowed"),
        ([HOST], "8.8.8.8", 443, "host_not_allowed"),
        ([], HOST, 443, "host_not_allowed"),
    ],
)
def test_the_allowlist_is_exact(allowed: list[str], host: str, port: int, wanted: str | None) -> None:
    assert code(host, port, ["8.8.8.8"], allow_hosts=allowed) == wanted


def test_a_host_that_is_not_allowed_is_not_even_looked_up() -> None:
    with pytest.raises(Failed, match="host_not_allowed"):
        checked("evil.example", 443, desk(), encrypted=True, resolve=lambda *_: pytest.fail("looked up"))


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("found", [["8.8.8.8"], ["192.168.1.1"], ["127.0.0.1", "192.168.1.1"]])
def test_nothing_leaves_this_machine_unencrypted(found: list[str], private: bool) -> None:
    wanted = "not_encrypted" if private or found == ["8.8.8.8"] else "address_refused"
    assert code(HOST, 443, found, encrypted=False, allow_hosts=[HOST], allow_private=private) == wanted


def test_this_machine_unencrypted_only_where_private_is_allowed() -> None:
    assert code(HOST, 443, ["127.0.0.1", "::1"], encrypted=False, allow_hosts=[HOST]) is None


def test_a_name_without_address_is_tried_later() -> None:
    assert code(HOST, 443, [], allow_hosts=[HOST]) == "host_unknown"


def test_the_systems_own_resolver_gives_addresses_once_each() -> None:
    found = resolve("localhost", 443)
    assert set(found) <= {"127.0.0.1", "::1"}
    assert len(found) == len(set(found)) > 0


class Rebinding:
    """A name server that says something else each time it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, *_: object) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0)


def test_rebinding_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[object] = []

    def connect(address: object, **_: object) -> socket.socket:
        reached.append(address)
        raise ConnectionRefusedError

    def look_up(*_: object, **__: object) -> object:
        pytest.fail("the name was looked up once more, behind the check")

    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    names = Rebinding(["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(NotDelivered) as error:
        deliver(
            NOTICE,
            "wecom",
            desk(allow_hosts=[HOST], allow_private=False),
            now=NOW,
            wait=lambda _: None,
            resolve=names,
        )
    assert reached == [("8.8.8.8", 443)]
    assert names.asked == 2
    assert error.value.code == "address_refused"
    assert not error.value.retry


def test_each_try_takes_the_next_address(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[str] = []

    def connect(address: tuple[str, int], **_: object) -> socket.socket:
        reached.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    found = ["2001:4860:4860::8888", "8.8.8.8"]
    with pytest.raises(NotDelivered, match="connection failed"):
        deliver(NOTICE, "slack", desk(allow_hosts=[HOST]), now=NOW, wait=lambda _: None, resolve=lambda *_: found)
    assert reached == found * 2
