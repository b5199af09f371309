"""Real servers on loopback: one for HTTP that does what a test tells it, one for mail."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    drip: bool = False


@dataclass
class Posted:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Web:
    """What a server got and what it answers: the replies in turn, the last one again and again."""

    port: int
    replies: list[Reply]
    posted: list[Posted] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    @property
    def paths(self) -> list[str]:
        return [posted.path for posted in self.posted]


@contextmanager
def web(*replies: Reply, context: ssl.SSLContext | None = None) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state.posted.append(Posted(self.path, dict(self.headers.items()), body))
            reply = state.replies[min(len(state.posted), len(state.replies)) - 1]
            if reply.hang:
                state.over.wait(10)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if reply.drip:
                self.drip()
            self.wfile.write(reply.body)

        def drip(self) -> None:
            while not state.over.wait(0.02):
                self.wfile.write(b" ")

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None: ...

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    state = Web(server.server_address[1], list(replies))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Post:
    """What a mail server took; `refuse` holds the answers to recipients, `data` the answer to the mail itself."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    logins: list[LoginPassword] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _: SMTP, __: Any, envelope: Any, address: str, ___: object) -> str:  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data and (answer := self.data.pop(0)) != "250 OK":
            return answer
        self.mails.append(envelope.original_content)
        self.recipients.append(envelope.rcpt_tos)
        self.encrypted.append(session.ssl is not None)
        return "250 OK"


class AnyPort(Controller):
    """A controller that learns which port it was given before it knocks at it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def mail_server(state: Post, *, password: str | None = None, **options: Any) -> Iterator[Post]:
    """`ssl_context` encrypts from the start, `tls_context` offers STARTTLS; with a password, a login is required."""

    def login(server: SMTP, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        state.logins.append(data)
        return AuthResult(success=data.password == str(password).encode(), handled=False)

    if password is not None:
        options |= {"authenticator": login, "auth_required": True}
    controller = AnyPort(state, hostname="127.0.0.1", port=0, ready_timeout=10, **options)
    controller.start()
    state.port = controller.port
    try:
        yield state
    finally:
        controller.stop()
