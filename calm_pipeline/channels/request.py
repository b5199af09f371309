"""A message of a bot or webhook as it goes over the line: signed, in bytes, with what is added to the address."""

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import SecretStr

from calm_pipeline.channels import signatures
from calm_pipeline.channels.bots import Body, encoded, messages
from calm_pipeline.channels.notice import Notice, Page
from calm_pipeline.channels.settings import Bot, Http


@dataclass(frozen=True)
class Request:
    """What is posted; `query` goes behind the channel's own path. Nothing of it is printed: it holds signatures."""

    query: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def path(self, path: str) -> str:
        """`path` with the query behind it."""
        return f"{path}{'&' if '?' in path else '?'}{self.query}" if self.query else path


def requests(notice: Notice, channel: Http, secret: SecretStr | None, now: datetime) -> list[Request]:
    """One request a part. Without a secret, a placeholder stands where the channel's signature would."""
    return [_request(page, body, channel, secret, now) for page, body in messages(notice, channel.type)]


def _request(page: Page, body: Body, channel: Http, secret: SecretStr | None, now: datetime) -> Request:
    signed = not isinstance(channel, Bot) and channel.secret_env is not None
    if signed and channel.type == "feishu":
        body = {**signatures.feishu(secret, now), **body}
    query = signatures.dingtalk(secret, now) if signed and channel.type == "dingtalk" else ""
    data = encoded(body)
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "calm-pipeline"}
    if channel.type == "webhook":
        headers |= signatures.webhook(secret, now, page.notice.identity(now), data)
    return Request(query, headers, data)
