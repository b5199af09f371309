"""Mail against a real server: encryption under the server's name, login, refusals, what is tried again."""

import ssl
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import trustme

from calm_pipeline.channels import NotDelivered, addresses, deliver
from tests.channels.conftest import served
from tests.channels.examples import MAIL, NOTICE, NOW, desk, loopback
from tests.channels.servers import Post, mail_server

HOST = MAIL["host"]
LOGIN = {"user_env": "CALM_SMTP_USER", "password_env": "CALM_SMTP_PASSWORD"}
PASSWORD = "authorization code 1"  # noqa: S105


def send(post: Post, security: str = "none", **mail: Any) -> list[float]:
    waited: list[float] = []
    settings = desk(mail={"port": post.port, "security": security, **mail}, allow_hosts=[f"{HOST}:{post.port}"])
    deliver(NOTICE, "mail", settings, now=NOW, wait=waited.append, resolve=loopback, chance=lambda: 1.0)
    return waited


def refused(post: Post, security: str = "none", **mail: Any) -> NotDelivered:
    with pytest.raises(NotDelivered) as error:
        send(post, security, **mail)
    said = f"{error.value} {error.value.zh} {error.value.args}"
    assert "@" not in said
    assert HOST not in said
    return error.value


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALM_SMTP_USER", "calm")
    monkeypatch.setenv("CALM_SMTP_PASSWORD", PASSWORD)


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server(Post()) as post:
        assert send(post) == []
    (raw,) = post.mails
    mail = message_from_bytes(raw, policy=default)
    assert post.recipients == [["desk@example.org", "chief@example.org"]]
    assert mail["From"] == "calm@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "示例大学图书馆" in mail.get_body(("plain",)).get_content()
    assert raw.isascii()


def test_starttls(trusted: trustme.CA) -> None:
    with mail_server(Post(), tls_context=served(trusted, HOST), require_starttls=True) as post:
        send(post, "starttls")
    assert post.encrypted == [True]


def test_tls_from_the_start(trusted: trustme.CA) -> None:
    with mail_server(Post(), ssl_context=served(trusted, HOST)) as post:
        send(post, "tls")
    assert len(post.mails) == 1


@pytest.mark.parametrize(("security", "option"), [("starttls", "tls_context"), ("tls", "ssl_context")])
@pytest.mark.parametrize("names", [("other.example.org", "127.0.0.1"), None])
def test_a_wrong_certificate_stops_the_mail(
    trusted: trustme.CA, security: str, option: str, names: tuple[str, ...] | None
) -> None:
    context = served(trustme.CA(), HOST) if names is None else served(trusted, *names)
    with mail_server(Post(), **{option: context}) as post:
        error = refused(post, security)
    assert (error.code, error.retry, post.mails) == ("certificate", False, [])


def test_a_server_without_starttls_gets_nothing(login: None) -> None:
    with mail_server(Post()) as post:
        error = refused(post, "starttls", **LOGIN)
    assert (error.code, error.retry, post.mails, post.logins) == ("no_starttls", False, [], [])


def test_a_login_over_an_encrypted_line(trusted: trustme.CA, login: None) -> None:
    with mail_server(Post(), password=PASSWORD, tls_context=served(trusted, HOST)) as post:
        send(post, "starttls", **LOGIN)
    assert [found.password.decode() for found in post.logins] == [PASSWORD]
    assert len(post.mails) == 1


