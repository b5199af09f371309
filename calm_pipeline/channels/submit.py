"""One mail handed to a mail server at one address, encrypted and under the server's own name."""

import smtplib
import socket
import ssl
from contextlib import suppress

from pydantic import SecretStr

from calm_pipeline.channels import addresses
from calm_pipeline.channels.failures import Failed
from calm_pipeline.channels.settings import Mail

_LOGINS = frozenset(("CRAM-MD5", "PLAIN", "LOGIN"))

Login = tuple[SecretStr, SecretStr]


class _Session(smtplib.SMTP):
    """A session over a line that stands already; only certificates look at the host's name."""

    def __init__(self, mail: Mail, line: socket.socket) -> None:
        self._line = line
        super().__init__(mail.host, mail.port, mail.sender.partition("@")[2], timeout=addresses.SILENCE)

    def _get_socket(self, *_: object) -> socket.socket:
        return self._line


def submit(mail: Mail, address: str, login: Login | None, message: bytes) -> None:
    """Hand the mail over.

    Raises:
        Failed: the server did not take it, or not for all recipients (`recipients_refused`: the others got it).
    """
    try:
        with addresses.line(address, mail.port) as line, _encrypted(line, mail) as encrypted:
            refused = _hand_over(_Session(mail, encrypted), mail, login, message)
    except smtplib.SMTPRecipientsRefused as error:
        raise _mail_failed(min(code for code, _ in error.recipients.values()), "mail_refused") from None
    except smtplib.SMTPAuthenticationError as error:
        raise _mail_failed(error.smtp_code, "login_refused") from None
    except smtplib.SMTPResponseException as error:
        raise _mail_failed(error.smtp_code, "mail_refused") from None
    except ssl.SSLCertVerificationError:
        raise Failed("certificate") from None
    except TimeoutError:
        raise Failed("timed_out") from None
    except OSError:
        raise Failed("unreachable") from None
    if refused:
        raise Failed("recipients_refused", refused=refused, total=len(mail.recipients))


def _encrypted(line: socket.socket, mail: Mail) -> socket.socket:
    if mail.security != "tls":
        return line
    return ssl.create_default_context().wrap_socket(line, server_hostname=mail.host)


def _hand_over(session: _Session, mail: Mail, login: Login | None, message: bytes) -> int:
    """How many recipients were refused. A farewell that fails does not undo what was taken."""
    try:
        if mail.security == "starttls":
            _start_tls(session)
        session.ehlo_or_helo_if_needed()
        if login is not None:
            _log_in(session, login)
        refused = session.sendmail(mail.sender, mail.recipients, message)
        with suppress(OSError):
            session.quit()
    finally:
        session.close()
    return len(refused)


def _start_tls(session: _Session) -> None:
    try:
        session.starttls(context=ssl.create_default_context())
    except smtplib.SMTPNotSupportedError:
        raise Failed("no_starttls") from None


def _log_in(session: _Session, login: Login) -> None:
    if not _LOGINS & set(session.esmtp_features.get("auth", "").split()):
        raise Failed("no_login")
    user, password = login
    session.login(user.get_secret_value(), password.get_secret_value())


def _mail_failed(number: int, final: str) -> Failed:
    return Failed("mail_later" if 400 <= number < 500 else final, number=number)