def test_a_wrong_password_is_final_and_in_no_error(
    trusted: trustme.CA, login: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALM_SMTP_PASSWORD", "wrong-SECRET")
    with mail_server(Post(), password=PASSWORD, tls_context=served(trusted, HOST)) as post:
        error = refused(post, "starttls", **LOGIN)
    assert (error.code, error.retry, post.mails) == ("login_refused", False, [])
    assert "SECRET" not in f"{error} {error.zh} {error.args} {error.__cause__} {error.__context__}"


def test_a_server_that_knows_no_login(trusted: trustme.CA, login: None) -> None:
    with mail_server(Post(), tls_context=served(trusted, HOST), auth_exclude_mechanism=["LOGIN", "PLAIN"]) as post:
        error = refused(post, "starttls", **LOGIN)
    assert (error.code, error.retry) == ("no_login", False)


def test_no_password_is_offered_where_the_server_asks_for_none(login: None) -> None:
    with mail_server(Post()) as post:
        error = refused(post, "none", **LOGIN)
    assert (error.code, post.logins) == ("no_login", [])


@pytest.mark.parametrize("missing", ["CALM_SMTP_USER", "CALM_SMTP_PASSWORD"])
def test_a_login_that_is_not_set_is_named(login: None, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(missing)
    error = refused(Post(port=25), "starttls", **LOGIN)
    assert (error.code, missing in str(error)) == ("variable_missing", True)


def test_a_server_that_says_later_is_asked_again() -> None:
    with mail_server(Post(data=["451 greylisted", "452 full", "250 OK"])) as post:
        assert send(post) == [2.0, 4.0]
    assert len(post.mails) == 1


@pytest.mark.parametrize(("answer", "code", "retry"), [("451 x", "mail_later", True), ("554 x", "mail_refused", False)])
def test_a_mail_that_is_not_taken(answer: str, code: str, retry: bool) -> None:
    with mail_server(Post(data=[answer] * 4)) as post:
        error = refused(post)
    assert (error.code, error.retry, error.sent_parts) == (code, retry, 0)
    assert answer[:3] in str(error)


def test_one_recipient_is_refused_and_the_others_are_not_written_to_twice() -> None:
    with mail_server(Post(refuse={"chief@example.org": "550 unknown"})) as post:
        error = refused(post)
        assert (error.code, error.retry, error.sent_parts, error.parts) == ("recipients_refused", False, 1, 1)
        settings = desk(mail={"port": post.port, "security": "none"}, allow_hosts=[f"{HOST}:{post.port}"])
        deliver(NOTICE, "mail", settings, now=NOW, wait=lambda _: None, resolve=loopback, skip_parts=error.sent_parts)
    assert post.recipients == [["desk@example.org"]]
    assert "1 of 2" in str(error)


@pytest.mark.parametrize(("number", "code"), [(450, "mail_later"), (550, "mail_refused")])
def test_all_recipients_are_refused(number: int, code: str) -> None:
    everybody = dict.fromkeys(MAIL["recipients"], f"{number} no")
    with mail_server(Post(refuse=everybody)) as post:
        error = refused(post)
    assert (error.code, error.sent_parts, post.mails) == (code, 0, [])


def test_no_mail_leaves_this_machine_unencrypted() -> None:
    settings = desk(mail={"security": "none", "port": 25}, allow_hosts=[HOST])
    with pytest.raises(NotDelivered) as error:
        deliver(NOTICE, "mail", settings, now=NOW, wait=lambda _: None, resolve=lambda *_: ["192.168.1.1"])
    assert error.value.code == "not_encrypted"


def test_a_server_that_speaks_no_smtp_is_left(monkeypatch: pytest.MonkeyPatch, trusted: trustme.CA) -> None:
    monkeypatch.setattr(addresses, "SILENCE", 0.1)
    with mail_server(Post(), ssl_context=served(trusted, HOST)) as post:
        error = refused(post, "none")  # waits for a greeting, as the server does
    assert (error.code, error.retry) == ("unreachable", True)


def test_nobody_listens() -> None:
    with mail_server(Post()) as post:
        pass
    assert (refused(post).code, refused(post).retry) == ("unreachable", True)


def test_the_context_of_the_tests_is_a_real_one(authority: trustme.CA) -> None:
    assert served(authority, HOST).verify_mode == ssl.CERT_NONE
    assert ssl.create_default_context().verify_mode == ssl.CERT_REQUIRED
